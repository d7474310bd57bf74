// How far the objects of a watch have come towards what `--until` waits for. Entry point: openGoal(). No I/O.

import { UsageError } from '../../errors.ts';
import { objectOf, type Change } from '../../model/change.ts';
import { arrayAt, isJsonObject, objectAt, stringAt, type Json, type JsonObject } from '../../model/object.ts';
import { groupResourceOf } from '../../model/resource.ts';
import { findJsonPath, parseRelaxedJsonPath, printFound } from '../../output/jsonpath.ts';
import { kindPrefix } from '../../output/name.ts';
import type { Goal } from './options.ts';

export interface GoalTracker {
  /** @param initial the object was there at the start */
  take(change: Change, initial: boolean): void;
  /** Whether all is as wanted; meaningful when every object of the start was taken. */
  reached(): boolean;
  /** kubectl's names (`pods/web`) of what is still missing. */
  missing(): readonly string[];
  /** kubectl's names (`pod/web`) of what is as wanted. */
  met(): readonly string[];
}

/**
 * `condition` and `jsonpath` are reached when at least one object is there and all that are there are as wanted;
 * `create` when one is there; `delete` when those of the start are gone, whatever came under their names later.
 * @throws UsageError for a path that cannot be understood
 */
export function openGoal(goal: Goal): GoalTracker {
  switch (goal.kind) {
    case 'condition':
      return new EveryObject((object) => hasCondition(object, goal.type, goal.status));
    case 'jsonpath':
      return new EveryObject(pathTest(goal));
    case 'create':
      return new EveryObject(() => true);
    case 'delete':
      return new Gone();
  }
}

interface Seen {
  readonly change: Change;
  readonly met: boolean;
}

class EveryObject implements GoalTracker {
  readonly #test: (object: JsonObject) => boolean;
  readonly #seen = new Map<string, Seen>();
  #unmet = 0;

  constructor(test: (object: JsonObject) => boolean) {
    this.#test = test;
  }

  take(change: Change): void {
    const key = keyOf(change);
    if (this.#seen.get(key)?.met === false) this.#unmet--;
    if (change.change === 'DELETED') {
      this.#seen.delete(key);
      return;
    }
    const met = this.#test(objectOf(change) ?? {});
    if (!met) this.#unmet++;
    this.#seen.set(key, { change: identityOf(change), met });
  }

  reached(): boolean {
    return this.#seen.size > 0 && this.#unmet === 0;
  }

  missing(): readonly string[] {
    return [...this.#seen.values()].flatMap(({ change, met }) => (met ? [] : [resourceName(change)]));
  }

  met(): readonly string[] {
    return [...this.#seen.values()].flatMap(({ change, met }) => (met ? [kindName(change)] : []));
  }
}

class Gone implements GoalTracker {
  readonly #there = new Map<string, Change>();
  readonly #gone: string[] = [];

  take(change: Change, initial: boolean): void {
    const key = `${keyOf(change)} ${change.uid}`;
    if (change.change === 'DELETED') {
      if (this.#there.delete(key)) this.#gone.push(kindName(change));
    } else if (initial) {
      this.#there.set(key, identityOf(change));
    }
  }

  reached(): boolean {
    return this.#there.size === 0;
  }

  missing(): readonly string[] {
    return [...this.#there.values()].map(resourceName);
  }

  met(): readonly string[] {
    return this.#gone;
  }
}

/** A change without its object, which would be held for nothing. */
function identityOf(change: Change): Change {
  return { ...change, entry: { kind: 'row', columns: [], row: { cells: [] } } };
}

function keyOf({ type, namespace, name }: Change): string {
  return `${groupResourceOf(type)}/${namespace}/${name}`;
}

function resourceName({ type, name }: Change): string {
  return `${groupResourceOf(type)}/${name}`;
}

function kindName({ type, name }: Change): string {
  return `${kindPrefix(type)}/${name}`;
}

/** As in kubectl, a condition that was made for an older generation of the object does not count. */
function hasCondition(object: JsonObject, type: string, status: string): boolean {
  const wanted = type.toLowerCase();
  const statusPart = objectAt(object, 'status');
  const condition = arrayAt(statusPart, 'conditions')
    .filter(isJsonObject)
    .find((one) => stringAt(one, 'type').toLowerCase() === wanted);
  if (condition === undefined) return false;
  const generation = objectAt(object, 'metadata')?.['generation'];
  const observed = condition['observedGeneration'] ?? statusPart?.['observedGeneration'];
  if (typeof generation === 'number' && typeof observed === 'number' && observed < generation) return false;
  return stringAt(condition, 'status').toLowerCase() === status.toLowerCase();
}

function pathTest({
  path,
  value,
}: Extract<Goal, { readonly kind: 'jsonpath' }>): (object: JsonObject) => boolean {
  const template = parseRelaxedJsonPath(path);
  return (object) => {
    const found = findJsonPath(template, object).flat();
    if (value === undefined) return found.length > 0;
    if (found.length > 1) throw manyValues('given jsonpath expression matches more than one value', path);
    const [only] = found;
    return only !== undefined && textOfValue(only, path).trim() === value.trim();
  };
}

function textOfValue(value: Json, path: string): string {
  if (value === null) return '<nil>';
  if (typeof value === 'object') {
    throw manyValues('jsonpath leads to a nested object or list which is not supported', path);
  }
  return printFound(value);
}

function manyValues(message: string, path: string): UsageError {
  return new UsageError(message, {
    code: 'BadJsonPath',
    hint: `${path} of --until has to lead to one value that can be compared`,
  });
}
