// What kapi diff compares: two states of each object, from wherever they come.

import type { KapiError } from '../../errors.ts';
import type { KubeObject } from '../../model/object.ts';
import type { ResourceType } from '../../model/resource.ts';

/** Two states of an object. At least one exists. */
export interface Pair {
  readonly type: ResourceType;
  /** Empty for cluster-scoped types. */
  readonly namespace: string;
  readonly name: string;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

/** All pairs, and what could not be read. */
export interface Comparison {
  /** Names of the two sides: contexts, moments. */
  readonly labels: readonly [before: string, after: string];
  /** Words for an object that only one side has, and for one that differs. */
  readonly words: { readonly added: string; readonly removed: string; readonly changed: string };
  readonly pairs: readonly Pair[];
  readonly failures: readonly KapiError[];
  /** False if the sides are of different namespaces, whose names are then not compared. */
  readonly sameNamespace: boolean;
}
