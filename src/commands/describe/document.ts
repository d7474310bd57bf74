// A summary as JSON, for -o json, yaml and ndjson. Entry points: summaryDocument(),
// problemDocument(). Pure.

import type { ObjectEvent } from '../../api/object-events.ts';
import { nameOf, namespaceOf, uidOf } from '../../model/fields.ts';
import { objectAt, stringAt, type Json, type JsonObject } from '../../model/object.ts';
import { groupResourceOf } from '../../model/resource.ts';
import type { Condition, ContainerFacts, Exit, OwnedObject, Owner, Problem, Summary } from './summary.ts';

/**
 * Returns a summary as a document. Omits parts without content. Events that were not read are null.
 */
export function summaryDocument(summary: Summary): JsonObject {
  const { type, object, status, details, problems, conditions, containers, deletion } = summary;
  return withoutEmpty({
    apiVersion: object.apiVersion,
    kind: object.kind,
    type: groupResourceOf(type),
    namespace: namespaceOf(object),
    name: nameOf(object),
    uid: uidOf(object),
    created: stringAt(object.metadata, 'creationTimestamp'),
    status,
    problems: problems.map((problem) => problemDocument(problem)),
    conditions: conditions.map(conditionDocument),
    containers: containers.map(containerDocument),
    deletion: deletion === undefined ? undefined : { ...deletion, finalizers: summary.finalizers },
    finalizers: summary.finalizers,
    labels: objectAt(object.metadata, 'labels'),
    details: Object.fromEntries(
      details
        .filter(({ name }) => name !== 'Labels')
        .map(({ name, lines }) => [name, lines.length === 1 ? (lines[0] ?? '') : lines]),
    ),
    owners: summary.owners.map(ownerDocument),
    owned: summary.owned.map(ownedDocument),
    changes: summary.changes.map((change) => withoutEmpty({ ...change })),
    events: summary.events === undefined ? null : summary.events.map(eventDocument),
    leftOut: summary.leftOut,
  });
}

/**
 * Returns a problem as a document.
 * @param namespace namespace of the object that it was found for
 */
export function problemDocument(
  { object, part, reason, message, since }: Problem,
  namespace = '',
): JsonObject {
  return withoutEmpty({ namespace, object, part, reason, message, since });
}

function conditionDocument({ type, status, reason, message, since, judgement }: Condition): JsonObject {
  return withoutEmpty({ type, status, reason, message, since, judgement });
}

function containerDocument(container: ContainerFacts): JsonObject {
  const { name, kind, image, state, reason, message, since, ready, restarts, exit, lastExit } = container;
  return withoutEmpty({
    ...{ name, kind, image, state, reason, message, since, ready, restarts },
    exit: exit === undefined ? undefined : exitDocument(exit),
    lastExit: lastExit === undefined ? undefined : exitDocument(lastExit),
    details: Object.fromEntries(container.details.map((detail) => [detail.name, detail.lines.join('\n')])),
  });
}

function exitDocument({ code, signal, reason, message, at }: Exit): JsonObject {
  return withoutEmpty({ code, signal: signal === 0 ? undefined : signal, reason, message, at });
}

function ownerDocument({ kind, name, uid, controller, state, note, owners }: Owner): JsonObject {
  return withoutEmpty({ kind, name, uid, controller, state, note, owners: owners.map(ownerDocument) });
}

function ownedDocument({ type, namespace, name, uid, note, owned }: OwnedObject): JsonObject {
  return withoutEmpty({
    ...{ type: groupResourceOf(type), namespace, name, uid, note },
    owned: owned.map(ownedDocument),
  });
}

function eventDocument({
  type,
  reason,
  message,
  count,
  firstSeen,
  lastSeen,
  source,
}: ObjectEvent): JsonObject {
  return withoutEmpty({ type, reason, message, count, firstSeen, lastSeen, source });
}

function withoutEmpty(document: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
