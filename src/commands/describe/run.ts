// Runs kapi describe. gather.ts reads the objects, text.ts formats them.

import type { Discovery } from '../../api/open-discovery.ts';
import { listPages } from '../../api/list.ts';
import { ExitCode, KapiError, PartialFailure, UsageError } from '../../errors.ts';
import { namespaceOf } from '../../model/fields.ts';
import type { JsonObject } from '../../model/object.ts';
import type { ResourceType } from '../../model/resource.ts';
import { openPalette, withColours } from '../../output/colour.ts';
import { printStructured } from '../../output/structured.ts';
import type { Deps } from '../deps.ts';
import { mapInOrder } from '../map-in-order.ts';
import { partialFailure } from '../partial-failure.ts';
import { problemDocument, summaryDocument } from './document.ts';
import { gather, rowsOf, shareEvents, type GatherOptions, type GatherTarget } from './gather.ts';
import type { DescribeOptions } from './options.ts';
import type { Summary } from './summary.ts';
import { problemText, summaryText } from './text.ts';

/** Max objects that are read in parallel. Each needs several requests. */
const maxParallelObjects = 4;
/** With more objects of a type, their events are listed once for all. */
const maxOwnEventLists = 10;

/**
 * Describes the objects in the given order. Reports what cannot be read at the end, after
 * everything else has been printed.
 * @returns 1 with `--problems` if there is a problem
 * @throws UsageError, ConfigError, ConnectionError; RefusedError or ServerError for one object;
 *   PartialFailure for several
 */
export async function runDescribe(options: DescribeOptions, deps: Deps): Promise<ExitCode> {
  const discovery = await deps.discovery();
  const failures: KapiError[] = [];
  const printer = await openDescriptions(options, deps);
  const gathering: GatherOptions = {
    ...{ send: await deps.send(), discovery, deps, cache: new Map(), lists: new Map() },
    ownedMode: options.owned,
    rediscover: (type) => discovery.rediscover(type),
  };
  for await (const targets of targetsOf(options, discovery, gathering, failures, deps)) {
    for await (const outcome of mapInOrder(targets, maxParallelObjects, (target) =>
      settle(target, gathering),
    )) {
      if (outcome instanceof KapiError) failures.push(outcome);
      else await printer.print(outcome);
    }
  }
  await printer.end(failures.length > 0);
  const [first, ...others] = failures;
  if (first !== undefined) throw others.length === 0 ? first : new PartialFailure([first, ...others]);
  return options.problems && printer.problemCount() > 0 ? ExitCode.no : ExitCode.ok;
}

/** Returns the summary or the error of one object. @throws errors that concern all objects */
async function settle(target: GatherTarget, options: GatherOptions): Promise<Summary | KapiError> {
  try {
    return await gather(target, options);
  } catch (thrown) {
    return partialFailure(thrown);
  }
}

async function* targetsOf(
  { targets, allNamespaces, labelSelector, fieldSelector }: DescribeOptions,
  discovery: Discovery,
  gathering: GatherOptions,
  failures: KapiError[],
  deps: Deps,
): AsyncGenerator<readonly GatherTarget[]> {
  const own = (await deps.config()).namespace.value;
  const placeOf = (type: ResourceType): string | undefined =>
    type.namespaced && !allNamespaces ? own : undefined;
  if (targets.kind === 'objects') {
    const named: { readonly type: ResourceType; readonly name: string }[] = [];
    for (const { type: word, name } of targets.objects) {
      for (const type of await discovery.resolve(word)) named.push({ type, name });
    }
    if (allNamespaces && named.some(({ type }) => type.namespaced)) {
      throw new UsageError('a resource cannot be retrieved by name across all namespaces', {
        code: 'ConflictingFlags',
      });
    }
    yield named.map(({ type, name }) => ({ type, name, namespace: placeOf(type) }));
    return;
  }
  let count = 0;
  for (const type of await discovery.resolve(targets.types)) {
    try {
      const pages = listPages(
        gathering.send,
        {
          type,
          namespace: placeOf(type),
          labelSelector,
          fieldSelector,
          as: 'table',
          includeObject: 'Object',
        },
        {
          ...{ signal: deps.signal, now: deps.now, warn: deps.warn },
          rediscover: (missing) => discovery.rediscover(missing),
        },
      );
      const eventsOf = shareEvents(type, placeOf(type), gathering);
      let isFirst = true;
      for await (const page of pages) {
        if (!isFirst) await deps.noteLongRunning();
        const found = page.kind === 'table' ? rowsOf(page.table, page.type) : [];
        const isMany = !isFirst || found.length > maxOwnEventLists;
        isFirst = false;
        count += found.length;
        yield isMany ? found.map((one) => ({ ...one, events: () => eventsOf(one.object) })) : found;
      }
    } catch (thrown) {
      failures.push(partialFailure(thrown));
    }
  }
  if (count === 0 && failures.length === 0) {
    deps.warn(allNamespaces ? 'No resources found' : `No resources found in ${own} namespace.`);
  }
}

interface Descriptions {
  print(summary: Summary): Promise<void>;
  /** Prints the rest. @param isPartial true if some objects could not be read */
  end(isPartial: boolean): Promise<void>;
  problemCount(): number;
}

async function openDescriptions(options: DescribeOptions, deps: Deps): Promise<Descriptions> {
  const { out } = deps.io;
  const { output, problems: onlyProblems, targets, allNamespaces } = options;
  const palette = await openPalette(out.color);
  const isOne = targets.kind === 'objects' && targets.objects.length === 1;
  const documents: Summary[] = [];
  let count = 0;
  let described = 0;
  let notes = 0;
  const documentsOf = (summary: Summary): readonly JsonObject[] =>
    onlyProblems
      ? summary.problems.map((problem) => problemDocument(problem, namespaceOf(summary.object)))
      : [summaryDocument(summary)];
  return {
    async print(summary) {
      described += 1;
      count += summary.problems.length;
      if (onlyProblems) {
        for (const note of summary.leftOut) {
          if (notes++ < 5) deps.warn(`note: ${note}`);
        }
      }
      if (output === 'json' || output === 'yaml') {
        documents.push(summary);
        return;
      }
      if (output === 'ndjson') {
        for (const document of documentsOf(summary)) await printStructured(out, 'ndjson', document);
        return;
      }
      const now = deps.now();
      if (onlyProblems) {
        const namespace = allNamespaces ? namespaceOf(summary.object) : '';
        const lines = summary.problems.map((one) => problemText(one, now, palette, namespace));
        if (lines.length > 0) await out.write(withColours(palette, lines.join('')));
        return;
      }
      const text = summaryText(summary, now, palette, out.columns);
      await out.write(withColours(palette, described === 1 ? text : `\n${text}`));
    },
    async end(isPartial) {
      if (output === 'json' || output === 'yaml') {
        if (described === 0 && (isOne || isPartial)) return;
        const items = documents.flatMap(documentsOf);
        const [only] = items;
        const document = onlyProblems ? { problems: items } : isOne && only !== undefined ? only : { items };
        await printStructured(out, output, document);
      }
      if (!onlyProblems || count > 0 || described === 0) return;
      deps.warn(`No problems found in ${described} ${described === 1 ? 'object' : 'objects'}.`);
    },
    problemCount: () => count,
  };
}
