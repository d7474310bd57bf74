// The live table of kapi watch: feeds it batches of the watch, and handles its keys.

import type { ListQuery } from '../../api/object-request.ts';
import { watchTypes } from '../../api/watch-types.ts';
import type { WatchItem } from '../../api/watch.ts';
import { Interrupted, messageOf } from '../../errors.ts';
import type { Change } from '../../model/change.ts';
import { groupResourceOf } from '../../model/resource.ts';
import { isSecretType } from '../../model/secret-values.ts';
import type { Terminal } from '../../io/terminal.ts';
import type { Question } from '../../tui/live-model.ts';
import type { Answer, LiveTable } from '../../tui/live-table.ts';
import type { Deps } from '../deps.ts';
import { curlOf, eventsOf, historyOf, logOf, yamlOf, type ObjectPlace } from '../object-answers.ts';
import type { WatchOptions } from './options.ts';
import type { WhereWatch } from './where-watch.ts';
import { watchNeeds } from './plan.ts';

/** Thrown into the watch when `q` is pressed. */
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
  const signal = AbortSignal.any([deps.signal, leaving.signal]);
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
      answer: (question, change, cellChanges, until) =>
        answerTo(question, placeOf(change), cellChanges, deps, AbortSignal.any([signal, until])),
      failure: messageOf,
      end: (how) => {
        leaving.abort(how === 'quit' ? new Quit() : new Interrupted('SIGINT'));
      },
    },
  );
  // Text on stderr would be drawn over the table.
  const notice = (text: string): void => {
    table.model.notice(text, deps.now().getTime());
  };
  deps.divertWarnings(notice);
  // In the handler of the signal itself: restores the terminal, whatever happens next.
  const close = (): void => {
    table.close();
    deps.divertWarnings(undefined);
  };
  deps.signal.addEventListener('abort', close, { once: true });
  try {
    const watching = watchTypes(send, queries, {
      ...watchNeeds(deps, discovery),
      signal,
      warn: notice,
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
    close();
  }
}

/** Returns the items to show. With a condition, objects that stop meeting it leave the table. */
function shownItems(batch: readonly WatchItem[], condition: WhereWatch | undefined): readonly WatchItem[] {
  if (condition === undefined) return batch;
  const { items, left } = condition.take(batch);
  return items.flatMap((item): readonly WatchItem[] => {
    if (item.kind !== 'change') return [item];
    if (item.isDeparted === true) return [];
    return left.has(item.change) ? [{ ...item, change: { ...item.change, change: 'DELETED' } }] : [item];
  });
}

function take(item: WatchItem, model: LiveTable['model'], nowMs: number): void {
  switch (item.kind) {
    case 'change':
      model.change(item.change, item.initial, nowMs);
      return;
    case 'synced':
    case 'bookmark':
      model.position(item.resourceVersion);
      return;
    case 'notice':
      model.notice(item.text, nowMs);
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

function placeOf({ type, namespace, name }: Change): ObjectPlace {
  return { type, namespace: namespace === '' ? undefined : namespace, name };
}

async function answerTo(
  question: Question,
  place: ObjectPlace,
  cellChanges: readonly string[],
  deps: Deps,
  signal: AbortSignal,
): Promise<Answer> {
  switch (question) {
    case 'yaml':
      return { text: await yamlOf(place, deps, signal), language: 'yaml' };
    case 'curl':
    case 'copy-curl':
      return { text: await curlOf(place, deps) };
    case 'events':
      return { text: await eventsOf(place, deps, signal) };
    case 'log':
      return { text: await logOf(place, deps, signal) };
    case 'diff':
      return { text: await diffOf(place, cellChanges, deps, signal) };
  }
}

/**
 * What the last change changed in the table, and the changes of fields that the server remembers.
 */
async function diffOf(
  place: ObjectPlace,
  cellChanges: readonly string[],
  deps: Deps,
  signal: AbortSignal,
): Promise<string> {
  const cells = isSecretType(place.type) && !deps.globals.showSecrets ? [] : cellChanges;
  const seen =
    cells.length === 0
      ? ''
      : `The last change in this table:\n${cells.map((line) => `  ${line}\n`).join('')}\n`;
  try {
    return `${seen}${await historyOf(place, deps, signal)}`;
  } catch (thrown) {
    // The cells are known even where the server tells no more.
    if (seen === '' || signal.aborted) throw thrown;
    return `${seen}The server does not tell which fields changed: ${messageOf(thrown)}`;
  }
}
