// kapi deprecations: the running part. api/deprecations.ts reads one server, compare-servers.ts
// compares two.

import { lifecycleOf } from '../../api/api-lifecycle.ts';
import { compareSchemas, compareTypes, type ServedVersion } from '../../api/compare-servers.ts';
import {
  buildCustomList,
  buildMetadataList,
  buildMetricsRequest,
  readDeprecatedCustomVersions,
  readDeprecatedRequests,
  readWrites,
  typesToRead,
  type DeprecatedRequest,
  type KnownDeprecations,
  type Write,
} from '../../api/deprecations.ts';
import { problemText, type ApiSurface } from '../../api/groups.ts';
import { isMissingType } from '../../api/status.ts';
import { readVersion } from '../../api/version.ts';
import {
  ConfigError,
  ExitCode,
  NotSent,
  PartialFailure,
  RefusedError,
  ServerError,
  localError,
  type KapiError,
} from '../../errors.ts';
import { ageOf } from '../../model/age.ts';
import { arrayAt, isJsonObject, stringAt, type Json } from '../../model/object.ts';
import type { RequestSpec, Send } from '../../model/request.ts';
import { apiVersionOf, groupResourceOf, parseApiVersion, type ResourceType } from '../../model/resource.ts';
import { suggested } from '../../model/suggestion.ts';
import { printRows } from '../../output/rows.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import type { Deps } from '../deps.ts';
import { mapInOrder } from '../map-in-order.ts';
import { readText } from '../read-file.ts';
import type { DeprecationsOptions } from './options.ts';

/** Max lists or documents at the same time. */
const maxParallelRequests = 6;

/** One finding. Texts are empty where nothing is known. */
interface Finding {
  /** `hpa`'s full name, with the name of an object after a slash. */
  readonly type: string;
  readonly namespace: string;
  readonly servedAs: string;
  readonly writtenAs: string;
  readonly by: string;
  /** RFC 3339. */
  readonly when: string;
  readonly source: 'metric' | 'managedFields' | 'last-applied' | 'served' | 'against' | 'added';
  /** `1.38`, or the name of the other server. */
  readonly goneIn: string;
  /** True if this finding makes the exit code 1. */
  readonly isBreaking: boolean;
}

/** Findings, and what could not be read. */
interface Report {
  readonly findings: Finding[];
  readonly failures: KapiError[];
  readonly skipped: readonly ResourceType[];
  /** What only the other server has: versions of types, and fields. */
  readonly added: string[];
}

/** @throws what could not be read, after everything else is printed */
export async function runDeprecations(options: DeprecationsOptions, deps: Deps): Promise<ExitCode> {
  if (deps.globals.curl) return printRequests(deps);
  const send = await deps.send();
  const discovery = await deps.discovery();
  const failures: KapiError[] = [];
  const attempt = async <Value>(
    what: string,
    read: () => Promise<Value>,
    otherwise: Value,
  ): Promise<Value> => {
    try {
      return await read();
    } catch (thrown) {
      if (!(thrown instanceof RefusedError || thrown instanceof ServerError)) throw thrown;
      failures.push(thrown);
      deps.warn(`Warning: ${what} could not be read: ${thrown.message}`);
      return otherwise;
    }
  };
  const { signal } = deps;
  const [surface, minor, requested, custom] = await Promise.all([
    discovery.surface(),
    attempt('the version', async () => (await readVersion(send, { signal })).minor, undefined),
    attempt('/metrics', () => readDeprecatedRequests(send, { signal }), []),
    attempt(
      'customresourcedefinitions',
      () => withoutMissingType(readDeprecatedCustomVersions(send, { signal })),
      new Set<string>(),
    ),
  ]);
  for (const problem of surface.problems) {
    deps.warn(`Warning: ${problemText(problem)}`);
    if (problem.error !== undefined) failures.push(problem.error);
  }
  const known: KnownDeprecations = { minor, requested, custom };
  const { types, skipped } = typesToRead(surface, known);
  const findings = [
    ...requested.map((request) => ofRequest(request, options)),
    ...ofServed(surface, options),
  ];
  const reads = mapInOrder(types, maxParallelRequests, async (type) =>
    attempt(groupResourceOf(type), () => writesIn(send, type, deps), []),
  );
  for await (const writes of reads) {
    for (const write of writes) findings.push(ofWrite(write, surface, options));
    await deps.noteLongRunning();
  }
  const report: Report = { findings, failures, skipped, added: [] };
  if (options.against !== undefined) await addComparison(options.against, surface, report, deps);
  await print(report, options, deps);
  const [first, ...others] = failures;
  if (first !== undefined) throw others.length === 0 ? first : new PartialFailure([first, ...others]);
  return findings.some(({ isBreaking }) => isBreaking) ? ExitCode.no : ExitCode.ok;
}

async function withoutMissingType(reading: Promise<ReadonlySet<string>>): Promise<ReadonlySet<string>> {
  try {
    return await reading;
  } catch (thrown) {
    if (isMissingType(thrown)) return new Set();
    throw thrown;
  }
}

