// Compares the objects of files with the live ones: what `kubectl apply` would change, by a dry run
// on the server. Entry point: compareFiles().

import { sourceOf } from '../../api/response-source.ts';
import { decodeObject } from '../../api/decode.ts';
import { parseJson } from '../../api/exact-json.ts';
import { getObject } from '../../api/get.ts';
import { problemText, type ApiGroup } from '../../api/groups.ts';
import { readJson } from '../../api/read.ts';
import { errorOf, isMissingType, isSuccess } from '../../api/status.ts';
import { KapiError, NotSent, RefusedError, ServerError, UsageError } from '../../errors.ts';
import { buildApplyPatch, overlay, type PatchSchema } from '../../model/apply-patch.ts';
import { lastAppliedKey } from '../../model/fields.ts';
import { isJsonObject, objectAt, stringAt, type JsonObject, type KubeObject } from '../../model/object.ts';
import type { RequestSpec, Send } from '../../model/request.ts';
import { groupResourceOf, parseApiVersion, resourcePath, type ResourceType } from '../../model/resource.ts';
import { SchemaTooLarge, schemaOfKind, type SchemaDocument } from '../../model/schema.ts';
import { suggested } from '../../model/suggestion.ts';
import { compactJson } from '../../output/json.ts';
import type { Deps } from '../deps.ts';
import { mapInOrder } from '../map-in-order.ts';
import { partialFailure } from '../partial-failure.ts';
import { readManifests, type Manifest } from './manifests.ts';
import type { DiffSubject } from './options.ts';
import type { Comparison, Pair } from './pairs.ts';

type FileSubject = Extract<DiffSubject, { readonly kind: 'files' }>;

/** Max objects that are asked for at the same time. */
const maxParallelObjects = 6;

/** An object of a file, and where it is on the server. */
interface Target {
  readonly type: ResourceType;
  /** Undefined for cluster-scoped types. */
  readonly namespace: string | undefined;
  readonly file: KubeObject;
}

/**
 * Reads the files, the live objects, and what an apply would make of them.
 * @throws LocalError, ConfigError for the files; UsageError for another namespace than `-n`
 * @throws ConnectionError
 */
export async function compareFiles(subject: FileSubject, deps: Deps): Promise<Comparison> {
  const manifests = await readManifests(subject.paths, subject.isRecursive, deps);
  const send = await deps.send();
  const pairs: Pair[] = [];
  const failures: KapiError[] = [];
  // A printed command follows the one before.
  const width = deps.globals.curl ? 1 : maxParallelObjects;
  const settled = mapInOrder(manifests, width, async (manifest): Promise<Pair | KapiError> => {
    try {
      const target = await targetOf(manifest, deps);
      return await pairOf(target, subject, send, deps);
    } catch (thrown) {
      return partialFailure(thrown);
    }
  });
  for await (const result of settled) {
    if (result instanceof KapiError) failures.push(result);
    else pairs.push(result);
  }
  const words = { added: 'would be created', removed: 'would be removed', changed: 'would change' };
  return { labels: ['LIVE', 'MERGED'], words, pairs, failures, sameNamespace: true };
}

async function targetOf({ object, origin }: Manifest, deps: Deps): Promise<Target> {
  const type = await typeOf(object, origin, deps);
  if (!type.namespaced) return { type, namespace: undefined, file: object };
  const own = stringAt(object.metadata, 'namespace');
  const { namespace } = await deps.config();
  if (own !== '' && deps.globals.namespace !== undefined && deps.globals.namespace !== own) {
    throw new UsageError(
      `the namespace from the provided object ${JSON.stringify(own)} does not match the namespace ${JSON.stringify(deps.globals.namespace)}`,
      { code: 'ConflictingFlags', hint: `leave -n out, or pass -n ${own}`, causes: [`in ${origin}`] },
    );
  }
  return { type, namespace: own === '' ? namespace.value : own, file: object };
}

