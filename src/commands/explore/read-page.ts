// Reads what a page of kapi explore shows and gives it to the model. Entry point: openReader().

import { askRules, type AccessRules } from '../../api/access-review.ts';
import { getRaw } from '../../api/get.ts';
import { problemText } from '../../api/groups.ts';
import { listPages } from '../../api/list.ts';
import { readPaths } from '../../api/paths.ts';
import { readCutText } from '../../api/read-cut-text.ts';
import { readJson } from '../../api/read.ts';
import { BugError, KapiError, messageOf } from '../../errors.ts';
import {
  isJsonArray,
  isJsonObject,
  objectAt,
  stringAt,
  type Json,
  type KubeObject,
} from '../../model/object.ts';
import type { Page as ListPage } from '../../model/page.ts';
import { apiVersionOf, type ResourceType } from '../../model/resource.ts';
import { hideSecretValues } from '../../model/secret-values.ts';
import { cellText, plainCells } from '../../output/table.ts';
import type { ExploreModel, Page, RowTarget } from '../../tui/explore-model.ts';
import type { ListRow } from '../../tui/list-view.ts';
import type { Place } from '../../tui/place.ts';
import type { Deps } from '../deps.ts';
import { eventsOf, historyOf, logOf, readObject } from '../object-answers.ts';
import { isJsonAnswer } from '../show-body.ts';
import type { ExploredDocument } from '../first-screen.ts';
import {
  factsOf,
  factsOfDocument,
  objectsIn,
  schemaPlaceOf,
  type ObjectKind,
  type SchemaPlace,
} from './field-facts.ts';
import { openPaths, pathRows } from './path-rows.ts';
import { commandOf, requestOf } from './place-command.ts';
import { typeRows, typesOf, typeTitles } from './type-rows.ts';

export interface Reader {
  /** Reads the page; what goes wrong becomes its failure. */
  readonly read: (page: Page, signal: AbortSignal) => Promise<void>;
  /** Folds or unfolds a part of the tree of paths. */
  readonly fold: (page: Page, path: string) => void;
}

export interface ReaderOptions {
  readonly model: ExploreModel;
  /** Namespace in which lists begin. Undefined: all. */
  readonly scope: string | undefined;
  /** What the first page shows, if it has been read already. */
  readonly given: { readonly place: Place; readonly document: ExploredDocument } | undefined;
  /** False if there may be no server: documents then have no documentation. */
  readonly hasServer: boolean;
  /** Draws soon. */
  readonly refresh: () => void;
}

/** Max bytes of a response that is shown as text. */
const maxTextBytes = 16_000_000;

/** Max kinds of one document that get documentation. */
const maxKinds = 20;

