// The live table of kapi watch: batches of the watch go into it, keys come out of it.

import { getPage } from '../../api/get.ts';
import { buildGetRequest, type GetQuery, type ListQuery } from '../../api/object-request.ts';
import { watchTypes } from '../../api/watch-types.ts';
import type { WatchItem } from '../../api/watch.ts';
import { Interrupted, messageOf } from '../../errors.ts';
import type { Change } from '../../model/change.ts';
import { groupResourceOf } from '../../model/resource.ts';
import { hideSecretValues, isSecretType } from '../../model/secret-values.ts';
import { withoutManagedFields } from '../../output/documents.ts';
import { yamlText } from '../../output/yaml.ts';
import type { Terminal } from '../../io/terminal.ts';
import type { LiveModel } from '../../tui/live-model.ts';
import type { Deps } from '../deps.ts';
import type { WatchOptions } from './options.ts';
import type { WhereWatch } from './where-watch.ts';
import { watchNeeds } from './plan.ts';

/** Thrown into the watch when `q` was pressed. */
class Quit extends Error {}

/**
 * Shows the objects until `q`.
 * @throws Interrupted for Ctrl-C; RefusedError, ServerError, ConnectionError as the watch does
 */
export async function runLive(
  queries: readonly ListQuery[],
  options: WatchOptions & { readonly wide: boolean; readonly condition: WhereWatch | undefined },
  terminal: Terminal,
  deps: Deps,
): Promise<void> {
  const [{ openLiveTable }, discovery, send, config] = await Promise.all([
    deps.liveTable(),
    deps.discovery(),
    deps.send(),
    deps.config(),
  ]);
  const leaving = new AbortController();
  const table = openLiveTable(
    terminal,
    {
      server: config.server.value,
      subject: subjectOf(queries),
      withNamespace: options.allNamespaces,
      showKind: options.showKind || new Set(queries.map(({ type }) => groupResourceOf(type))).size > 1,
      wide: options.wide,
      color: deps.io.out.color,
    },
    {
      nowMs: () => deps.now().getTime(),
      yaml: async (change) => yamlOf(change, deps),
      curl: async (change) => deps.curlOf(buildGetRequest(placeOf(change))),
      failure: messageOf,
      end: (how) => {
        leaving.abort(how === 'quit' ? new Quit() : new Interrupted('SIGINT'));
      },
    },
  );
  // In the handler of the signal itself: the terminal is as it was, whatever becomes of the rest.
  const close = (): void => table.close();
  deps.signal.addEventListener('abort', close, { once: true });
  try {
    const watching = watchTypes(send, queries, {
      ...watchNeeds(deps, discovery),
      signal: AbortSignal.any([deps.signal, leaving.signal]),
      // Words on stderr would be drawn across the table.
      warn: (text) => {
        table.model.notice(text);
      },
    });
    for await (const batch of watching) {
      for (const item of shownItems(batch, options.condition)) take(item, table.model, deps.now().getTime());
      table.refresh();
      await deps.noteLongRunning();
    }
  } catch (thrown) {
    if (!(thrown instanceof Quit)) throw thrown;
  } finally {
    deps.signal.removeEventListener('abort', close);
    table.close();
  }
}

/** With a condition: what stops meeting it leaves the table. */
function shownItems(batch: readonly WatchItem[], condition: WhereWatch | undefined): readonly WatchItem[] {
  if (condition === undefined) return batch;
  const { items, left } = condition.take(batch);
  return items.flatMap((item): readonly WatchItem[] => {
    if (item.kind !== 'change') return [item];
    if (item.isDeparted === true) return [];
    return left.has(item.change) ? [{ ...item, change: { ...item.change, change: 'DELETED' } }] : [item];
  });
}

function take(item: WatchItem, model: LiveModel, nowMs: number): void {
  switch (item.kind) {
    case 'change':
      model.change(item.change, item.initial, nowMs);
      return;
    case 'synced':
    case 'bookmark':
      model.position(item.resourceVersion);
      return;
    case 'notice':
      model.notice(item.text);
      return;
    case 'state':
      if (item.state.phase !== 'done') model.connection(item.type, item.state.phase);
      return;
  }
}

function subjectOf(queries: readonly ListQuery[]): string {
  const types = [...new Set(queries.map(({ type }) => groupResourceOf(type)))].join(', ');
  const names = queries.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const namespace = queries.find(({ type }) => type.namespaced)?.namespace;
  return [types, ...names, ...(namespace === undefined ? [] : [`in namespace ${namespace}`])].join(' ');
}

function placeOf({ type, namespace, name }: Change): GetQuery {
  return { type, namespace: namespace === '' ? undefined : namespace, name, as: 'objects' };
}

async function yamlOf(change: Change, deps: Deps): Promise<string> {
  const page = await getPage(await deps.send(), placeOf(change), { signal: deps.signal, now: deps.now });
  const [object] = page.kind === 'objects' ? page.objects : [];
  if (object === undefined) return '';
  const isHidden = isSecretType(change.type) && !deps.globals.showSecrets;
  const shown = isHidden ? hideSecretValues(object) : object;
  return yamlText(withoutManagedFields(shown), { escapeBidi: true });
}