/** Finds the type of an object: in what is known already, then on the server. */
async function typeOf({ apiVersion, kind }: KubeObject, origin: string, deps: Deps): Promise<ResourceType> {
  const { group, version } = parseApiVersion(apiVersion);
  const find = (groups: readonly ApiGroup[]): ResourceType | undefined =>
    groups
      .find(({ name }) => name === group)
      ?.versions.find((one) => one.version === version)
      ?.types.find((type) => type.kind === kind);
  const discovery = await deps.discovery();
  const known = find((await discovery.surface('cached')).groups);
  if (known !== undefined) return known;
  if (!deps.globals.curl) {
    const { groups, problems } = await discovery.surface();
    const found = find(groups);
    if (found !== undefined) return found;
    const [problem] = problems.filter(
      ({ groupVersion }) => groupVersion === apiVersion || groupVersion.startsWith('/'),
    );
    if (problem !== undefined) {
      throw problem.error ?? new ServerError(problemText(problem), { code: 'TypesUnavailable' });
    }
  }
  throw new UsageError(
    `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`,
    {
      code: 'UnknownResourceType',
      causes: [`in ${origin}`],
      hint: `${suggested('resources', '--all-versions')} lists what the server has; a custom type exists once its CustomResourceDefinition is applied`,
    },
  );
}

async function pairOf(target: Target, subject: FileSubject, send: Send, deps: Deps): Promise<Pair> {
  const { type, namespace = '', file } = target;
  const name = stringAt(file.metadata, 'name');
  const place = { type, namespace, name };
  const before = await liveOf(target, name, send, deps);
  try {
    return { ...place, before, after: await mergedOf(target, before, subject, send, deps) };
  } catch (thrown) {
    const reason = whyNoDryRun(thrown, before === undefined);
    if (reason === undefined) throw thrown;
    deps.warn(
      `note: ${groupResourceOf(type)} "${name}" is compared without a dry run, so without the defaults of the server: ${reason}`,
    );
    const base = before ?? { metadata: namespace === '' ? {} : { namespace } };
    return { ...place, before, after: overlay(base, file) as KubeObject };
  }
}

/**
 * Says why the server does not try it, if the comparison is still of use. Undefined: it is a
 * failure.
 */
function whyNoDryRun(thrown: unknown, isNew: boolean): string | undefined {
  if (!(thrown instanceof RefusedError)) return undefined;
  const { httpStatus } = thrown.facts;
  const isForbidden = httpStatus === 403 && thrown.facts.reason === 'Forbidden';
  const isUnsupported = httpStatus === 400 && /does not support dry ?run/i.test(thrown.message);
  // The namespace can be in the same file.
  const hasNoNamespace =
    isNew && httpStatus === 404 && /\bnamespaces "[^"]*" not found$/.test(thrown.message);
  return isForbidden || isUnsupported || hasNoNamespace ? thrown.message : undefined;
}

async function liveOf(
  { type, namespace }: Target,
  name: string,
  send: Send,
  deps: Deps,
): Promise<KubeObject | undefined> {
  try {
    return await getObject(send, { type, namespace, name }, { signal: deps.signal, now: deps.now });
  } catch (thrown) {
    // With --curl the dry run is printed after it.
    if (thrown instanceof NotSent) return undefined;
    const isAbsent =
      thrown instanceof RefusedError && thrown.facts.httpStatus === 404 && !isMissingType(thrown);
    if (!isAbsent) throw thrown;
    return undefined;
  }
}

const strategicMerge = 'application/strategic-merge-patch+json';
const jsonMerge = 'application/merge-patch+json';
const serverSideApply = 'application/apply-patch+yaml';