export function openReader({ model, scope, given, hasServer, refresh }: ReaderOptions, deps: Deps): Reader {
  let paths: readonly string[] = [];
  /** True once a place of the server shows its document: a later read asks the server. */
  let isShown = false;
  const open = new Set(openPaths);

  async function readPathTree(page: Page, signal: AbortSignal): Promise<void> {
    const found = await readPaths(
      await deps.send(),
      async () => (await (await deps.discovery()).listing()).groups,
      { signal },
    );
    paths = found.paths;
    if (found.assembled) {
      deps.warn('you may not read /: this list is made of discovery and may be incomplete');
    }
    model.showList(page, ['PATH', 'WHAT']);
    model.setRows(page, pathRows(paths, open));
  }

  async function readTypes(
    page: Page,
    place: Place & { readonly kind: 'types' },
    signal: AbortSignal,
  ): Promise<void> {
    const { groups, problems } = await (await deps.discovery()).surface('cached');
    if (signal.aborted) return;
    const types = typesOf(groups, place);
    for (const problem of problems) deps.warn(problemText(problem));
    model.showList(page, typeTitles);
    model.addRows(page, typeRows(types, undefined, scope));
    refresh();
    const rules = await rulesOf(signal);
    model.setRows(page, typeRows(types, rules, scope));
  }

  /** What the user may do. Types are shown even if the permissions are unknown. */
  async function rulesOf(signal: AbortSignal): Promise<AccessRules> {
    const namespace = scope ?? (await deps.config()).namespace.value;
    try {
      return await askRules(await deps.send(), namespace, { signal });
    } catch (thrown) {
      if (!(thrown instanceof KapiError) || signal.aborted) throw thrown;
      deps.warn(`what you may do is not known: ${thrown.message}`);
      return { rules: [], incomplete: true, evaluationError: thrown.message, document: {} };
    }
  }

  async function readList(
    page: Page,
    place: Place & { readonly kind: 'objects' },
    signal: AbortSignal,
  ): Promise<void> {
    const discovery = await deps.discovery();
    const pages = listPages(
      await deps.send(),
      { type: place.type, namespace: place.namespace, as: 'table', includeObject: 'Metadata' },
      { signal, now: deps.now, warn: deps.warn, rediscover: (type) => discovery.rediscover(type) },
    );
    const withNamespace = place.type.namespaced && place.namespace === undefined;
    let isFirst = true;
    for await (const part of pages) {
      if (isFirst) {
        const columns = part.kind === 'table' ? part.table.columns.map(({ name }) => name) : ['Name', 'Age'];
        model.showList(page, withNamespace ? ['Namespace', ...columns] : columns, withNamespace ? 2 : 1);
      }
      isFirst = false;
      model.addRows(page, objectRows(part, place, withNamespace, deps.now()));
      refresh();
    }
  }

  async function readOne(
    page: Page,
    place: Place & { readonly kind: 'object' },
    signal: AbortSignal,
  ): Promise<void> {
    const read = await readObject(place, deps, signal);
    if (signal.aborted) return;
    return showObject(page, place, read);
  }

  async function showObject(
    page: Page,
    { type }: Place & { readonly kind: 'object' },
    read: KubeObject,
  ): Promise<void> {
    // A server can send a Secret when it was asked for something else.
    const object = deps.globals.showSecrets || !isSecret(read) ? read : hideSecretValues(read);
    model.showTree(page, object);
    page.facts = factsOf(object, undefined, '');
    refresh();
    // The object is shown even without its documentation.
    let schema: SchemaPlace | undefined;
    let problem = '';
    try {
      schema = schemaPlaceOf(await (await deps.openApi()).document(type), type.resource);
      if (schema === undefined) problem = 'the server describes no schema of this type';
    } catch (thrown) {
      if (!(thrown instanceof KapiError)) throw thrown;
      problem = `there is no documentation: ${thrown.message}`;
    }
    page.facts = factsOf(object, schema, problem);
  }

  async function readPath(page: Page, path: string, signal: AbortSignal): Promise<void> {
    const response = await getRaw(await deps.send(), path, { signal });
    if (!isJsonAnswer(response)) {
      model.showText(page, await readCutText(response, maxTextBytes));
      return;
    }
    const value = await readJson(response, requestOf(page.place));
    if (!signal.aborted) await show(page, value);
  }

  /** Shows a document with what is known about the fields of the objects in it. */
  async function show(page: Page, read: Json): Promise<void> {
    const value = deps.globals.showSecrets ? read : withoutSecrets(read);
    model.showTree(page, value);
    const schemas = new Map<string, SchemaPlace | undefined>();
    const facts = (problem: string): Page['facts'] =>
      factsOfDocument(value, ({ apiVersion, kind }) => schemas.get(`${apiVersion} ${kind}`), problem);
    page.facts = facts('');
    if (!hasServer) return;
    refresh();
    let problem = '';
    try {
      for (const { apiVersion, kind } of kindsIn(value)) {
        const type = await typeOfKind(apiVersion, kind);
        if (type === undefined) continue;
        const document = await (await deps.openApi()).document(type);
        schemas.set(`${apiVersion} ${kind}`, schemaPlaceOf(document, type.resource));
      }
    } catch (thrown) {
      if (!(thrown instanceof KapiError)) throw thrown;
      problem = `there is no documentation: ${thrown.message}`;
    }
    page.facts = facts(problem);
  }

  async function typeOfKind(apiVersion: string, kind: string): Promise<ResourceType | undefined> {
    const { groups } = await (await deps.discovery()).surface('cached');
    return groups
      .flatMap(({ versions }) => versions.flatMap(({ types }) => types))
      .find((type) => type.kind === kind && apiVersionOf(type) === apiVersion);
  }

  /** Shows what was read before the screen opened. @returns false if there is nothing */
  function showGiven(page: Page): Promise<void> | undefined {
    const { place } = page;
    if (given?.place !== place || (isShown && place.kind !== 'document')) return undefined;
    isShown = true;
    const { document } = given;
    if ('text' in document) {
      model.showText(page, document.text);
      return Promise.resolve();
    }
    const { value } = document;
    if (place.kind === 'object' && isObject(value)) return showObject(page, place, value);
    return show(page, value);
  }

  async function readAnswer(
    page: Page,
    { question, about }: Place & { readonly kind: 'answer' },
    signal: AbortSignal,
  ): Promise<void> {
    if (question === 'kapi') {
      const line = commandOf(about, model.fieldPathOf(about));
      model.showText(page, line === undefined ? 'no kapi command shows this' : commandLine(line, deps));
      return;
    }
    if (question === 'curl') {
      const request = requestOf(about);
      model.showText(page, request === undefined ? 'no request shows this' : await deps.curlOf(request));
      return;
    }
    if (about.kind !== 'object') return;
    const ask = { events: eventsOf, history: historyOf, log: logOf }[question];
    model.showText(page, await ask(about, deps, signal));
  }

  async function readPlace(page: Page, signal: AbortSignal): Promise<void> {
    const { place } = page;
    const shown = showGiven(page);
    if (shown !== undefined) return shown;
    switch (place.kind) {
      case 'paths':
        return readPathTree(page, signal);
      case 'types':
        return readTypes(page, place, signal);
      case 'objects':
        return readList(page, place, signal);
      case 'object':
        return readOne(page, place, signal);
      case 'path':
        return readPath(page, place.path, signal);
      case 'answer':
        return readAnswer(page, place, signal);
      case 'document':
        return undefined;
    }
  }

  return {
    async read(page, signal) {
      try {
        await readPlace(page, signal);
      } catch (thrown) {
        if (signal.aborted) return;
        if (!(thrown instanceof KapiError))
          throw new BugError(messageOf(thrown), { code: 'Bug', cause: thrown });
        page.failure = failureText(thrown, deps);
      }
    },
    fold(page, path) {
      if (!open.delete(path)) open.add(path);
      model.setRows(page, pathRows(paths, open));
    },
  };
}