async function writesIn(send: Send, type: ResourceType, { signal }: Deps): Promise<readonly Write[]> {
  const writes: Write[] = [];
  try {
    for await (const write of readWrites(send, type, { signal })) writes.push(write);
  } catch (thrown) {
    // Some aggregated types can be neither listed nor reduced to metadata, whatever discovery says.
    const status = thrown instanceof RefusedError ? thrown.facts.httpStatus : 0;
    if (status !== 404 && status !== 405 && status !== 406) throw thrown;
  }
  return writes;
}

const empty = { namespace: '', servedAs: '', writtenAs: '', by: '', when: '' };

function ofRequest(request: DeprecatedRequest, { to }: DeprecationsOptions): Finding {
  const { removedRelease, subresource } = request;
  const minor = /^1\.(\d+)$/.exec(removedRelease)?.[1];
  return {
    ...empty,
    type: groupResourceOf(request) + (subresource === '' ? '' : ` (${subresource})`),
    servedAs: apiVersionOf(request),
    source: 'metric',
    goneIn: removedRelease,
    isBreaking: removedRelease !== '' && isGoneBy(minor === undefined ? undefined : Number(minor), to),
  };
}

/** A removal in a release that is not a number always counts. */
function isGoneBy(removedIn: number | undefined, to: number | undefined): boolean {
  return to === undefined || removedIn === undefined || removedIn <= to;
}

/** Versions that are not the preferred one of their type, and versions that will be removed. */
function ofServed({ groups }: ApiSurface, { to }: DeprecationsOptions): readonly Finding[] {
  return groups.flatMap(({ name, preferredVersion, versions }) =>
    versions.flatMap(({ types }) =>
      types.flatMap((type): Finding[] => {
        const removedIn = lifecycleOf(type, type.kind)?.removedIn;
        const isOther = type.version !== preferredVersion && hasType(versions, preferredVersion, type);
        if (!isOther && removedIn === undefined) return [];
        return [
          {
            ...empty,
            type: groupResourceOf(type),
            servedAs: apiVersionOf({ group: name, version: type.version }),
            source: 'served',
            goneIn: removedIn === undefined ? '' : `1.${removedIn}`,
            isBreaking: removedIn !== undefined && isGoneBy(removedIn, to),
          },
        ];
      }),
    ),
  );
}

function hasType(
  versions: ApiSurface['groups'][number]['versions'],
  version: string,
  { resource }: ResourceType,
): boolean {
  return versions.some(
    (one) => one.version === version && one.types.some((type) => type.resource === resource),
  );
}

function ofWrite(write: Write, surface: ApiSurface, { to }: DeprecationsOptions): Finding {
  const { type, namespace, name, apiVersion, manager, time, source } = write;
  const { group, version } = parseApiVersion(apiVersion);
  const isServed = surface.groups.some(
    (one) =>
      one.name === group &&
      one.versions.some(
        (each) => each.version === version && each.types.some(({ kind }) => kind === type.kind),
      ),
  );
  const removedIn = lifecycleOf({ group, version }, type.kind)?.removedIn;
  return {
    type: `${groupResourceOf(type)}/${name}`,
    ...{ namespace, writtenAs: apiVersion, by: manager, when: time, source },
    servedAs: apiVersionOf(type),
    goneIn: removedIn === undefined ? (isServed ? '' : 'this server') : `1.${removedIn}`,
    isBreaking: !isServed || (removedIn !== undefined && isGoneBy(removedIn, to)),
  };
}

/** @throws ConfigError for a context or file that cannot be used */
async function addComparison(
  against: string,
  surface: ApiSurface,
  report: Report,
  deps: Deps,
): Promise<void> {
  const contexts = await deps.contexts();
  const isContext = contexts.some(({ name }) => name === against);
  const other = isContext ? deps.forContext(against, 'own identity') : undefined;
  const before = versionsOf(surface);
  const theirs = other === undefined ? undefined : await (await other.discovery()).surface();
  for (const problem of theirs?.problems ?? []) {
    deps.warn(`Warning: ${against}: ${problemText(problem)}`);
    if (problem.error !== undefined) report.failures.push(problem.error);
  }
  const after = theirs === undefined ? await readSaved(against, deps) : versionsOf(theirs);
  const { gone, added } = compareTypes(before, after);
  const breaking = { ...empty, source: 'against', goneIn: against, isBreaking: true } as const;
  for (const type of gone) {
    report.findings.push({ ...breaking, type: groupResourceOf(type), servedAs: apiVersionOf(type) });
  }
  for (const type of added) {
    report.added.push(`${groupResourceOf(type)} ${apiVersionOf(type)}`);
    const elsewhere = { ...empty, source: 'added', goneIn: '', isBreaking: false } as const;
    report.findings.push({ ...elsewhere, type: groupResourceOf(type), servedAs: apiVersionOf(type) });
  }
  if (other === undefined) return;
  const groupVersions = [...new Set(before.map(apiVersionOf))].filter((apiVersion) =>
    after.some((type) => apiVersionOf(type) === apiVersion),
  );
  const [ours, others] = await Promise.all([deps.openApi(), other.openApi()]);
  const compared = mapInOrder(groupVersions, maxParallelRequests, async (apiVersion) => {
    const place = parseApiVersion(apiVersion);
    // Servers of one version have the same documents of built-in groups, of some 10 MB.
    const [ourHash, theirHash] = await Promise.all([ours.hashOf(place), others.hashOf(place)]);
    if (ourHash !== '' && ourHash === theirHash) return [];
    const [old, now] = await Promise.all([ours.document(place), others.document(place)]);
    return old === undefined || now === undefined
      ? []
      : compareSchemas(old, now).map((difference) => ({ ...difference, apiVersion }));
  });
  const seen = new Set<string>();
  for await (const differences of compared) {
    for (const { change, path, apiVersion } of differences) {
      // Documents repeat the schemas that they share, such as ObjectMeta.
      const isShared = seen.has(`${change} ${path}`);
      seen.add(`${change} ${path}`);
      if (change === 'added') {
        if (!isShared) report.added.push(path);
      } else if (!isShared || !/^(?:ObjectMeta|ListMeta|Status|DeleteOptions)/.test(path)) {
        const type = change === 'required' ? `${path} (required)` : path;
        report.findings.push({ ...breaking, type, servedAs: apiVersion });
      }
    }
  }
}

