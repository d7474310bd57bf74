// Reads Events of both APIs (v1 and events.k8s.io/v1) as one shape, and finds those of an object.
// Entry points: eventOf(), eventsOfObject(), byLastSeen(), listObjectEvents(). All but the last are
// pure.

import { escapeFieldValue } from '../model/field-selector.ts';
import { namespaceOf, nameOf, numberAt, uidOf } from '../model/fields.ts';
import { objectAt, stringAt, type JsonObject, type KubeObject } from '../model/object.ts';
import type { Send } from '../model/request.ts';
import type { ResourceType } from '../model/resource.ts';
import { listPages, type ListOptions } from './list.ts';
import { wellKnownType } from './well-known.ts';

/** What an event is about, as the event names it. */
export interface EventSubject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Such as `spec.containers{app}`. Empty if the event is about the whole object. */
  readonly fieldPath: string;
}

/**
 * An Event of either API.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
 */
export interface ObjectEvent {
  /** `Normal` or `Warning`. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly subject: EventSubject;
  /** How often it happened, at least 1. */
  readonly count: number;
  /** RFC 3339. Empty if the event has no time at all. */
  readonly firstSeen: string;
  /** RFC 3339. Empty if the event has no time at all. */
  readonly lastSeen: string;
  /** The component that reported it: `kubelet`. Empty if unknown. */
  readonly source: string;
  readonly object: KubeObject;
}

/**
 * Returns an Event of `v1` or `events.k8s.io/v1` as one shape. The two are views of the same
 * objects: `involvedObject` and `regarding`, `message` and `note`, `count` and `deprecatedCount`
 * are the same fields. New reporters set `eventTime` and `series`, old ones `firstTimestamp`,
 * `lastTimestamp` and `count`. The last sighting is the latest of all times.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/apis/events/v1/conversion.go
 */
export function eventOf(object: KubeObject): ObjectEvent {
  const subject = objectAt(object, 'involvedObject') ?? objectAt(object, 'regarding');
  const series = objectAt(object, 'series');
  const created = stringAt(object.metadata, 'creationTimestamp');
  const begun = [
    stringAt(object, 'firstTimestamp'),
    stringAt(object, 'deprecatedFirstTimestamp'),
    stringAt(object, 'eventTime'),
  ].find(isTime);
  const seen = [
    stringAt(series, 'lastObservedTime'),
    stringAt(object, 'lastTimestamp'),
    stringAt(object, 'deprecatedLastTimestamp'),
    stringAt(object, 'eventTime'),
  ].filter(isTime);
  const latest = seen.reduce(
    (last, time) => (last === '' || Date.parse(time) > Date.parse(last) ? time : last),
    '',
  );
  return {
    type: stringAt(object, 'type'),
    reason: stringAt(object, 'reason'),
    message: stringAt(object, 'message') || stringAt(object, 'note'),
    subject: {
      apiVersion: stringAt(subject, 'apiVersion'),
      kind: stringAt(subject, 'kind'),
      namespace: stringAt(subject, 'namespace'),
      name: stringAt(subject, 'name'),
      uid: stringAt(subject, 'uid'),
      fieldPath: stringAt(subject, 'fieldPath'),
    },
    count: Math.max(
      1,
      numberAt(series, 'count'),
      numberAt(object, 'count'),
      numberAt(object, 'deprecatedCount'),
    ),
    firstSeen: begun ?? created,
    lastSeen: latest === '' ? (begun ?? created) : latest,
    source: sourceOf(object),
    object,
  };
}

function sourceOf(object: JsonObject): string {
  return (
    stringAt(objectAt(object, 'source'), 'component') ||
    stringAt(objectAt(object, 'deprecatedSource'), 'component') ||
    stringAt(object, 'reportingComponent') ||
    stringAt(object, 'reportingController')
  );
}

/** True for a time that can be read and is not Go's zero time. */
function isTime(text: string): boolean {
  return text !== '' && !text.startsWith('0001-01-01') && !Number.isNaN(Date.parse(text));
}

/**
 * Returns the events that are about an object. The UID decides, so that events of an earlier object
 * of the same name do not count. An event without UID counts by kind, namespace and name. For nodes
 * the kubelet writes the name where the UID belongs, as kubectl describe knows too.
 */
export function eventsOfObject(events: readonly ObjectEvent[], object: KubeObject): readonly ObjectEvent[] {
  const [name, uid, namespace] = [nameOf(object), uidOf(object), namespaceOf(object)];
  return events.filter(({ subject }) => {
    if (subject.kind !== object.kind || subject.name !== name) return false;
    if (namespace !== '' && subject.namespace !== '' && subject.namespace !== namespace) return false;
    return uid === '' || subject.uid === '' || subject.uid === uid || subject.uid === name;
  });
}

/** Returns events in the order of the time last seen, newest last; those without a time first. */
export function byLastSeen(events: readonly ObjectEvent[]): readonly ObjectEvent[] {
  const timeOf = (event: ObjectEvent): number => Date.parse(event.lastSeen) || 0;
  return [...events].sort((a, b) => timeOf(a) - timeOf(b) || (nameOf(a.object) < nameOf(b.object) ? -1 : 1));
}

/** Selects the events of one object, before anything but its kind and name is known. */
export interface EventQuery {
  readonly kind: string;
  /** Undefined: those of all objects of the kind. */
  readonly name: string | undefined;
  /** Undefined: all namespaces. Events of cluster-scoped objects are in `default`. */
  readonly namespace: string | undefined;
}

/** Returns the field selector of an object's events, for events of `v1`. */
export function eventSelector({ kind, name }: Pick<EventQuery, 'kind' | 'name'>): string {
  const ofKind = `involvedObject.kind=${escapeFieldValue(kind)}`;
  return name === undefined ? ofKind : `${ofKind},involvedObject.name=${escapeFieldValue(name)}`;
}

/**
 * Lists the events that name an object of this kind and name, newest last. Filter them with
 * {@link eventsOfObject} once the UID is known.
 * @param type of the events; default: events of `v1`, whose field selectors every server has
 * @throws RefusedError, ServerError, ConnectionError
 */
export async function listObjectEvents(
  send: Send,
  query: EventQuery,
  options: ListOptions,
  type: ResourceType | undefined = wellKnownType('events'),
): Promise<readonly ObjectEvent[]> {
  if (type === undefined) return [];
  const events: ObjectEvent[] = [];
  const pages = listPages(
    send,
    {
      ...{ type, namespace: query.namespace, as: 'objects', withoutManagedFields: true },
      fieldSelector: eventSelector(query),
    },
    options,
  );
  for await (const page of pages) {
    if (page.kind === 'objects') for (const object of page.objects) events.push(eventOf(object));
  }
  return byLastSeen(events);
}