/**
 * The command between backticks as a line that can be pasted, with the flags of the user's own
 * line.
 */
export function commandLine(command: string, deps: Deps): string {
  return deps.completeCommands(command).replace(/^`([^]*)`$/, '$1');
}

function failureText(error: KapiError, deps: Deps): string {
  const hint = error.hint === undefined ? [] : [`hint: ${deps.completeCommands(error.hint)}`];
  return [error.message, ...error.causes, ...hint].join('\n');
}

function objectRows(
  page: ListPage,
  { type }: Place & { readonly kind: 'objects' },
  withNamespace: boolean,
  now: Date,
): ListRow<RowTarget>[] {
  const rows =
    page.kind === 'table'
      ? page.table.rows.map(({ cells, object }) => ({ cells, metadata: objectAt(object, 'metadata') ?? {} }))
      : page.objects.map(({ metadata }) => ({ cells: plainCells(metadata, now), metadata }));
  return rows.map(({ cells, metadata }) => {
    const name = stringAt(metadata, 'name') || cellText(cells[0]);
    const namespace = stringAt(metadata, 'namespace');
    const texts = cells.map(cellText);
    return {
      key: `${namespace}/${name}`,
      cells: withNamespace ? [namespace, ...texts] : texts,
      data: {
        place: { kind: 'object', type, namespace: type.namespaced ? namespace : undefined, name },
      },
    };
  });
}

/** A document without the values of Secrets: of one, of a list of them, or of several documents. */
function withoutSecrets(value: Json): Json {
  if (isJsonArray(value)) return value.map(withoutSecrets);
  if (!isJsonObject(value)) return value;
  if (isSecret(value)) return hideSecretValues(value);
  const { items } = value;
  if (!/^(Secret)?List$/.test(stringAt(value, 'kind')) || !Array.isArray(items)) return value;
  const isList = stringAt(value, 'kind') === 'SecretList';
  return {
    ...value,
    items: (items as readonly Json[]).map((item) =>
      isJsonObject(item) && (isList || stringAt(item, 'kind') === 'Secret')
        ? hideSecretValues({ ...item, metadata: objectAt(item, 'metadata') ?? {} } as KubeObject)
        : item,
    ),
  };
}

function isSecret(value: Json): value is KubeObject {
  return isObject(value) && stringAt(value, 'kind') === 'Secret' && stringAt(value, 'apiVersion') === 'v1';
}

function isObject(value: Json): value is KubeObject {
  return isJsonObject(value) && objectAt(value, 'metadata') !== undefined;
}

/** The kinds of the objects in a document, each once. */
function kindsIn(value: Json): ObjectKind[] {
  const found = new Map<string, ObjectKind>();
  for (const { apiVersion, kind } of objectsIn(value)) {
    found.set(`${apiVersion} ${kind}`, { apiVersion, kind });
    if (found.size === maxKinds) break;
  }
  return [...found.values()];
}
