// Runs kapi events. api/object-events.ts reads events of both APIs as one shape,
// api/watch.ts follows them, output/object-events-table.ts prints the
// rows.

import { listPages } from '../../api/list.ts';
import { byLastSeen, eventOf, eventSelector, type ObjectEvent } from '../../api/object-events.ts';
import { isMissingType } from '../../api/status.ts';
import { buildWatchRequest, type WatchQuery } from '../../api/watch-event.ts';
import { watchTypes } from '../../api/watch-types.ts';
import { wellKnownType } from '../../api/well-known.ts';
import { UsageError } from '../../errors.ts';
import { ageOf } from '../../model/age.ts';
import type { Change } from '../../model/change.ts';
import { namespaceOf } from '../../model/fields.ts';
import type { ResourceType } from '../../model/resource.ts';
import { openEventPrinter } from '../../output/event-printer.ts';
import type { OutputFormat } from '../../output/format.ts';
import {
  openObjectEventsTable,
  type ObjectEventRow,
  type ObjectEventsTable,
} from '../../output/object-events-table.ts';
import { openPrinter } from '../../output/printer.ts';
import type { Deps } from '../deps.ts';
import { readOutputFormat } from '../output-format.ts';
import type { EventsOptions } from './options.ts';

/** Which events are wanted, apart from the API that serves them. */
interface Wanted {
  readonly subject: { readonly type: ResourceType; readonly name: string } | undefined;
  readonly types: readonly string[];
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
}

/** Prints events. @throws UsageError, ConfigError; RefusedError, ServerError, ConnectionError */
export async function runEvents(options: EventsOptions, deps: Deps): Promise<void> {
  const format = await readOutputFormat(options.output ?? 'table');
  const wanted = await planEvents(options, deps);
  const core = wellKnownType('events');
  const show = (type: ResourceType): Promise<void> =>
    options.watch
      ? followEvents(type, wanted, { ...options, format }, deps)
      : listEvents(type, wanted, { ...options, format }, deps);
  try {
    if (core !== undefined) {
      await show(core);
      return;
    }
  } catch (thrown) {
    if (!isMissingType(thrown)) throw thrown;
  }
  // The same events: a server that has both APIs stores them once.
  const [type] = await (await deps.discovery()).resolve('events.events.k8s.io');
  if (type !== undefined) await show(type);
}

/** Resolves the object of `--for` and the namespace. @throws UsageError for an unknown type */
async function planEvents({ subject, types, allNamespaces }: EventsOptions, deps: Deps): Promise<Wanted> {
  const own = allNamespaces ? undefined : (await deps.config()).namespace.value;
  if (subject === undefined) return { subject: undefined, types, namespace: own };
  const [type, ...others] = await (await deps.discovery()).resolve(subject.type);
  if (type === undefined || others.length > 0) {
    throw new UsageError(`--for takes one type, and ${JSON.stringify(subject.type)} means several`, {
      code: 'BadFlagValue',
    });
  }
  // The server accepts events of cluster-scoped objects in `default` only.
  const isElsewhere = !type.namespaced && !allNamespaces && deps.globals.namespace === undefined;
  return { subject: { type, name: subject.name }, types, namespace: isElsewhere ? 'default' : own };
}

function queryOf(type: ResourceType, { subject, types, namespace }: Wanted, view: View): WatchQuery {
  const selectors = [
    ...(subject === undefined ? [] : [eventSelector({ kind: subject.type.kind, name: subject.name })]),
    ...(types.length === 1 ? [`type=${types[0] ?? ''}`] : []),
  ];
  const selector = selectors.join(',');
  return {
    ...{ type, namespace, as: 'objects', withoutManagedFields: !view.showManagedFields },
    // events.k8s.io has its own name for the same field.
    fieldSelector: type.group === '' ? selector : selector.replaceAll('involvedObject.', 'regarding.'),
  };
}

/** True if an event is wanted, as far as a field selector cannot express it. */
function isWanted({ type, subject }: ObjectEvent, wanted: Wanted): boolean {
  if (wanted.types.length > 0 && !wanted.types.includes(type)) return false;
  if (wanted.subject === undefined) return true;
  if (subject.kind !== wanted.subject.type.kind || subject.name !== wanted.subject.name) return false;
  // Reporters can use another version of the group, and the kubelet names no group for a node.
  const { apiVersion } = subject;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return apiVersion === '' || group === wanted.subject.type.group;
}

type View = Omit<EventsOptions, 'subject' | 'types'> & { readonly format: OutputFormat };

