// kapi explore: the running part. Resolves where to begin, opens the screen, and leaves the command
// of the last screen behind.

import { requestInfoOf } from '../../model/request-info.ts';
import { parseJson, JsonSyntaxError } from '../../api/exact-json.ts';
import { Interrupted, KapiError, UsageError, messageOf } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { groupResourceOf, type ResourceType } from '../../model/resource.ts';
import { suggested } from '../../model/suggestion.ts';
import type { Explorer } from '../../tui/explore-screen.ts';
import type { Place } from '../../tui/place.ts';
import type { Deps } from '../deps.ts';
import { resolveTarget } from '../request-target.ts';
import type { ExploreOptions } from './options.ts';
import { placeOf } from './path-rows.ts';
import { commandOf, requestOf } from './place-command.ts';
import { commandLine, openReader, type ExploredDocument, type Reader } from './read-page.ts';

/** @throws UsageError without a terminal; what resolving the first place throws; Interrupted */
export async function runExplore(options: ExploreOptions, deps: Deps): Promise<void> {
  const isInput = options.start.kind === 'input';
  if (deps.globals.curl && !isInput) return printRequest(await firstPlace(options, deps), deps);
  const terminal = await deps.terminal(isInput ? 'anywhere' : 'stdin');
  if (terminal === undefined) throw noTerminal(options, deps);
  const document = isInput ? await readInput(deps) : undefined;
  const first: Place = isInput
    ? { kind: 'document', name: 'standard input' }
    : await firstPlace(options, deps);
  const config = isInput ? undefined : await deps.config();
  const namespace = config?.namespace.value ?? '';
  const { openExplorer } = await deps.explorer();
  const leaving = new AbortController();
  const screen: Explorer = openExplorer(
    terminal,
    { server: config?.server.value ?? '', color: deps.io.out.color, namespace },
    {
      nowMs: () => deps.now().getTime(),
      read: async (page, signal) => {
        try {
          await reader.read(page, AbortSignal.any([signal, deps.signal]));
        } catch (thrown) {
          leaving.abort(thrown);
        }
      },
      fold: (page, path) => {
        reader.fold(page, path);
      },
      live: (place) => showLive(place, screen, leaving, deps),
      end: (how) => {
        leaving.abort(how === 'quit' ? undefined : new Interrupted('SIGINT'));
      },
    },
  );
  const { model } = screen;
  const scope = options.allNamespaces ? undefined : namespace;
  const reader: Reader = openReader({ model, scope, document, refresh: screen.refresh }, deps);
  divert(screen, deps);
  // In the handler of the signal itself: the terminal is as it was, whatever becomes of the rest.
  const close = (): void => {
    screen.close();
    deps.divertWarnings(undefined);
  };
  deps.signal.addEventListener('abort', close, { once: true });
  screen.open(first);
  try {
    await over(AbortSignal.any([leaving.signal, deps.signal]));
  } finally {
    deps.signal.removeEventListener('abort', close);
    close();
  }
  deps.signal.throwIfAborted();
  const reason: unknown = leaving.signal.reason;
  if (reason instanceof KapiError) throw reason;
  const command = model.page === undefined ? undefined : commandOf(model.page.place, model.fieldPath);
  if (command !== undefined) await deps.io.err.write(`${commandLine(command, deps)}\n`);
}

/** Resolves when the signal aborts. */
function over(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}

/** Words on stderr would be drawn across the screen. */
function divert(screen: Explorer, deps: Deps): void {
  deps.divertWarnings((text) => {
    screen.model.notice(text, deps.now().getTime());
    screen.refresh();
  });
}

/** With --curl: prints the request of the first place. @throws NotSent */
async function printRequest(place: Place, deps: Deps): Promise<void> {
  const request = requestOf(place);
  if (request !== undefined) await (await deps.send())(request);
}