function versionsOf({ groups }: ApiSurface): readonly ServedVersion[] {
  return groups.flatMap(({ versions }) =>
    versions.flatMap(({ types }) => types.filter(({ kind }) => kind !== '')),
  );
}

/** Reads the types of a saved `kapi resources --all-versions -o json`. */
async function readSaved(path: string, deps: Deps): Promise<readonly ServedVersion[]> {
  let text: string;
  try {
    text = await readText(path);
  } catch (thrown) {
    throw localError(
      `there is no context ${path}, and the file ${path} of --against cannot be read`,
      thrown,
      'ResourcesUnreadable',
    );
  }
  const parsed = await deps.parseDocument(text);
  const value = 'value' in parsed ? parsed.value : null;
  if (!isJsonObject(value) || !Array.isArray(value['resources'])) {
    throw new ConfigError(`the file ${path} of --against has no list of resources`, {
      code: 'ResourcesUnreadable',
      hint: `write it with ${suggested('resources', '--all-versions', '-o', 'json')}`,
    });
  }
  return arrayAt(value, 'resources')
    .filter(isJsonObject)
    .map((item) => ({
      group: stringAt(item, 'group'),
      version: stringAt(item, 'version'),
      resource: stringAt(item, 'name'),
      kind: stringAt(item, 'kind'),
    }))
    .filter(({ resource }) => !resource.includes('/'));
}

async function print(
  { findings, skipped, added }: Report,
  { output, noHeaders, against }: DeprecationsOptions,
  deps: Deps,
): Promise<void> {
  const { out } = deps.io;
  if (isStructured(output)) {
    const items = findings.map((finding): Json =>
      Object.fromEntries(Object.entries(finding).filter(([, value]) => value !== '')),
    );
    const document = {
      findings: items,
      skipped: skipped.map((type) => `${groupResourceOf(type)} ${apiVersionOf(type)}`),
      ...(against === undefined ? {} : { added }),
    };
    await printStructured(out, output, document, items);
  } else if (findings.length > 0) {
    const now = deps.now();
    await printRows(out, {
      columns: ['TYPE', 'SERVED AS', 'WRITTEN AS', 'BY', 'WHEN', 'SOURCE', 'GONE IN'],
      rows: findings.map(({ type, namespace, servedAs, writtenAs, by, when, source, goneIn }) => [
        namespace === '' ? type : `${type} (${namespace})`,
        ...[servedAs, writtenAs, by, when === '' ? '' : ageOf(when, now), source, goneIn].map((cell) =>
          cell === '' ? '-' : cell,
        ),
      ]),
      noHeaders,
      boxed: false,
    });
  }
  if (findings.every(({ source }) => source === 'added'))
    deps.warn('no old API version is in use, as far as it can be read');
  if (skipped.length > 0) {
    deps.warn(
      `note: objects of ${skipped.map(groupResourceOf).join(', ')} were not read: all their versions are deprecated`,
    );
  }
  if (added.length > 0) {
    deps.warn(
      `note: ${against ?? ''} has ${added.length} versions and fields that this server does not have (-o json lists them)`,
    );
  }
}

/** With --curl: what is asked of this server. */
async function printRequests(deps: Deps): Promise<ExitCode> {
  const surface = await (await deps.discovery()).surface('cached');
  const { types } = typesToRead(surface, { minor: undefined, requested: [], custom: new Set() });
  const send = await deps.send();
  const requests: readonly RequestSpec[] = [
    ...[buildMetricsRequest(), buildCustomList()],
    ...types.map((type) => buildMetadataList(type)),
  ];
  for (const request of requests) {
    await send(request).catch((thrown: unknown) => {
      if (!(thrown instanceof NotSent)) throw thrown;
    });
  }
  return ExitCode.ok;
}
