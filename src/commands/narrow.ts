// Derives what the server can select from a CEL condition. Entry point: narrow(). Pure.

import { escapeFieldValue } from '../model/field-selector.ts';
import { pathSegmentProblem } from '../model/path-segment.ts';
import { groupResourceOf, type ResourceType } from '../model/resource.ts';
import type { Condition } from './where.ts';

/** Where the server searches for objects. */
export interface Narrowed {
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly fieldSelector: string | undefined;
}

/**
 * Adds what the server can select from a condition: names as field selectors, and the namespace as
 * the path if the request is for all namespaces.
 */
export function narrow(
  { terms }: Pick<Condition, 'terms'>,
  type: ResourceType,
  namespace: string | undefined,
  fieldSelector: string | undefined,
): Narrowed {
  const isPods = groupResourceOf(type) === 'pods';
  const selectors = [
    ...(fieldSelector === undefined ? [] : [fieldSelector]),
    ...(terms.name === undefined ? [] : [`metadata.name=${escapeFieldValue(terms.name)}`]),
    ...(terms.nodeName === undefined || !isPods ? [] : [`spec.nodeName=${escapeFieldValue(terms.nodeName)}`]),
  ];
  const isPath =
    type.namespaced && terms.namespace !== undefined && pathSegmentProblem(terms.namespace) === undefined;
  return {
    namespace: namespace ?? (isPath ? terms.namespace : undefined),
    fieldSelector: selectors.length === 0 ? undefined : selectors.join(','),
  };
}
