// kapi config contexts: prints the contexts of the kubeconfig as a table, documents or names.

import type { ContextSummary } from '../../config/contexts.ts';
import type { Json } from '../../model/object.ts';
import { escapeLine } from '../../output/escape.ts';
import { printRows } from '../../output/rows.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import type { Deps } from '../deps.ts';

/** Prints the contexts. */
export async function printContexts(output: string, noHeaders: boolean, deps: Deps): Promise<void> {
  const contexts = await deps.contexts();
  const { out } = deps.io;
  if (isStructured(output)) return printStructured(out, output, contexts.map(asJson), contexts.map(asJson));
  if (output === 'name') return out.write(contexts.map(({ name }) => `${escapeLine(name)}\n`).join(''));
  if (contexts.length === 0) {
    deps.warn('There is no context: no kubeconfig has one.');
    return;
  }
  return printRows(out, {
    columns: ['CURRENT', 'NAME', 'CLUSTER', 'USER', 'NAMESPACE'],
    rows: contexts.map(({ name, current, cluster, clusterExists, user, userExists, namespace }) => [
      current ? '*' : '',
      name,
      entry(cluster, clusterExists),
      entry(user, userExists),
      namespace,
    ]),
    noHeaders,
  });
}

/** Marks an entry that does not exist: a context that refers to it cannot be used. */
function entry(name: string, exists: boolean): string {
  return exists || name === '' ? name : `${name} (missing)`;
}

function asJson({
  name,
  current,
  cluster,
  clusterExists,
  user,
  userExists,
  namespace,
  from,
}: ContextSummary): Json {
  return {
    name,
    current,
    cluster,
    ...(clusterExists || cluster === '' ? {} : { clusterMissing: true }),
    user,
    ...(userExists || user === '' ? {} : { userMissing: true }),
    ...(namespace === '' ? {} : { namespace }),
    from,
  };
}