/** Asks the server what it would store. Nothing is stored. */
async function mergedOf(
  target: Target,
  live: KubeObject | undefined,
  subject: FileSubject,
  send: Send,
  deps: Deps,
): Promise<KubeObject> {
  const { type, namespace } = target;
  const name = stringAt(target.file.metadata, 'name');
  const file = namespace === undefined ? target.file : withNamespace(target.file, namespace);
  const query = new URLSearchParams({ dryRun: 'All', fieldManager: subject.fieldManager });
  const ask = async (method: string, contentType: string, body: JsonObject): Promise<KubeObject> => {
    if (subject.forcesConflicts) query.set('force', 'true');
    const path = resourcePath(type, { namespace, name: method === 'POST' ? undefined : name });
    const request: RequestSpec = {
      ...{ method, path: `${path}?${query.toString()}` },
      headers: { accept: 'application/json', 'content-type': contentType },
      body: compactJson(body),
    };
    const response = await send(request, { signal: deps.signal });
    if (!isSuccess(response)) throw await errorOf(request, response, { type, name });
    return decodeObject(await readJson(response, request), type, sourceOf(request, response));
  };
  if (subject.isServerSide) return ask('PATCH', serverSideApply, file);
  if (live === undefined && !deps.globals.curl) return ask('POST', 'application/json', file);
  const lastApplied = lastAppliedOf(live, name, deps);
  const input = { file, lastApplied, live: live ?? {} };
  const schema = isCustom(type) ? undefined : await schemaFor(type, deps);
  if (schema === undefined) return ask('PATCH', jsonMerge, buildApplyPatch({ ...input, schema: undefined }));
  try {
    return await ask('PATCH', strategicMerge, strategicPatch(input, schema));
  } catch (thrown) {
    const isUnknown = thrown instanceof RefusedError && thrown.facts.httpStatus === 415;
    if (!isUnknown) throw thrown;
    return ask('PATCH', jsonMerge, buildApplyPatch({ ...input, schema: undefined }));
  }
}

function strategicPatch(
  input: Omit<Parameters<typeof buildApplyPatch>[0], 'schema'>,
  schema: PatchSchema,
): JsonObject {
  try {
    return buildApplyPatch({ ...input, schema });
  } catch (thrown) {
    if (!(thrown instanceof SchemaTooLarge)) throw thrown;
    return buildApplyPatch({ ...input, schema: undefined });
  }
}

function withNamespace(file: KubeObject, namespace: string): KubeObject {
  return { ...file, metadata: { ...file.metadata, namespace } };
}

/**
 * True for a group of a custom type or of another server, which have no strategic merge patches.
 */
function isCustom({ group }: ResourceType): boolean {
  return group.includes('.') && !group.endsWith('.k8s.io');
}

/** The schema of a type. Undefined: a type without merge keys, such as a custom one. */
async function schemaFor(type: ResourceType, deps: Deps): Promise<PatchSchema | undefined> {
  const document = deps.globals.curl ? undefined : await documentFor(type, deps);
  const root =
    document && schemaOfKind({ group: type.group, version: type.version, kind: type.kind }, document);
  // Without the schema an empty one keeps the type of the patch.
  if (document === undefined || root === undefined) return { root: {}, document: { schemas: {}, kinds: {} } };
  return { root, document };
}

/** Without the right to read schemas, lists are merged by the server and keep what was removed. */
async function documentFor(type: ResourceType, deps: Deps): Promise<SchemaDocument | undefined> {
  try {
    return await (await deps.openApi()).document(type);
  } catch (thrown) {
    if (!(thrown instanceof RefusedError || thrown instanceof ServerError)) throw thrown;
    deps.warn(
      `Warning: the schema of ${groupResourceOf(type)} could not be read, so removed items of lists are not shown: ${thrown.message}`,
    );
    return undefined;
  }
}

function lastAppliedOf(live: KubeObject | undefined, name: string, deps: Deps): JsonObject | undefined {
  const text = stringAt(objectAt(live?.metadata, 'annotations'), lastAppliedKey);
  if (text === '') return undefined;
  try {
    const value = parseJson(text);
    if (isJsonObject(value)) return value;
  } catch {
    // The warning below reports it.
  }
  deps.warn(
    `Warning: the annotation ${lastAppliedKey} of ${JSON.stringify(name)} is not JSON, so nothing that was applied before is removed`,
  );
  return undefined;
}