async function listEvents(type: ResourceType, wanted: Wanted, view: View, deps: Deps): Promise<void> {
  const query = queryOf(type, wanted, view);
  // One printed command (--curl) cannot follow pages: it asks for all of them in one response.
  const chunkSize = view.chunkSize ?? (deps.globals.curl ? 0 : undefined);
  const { signal, now, warn } = deps;
  const pages = listPages(await deps.send(), { ...query, chunkSize }, { signal, now, warn });
  const events: ObjectEvent[] = [];
  for await (const page of pages) {
    if (page.kind !== 'objects') continue;
    for (const object of page.objects) {
      const event = eventOf(object);
      if (isWanted(event, wanted)) events.push(event);
    }
    await deps.noteLongRunning();
  }
  const sorted = byLastSeen(events);
  if (view.format.kind === 'table') {
    if (sorted.length > 0) await (await openTable(view.format.wide, view, deps)).print(rowsOf(sorted, deps));
  } else {
    const printer = await openPrinter(
      { ...printOptions(view, deps), format: view.format, shape: 'list' },
      deps.io.out,
    );
    await printer.page({ kind: 'objects', type, objects: sorted.map(({ object }) => object) });
    await printer.end();
  }
  if (sorted.length === 0) await noteEmpty(wanted, deps);
}

async function followEvents(type: ResourceType, wanted: Wanted, view: View, deps: Deps): Promise<void> {
  const query = queryOf(type, wanted, view);
  const send = await deps.send();
  if (deps.globals.curl) {
    await send(buildWatchRequest(query, '0', false));
    return;
  }
  const print = await openStream(view, deps);
  let initial: Change[] | undefined = [];
  for await (const batch of watchTypes(send, [query], deps)) {
    const changes: Change[] = [];
    for (const item of batch) {
      if (item.kind === 'notice') deps.warn(item.text);
      if (item.kind === 'change') (initial ?? changes).push(item.change);
      if (item.kind !== 'synced' || initial === undefined) continue;
      // The list comes in the order of names.
      const known = initial;
      initial = undefined;
      if ((await print(known, wanted)) > 0) continue;
      await noteEmpty(wanted, deps);
      deps.warn('note: kapi waits for new events; Ctrl-C ends it');
    }
    await print(changes, wanted);
    await deps.noteLongRunning();
  }
}

/** Prints the wanted events among changes, newest last, and returns how many these are. */
type PrintChanges = (changes: readonly Change[], wanted: Wanted) => Promise<number>;

async function openStream(view: View, deps: Deps): Promise<PrintChanges> {
  const { format } = view;
  const table = format.kind === 'table' ? await openTable(format.wide, view, deps) : undefined;
  const printer =
    table === undefined
      ? await openEventPrinter(
          { ...printOptions(view, deps), format, events: false, timestamps: false },
          deps.io.out,
        )
      : undefined;
  return async (changes, wanted) => {
    const found = new Map<ObjectEvent, Change>();
    for (const change of changes) {
      // The server deletes events after their time. That says nothing about their object.
      if (change.change === 'DELETED' || change.entry.kind !== 'object') continue;
      const event = eventOf(change.entry.object);
      if (isWanted(event, wanted)) found.set(event, change);
    }
    const sorted = byLastSeen([...found.keys()]);
    if (sorted.length === 0) return 0;
    await table?.print(rowsOf(sorted, deps));
    const time = deps.now();
    const printed = sorted.flatMap((event) => found.get(event) ?? []).map((change) => ({ change, time }));
    await printer?.print(printed);
    return sorted.length;
  };
}

function openTable(
  wide: boolean,
  { noHeaders, allNamespaces, watch }: View,
  deps: Deps,
): Promise<ObjectEventsTable> {
  return openObjectEventsTable(
    { noHeaders, wide, withNamespace: allNamespaces, isStream: watch },
    deps.io.out,
  );
}

function rowsOf(events: readonly ObjectEvent[], deps: Deps): readonly ObjectEventRow[] {
  const now = deps.now();
  return events.map(({ type, reason, message, subject, count, firstSeen, lastSeen, source, object }) => ({
    ...{ type, reason, source, namespace: namespaceOf(object) },
    // kubectl's form.
    lastSeen: ageOf(lastSeen, now) + (count > 1 ? ` (x${count} over ${ageOf(firstSeen, now)})` : ''),
    object: `${subject.kind}/${subject.name}`,
    subobject: subject.fieldPath,
    message: message.trim(),
  }));
}

function printOptions(
  { noHeaders, showManagedFields, allNamespaces }: View,
  deps: Deps,
): Omit<Parameters<typeof openPrinter>[0], 'format' | 'shape'> {
  return {
    ...{ noHeaders, showManagedFields, withNamespace: allNamespaces },
    ...{ showLabels: false, labelColumns: [], showKind: false, allowMissingTemplateKeys: true },
    ...{ now: deps.now(), warn: deps.warn },
  };
}

/** kubectl's words, and whether the namespace exists at all. */
async function noteEmpty({ namespace }: Wanted, deps: Deps): Promise<void> {
  deps.warn(namespace === undefined ? 'No events found.' : `No events found in ${namespace} namespace.`);
  if (namespace === undefined) return;
  const { missingNamespaceHint } = await import('../missing-namespace.ts');
  const hint = await missingNamespaceHint(namespace, deps);
  if (hint !== undefined) deps.warn(`hint: ${hint}`);
}
