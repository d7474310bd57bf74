// Checks whether a namespace exists, after a list of it was empty. Entry point:
// missingNamespaceHint().

import { getPage } from '../api/get.ts';
import { listPages } from '../api/list.ts';
import { isMissingType } from '../api/status.ts';
import { wellKnownType } from '../api/well-known.ts';
import { ConnectionError, RefusedError, ServerError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import { cellText } from '../output/table.ts';
import type { Deps } from './deps.ts';

/** Namespaces that the API server creates. */
const systemNamespaces = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);

/** Max number of names that are read to find the nearest one. */
const maxNames = 500;

/**
 * Returns a hint if a namespace does not exist, with the nearest existing name. Undefined if it
 * exists or if the server refuses the request. Sends one GET, and a list of names only if the
 * namespace is missing.
 */
export async function missingNamespaceHint(namespace: string, deps: Deps): Promise<string | undefined> {
  const type = wellKnownType('namespaces');
  if (type === undefined || namespace === '' || systemNamespaces.has(namespace) || deps.globals.curl) {
    return undefined;
  }
  const { signal, now } = deps;
  const send = await deps.send();
  const view = { as: 'table', includeObject: 'None' } as const;
  try {
    await getPage(send, { type, name: namespace, ...view }, { signal, now });
    return undefined;
  } catch (thrown) {
    if (!isServersAnswer(thrown)) throw thrown;
    const isNotFound = thrown instanceof RefusedError && thrown.facts.httpStatus === 404;
    // A server without namespaces has no missing ones.
    if (!isNotFound || isMissingType(thrown)) return undefined;
  }
  const names: string[] = [];
  try {
    const pages = listPages(send, { type, limit: maxNames, ...view }, { signal, now, warn: () => undefined });
    for await (const page of pages) {
      if (page.kind === 'table') names.push(...page.table.rows.map(({ cells: [name] }) => cellText(name)));
    }
  } catch (thrown) {
    if (!isServersAnswer(thrown)) throw thrown;
  }
  const near = nearest(namespace, names);
  const meant = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
  return `there is no namespace ${JSON.stringify(namespace)}${meant}`;
}

function isServersAnswer(thrown: unknown): thrown is Error {
  return [RefusedError, ServerError, ConnectionError].some((kind) => thrown instanceof kind);
}
