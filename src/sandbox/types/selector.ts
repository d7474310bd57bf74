// Matches labels with a LabelSelector of an object. Selectors in the query of a list:
// model/label-selector.ts.

import { stringEntries, objectsAt } from '../../model/fields.ts';
import { objectAt, stringAt, stringsAt, type JsonObject } from '../../model/object.ts';

/**
 * True if a selector selects the labels. An absent selector selects nothing, an empty one
 * everything, and an expression with an unknown operator nothing.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function selectorMatches(selector: JsonObject | undefined, labels: JsonObject | undefined): boolean {
  if (selector === undefined) return false;
  return (
    stringEntries(objectAt(selector, 'matchLabels')).every(([key, value]) => labels?.[key] === value) &&
    objectsAt(selector, 'matchExpressions').every((expression) => {
      const key = stringAt(expression, 'key');
      // Own properties only, because of keys such as `constructor`.
      const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
      const isListed = typeof value === 'string' && stringsAt(expression, 'values').includes(value);
      switch (expression.operator) {
        case 'In':
          return isListed;
        case 'NotIn':
          return !isListed;
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
        default:
          return false;
      }
    })
  );
}
