// Follows the owner references of an object upwards. Entry point: ownersOf().

import { getPage } from '../../api/get.ts';
import { wellKnownType } from '../../api/well-known.ts';
import { Interrupted, KapiError, NotSent, RefusedError, messageOf } from '../../errors.ts';
import { booleanAt, objectsAt, uidOf } from '../../model/fields.ts';
import { stringAt, type JsonObject } from '../../model/object.ts';
import { parseApiVersion, type ResourceType } from '../../model/resource.ts';
import type { TableRow } from '../../model/table.ts';
import { rowsToOwned, type SearchDeps } from './owned.ts';
import type { Owner } from './summary.ts';

/** Max levels of owners. Kubernetes' own chains have two. */
const maxDepth = 5;

/**
 * Returns the owners of an object with their owners. An owner is found only if its UID equals that
 * of the reference: another object can have its name by now.
 * @param namespace of the object: owners are in the same one, or cluster-scoped
 */
export async function ownersOf(
  metadata: JsonObject | undefined,
  namespace: string | undefined,
  search: Omit<SearchDeps, 'cache'>,
  seen: ReadonlySet<string> = new Set(),
): Promise<readonly Owner[]> {
  const references = objectsAt(metadata, 'ownerReferences');
  return Promise.all(references.map((reference) => readOwner(reference, namespace, search, seen)));
}

async function readOwner(
  reference: JsonObject,
  namespace: string | undefined,
  search: Omit<SearchDeps, 'cache'>,
  seen: ReadonlySet<string>,
): Promise<Owner> {
  const [kind, name, uid] = [
    stringAt(reference, 'kind'),
    stringAt(reference, 'name'),
    stringAt(reference, 'uid'),
  ];
  const owner = { kind, name, uid, controller: booleanAt(reference, 'controller'), owners: [] };
  if (seen.has(uid)) return { ...owner, state: 'not read', note: 'it owns itself in a circle' };
  if (seen.size >= maxDepth) return { ...owner, state: 'not read', note: 'the chain is too long' };
  try {
    const type = await typeOf(reference, search);
    const { send, deps } = search;
    const page = await getPage(
      send,
      { type, namespace, name, as: 'table', includeObject: 'Metadata' },
      { signal: deps.signal, now: deps.now },
    );
    const rows: readonly TableRow[] = page.kind === 'table' ? page.table.rows : [];
    const columns = page.kind === 'table' ? page.table.columns : [];
    const [row] = rows;
    if (row?.object === undefined) return { ...owner, state: 'not read', note: 'the server sent no row' };
    if (uid !== '' && uidOf(row.object) !== uid) {
      return { ...owner, state: 'gone', note: 'another object has its name now' };
    }
    const [{ note } = { note: '' }] = rowsToOwned(type, columns, [row], false);
    const owners = await ownersOf(
      row.object['metadata'] as JsonObject,
      type.namespaced ? namespace : undefined,
      search,
      new Set([...seen, uid]),
    );
    return { ...owner, state: 'found', note, owners };
  } catch (thrown) {
    if (thrown instanceof Interrupted || thrown instanceof NotSent || !(thrown instanceof KapiError))
      throw thrown;
    const status = thrown instanceof RefusedError ? thrown.facts.httpStatus : 0;
    if (status === 404) return { ...owner, state: 'gone', note: 'it does not exist' };
    if (status === 403) return { ...owner, state: 'not read', note: 'you may not read it' };
    return { ...owner, state: 'not read', note: messageOf(thrown) };
  }
}

async function typeOf(
  reference: JsonObject,
  { discovery }: Pick<SearchDeps, 'discovery'>,
): Promise<ResourceType> {
  const kind = stringAt(reference, 'kind');
  const { group, version } = parseApiVersion(stringAt(reference, 'apiVersion'));
  const name = group === '' ? kind : `${kind}.${group}`;
  const known = wellKnownType(name);
  if (known?.group === group) return known;
  const [type] = await discovery.resolve(group === '' ? kind : `${kind}.${version}.${group}`);
  if (type === undefined) throw new Error(`discovery resolved ${kind} to nothing`);
  return type;
}