function noTerminal({ start }: ExploreOptions, deps: Deps): UsageError {
  const instead =
    start.kind === 'path'
      ? suggested('get', start.path)
      : start.kind === 'targets' && start.targets.kind === 'types'
        ? suggested('list', start.targets.types)
        : start.kind === 'targets' && start.targets.kind === 'objects'
          ? suggested(
              'get',
              ...start.targets.objects.map(({ type, name }) => `${type}/${name}`),
              '-o',
              'yaml',
            )
          : suggested('paths');
  const where =
    start.kind === 'input' ? 'standard output, and keys from a terminal' : 'standard input and output';
  return new UsageError(`kapi explore needs a terminal on ${where}`, {
    code: 'NoTerminal',
    hint:
      start.kind === 'input' ? undefined : deps.completeCommands(`${instead} prints the same without one`),
  });
}

/** @throws UsageError for a type that the server does not have, and for several */
async function firstPlace({ start, allNamespaces }: ExploreOptions, deps: Deps): Promise<Place> {
  if (start.kind === 'path') return placeOfPath(start.path, deps);
  if (start.kind !== 'targets') return { kind: 'paths' };
  const { targets } = start;
  const [object] = targets.kind === 'objects' ? targets.objects : [];
  const name = targets.kind === 'types' ? targets.types : (object?.type ?? '');
  const types = await (await deps.discovery()).resolve(name);
  const [type, ...others] = types;
  if (type === undefined || others.length > 0) {
    throw new UsageError(`kapi explore begins with one type, and ${JSON.stringify(name)} means several`, {
      code: 'SeveralTypes',
      hint: types.map(groupResourceOf).join(', '),
    });
  }
  const namespace = type.namespaced && !allNamespaces ? (await deps.config()).namespace.value : undefined;
  return object === undefined
    ? { kind: 'objects', type, namespace }
    : { kind: 'object', type, namespace, name: object.name };
}

/** A path of objects becomes their place, so that the screen knows their type. */
async function placeOfPath(given: string, deps: Deps): Promise<Place> {
  const path = given.startsWith('/') ? given : await resolveTarget(given, deps);
  if (path === '/') return { kind: 'paths' };
  const info = requestInfoOf({ method: 'GET', path });
  if (info.kind === 'path' || info.subresource !== '' || path.includes('?')) return placeOf(path);
  const type = await typeOfPath(info, deps);
  if (type === undefined) return { kind: 'path', path };
  const namespace = type.namespaced && info.namespace !== '' ? info.namespace : undefined;
  return info.name === ''
    ? { kind: 'objects', type, namespace }
    : { kind: 'object', type, namespace, name: info.name };
}

async function typeOfPath(
  info: { readonly group: string; readonly version: string; readonly resource: string },
  deps: Deps,
): Promise<ResourceType | undefined> {
  const { groups } = await (await deps.discovery()).surface('cached');
  return groups
    .find(({ name }) => name === info.group)
    ?.versions.find(({ version }) => version === info.version)
    ?.types.find(({ resource }) => resource === info.resource);
}

/** JSON or YAML of standard input; text that is neither is shown as text. */
async function readInput({ io, parseDocument }: Deps): Promise<ExploredDocument> {
  if (io.in.isTTY) {
    throw new UsageError('standard input is a terminal: there is no document to show', {
      code: 'NoDocument',
      hint: 'for example: kapi get pod web -o json | kapi explore -',
    });
  }
  const text = await readAll(io.in);
  try {
    return { value: parseJson(text) };
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown;
  }
  const parsed = await parseDocument(text);
  return 'value' in parsed && typeof parsed.value === 'object' && parsed.value !== null
    ? { value: parsed.value }
    : { text };
}

async function readAll(input: Io['in']): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** The live table over the screen of explore, until it is left. */
async function showLive(
  { type, namespace }: Place & { readonly kind: 'objects' },
  screen: Explorer,
  leaving: AbortController,
  deps: Deps,
): Promise<void> {
  const isEverywhere = type.namespaced && namespace === undefined;
  const flags = isEverywhere ? { 'all-namespaces': true } : {};
  let failure = '';
  try {
    await deps.runCommand('watch', [groupResourceOf(type)], flags, {
      config: async () => {
        const config = await deps.config();
        return namespace === undefined
          ? config
          : { ...config, namespace: { ...config.namespace, value: namespace } };
      },
    });
  } catch (thrown) {
    if (!(thrown instanceof KapiError) || thrown instanceof Interrupted) leaving.abort(thrown);
    failure = messageOf(thrown);
  }
  divert(screen, deps);
  if (failure !== '') screen.model.notice(failure, deps.now().getTime());
}
