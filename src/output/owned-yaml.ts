// Formats YAML with the owners of each line. Entry point: ownedYamlLines(). Pure.

import type { OwnedPlace } from '../model/field-owners.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/object.ts';
import { compareNatural, yamlText } from './yaml.ts';

/** A line of YAML, and the owners of the field that it begins or continues. */
export interface OwnedLine<Manager> {
  readonly text: string;
  readonly owners: readonly Manager[];
}

/**
 * Returns the lines of an object as `-o yaml` prints them, with the owners of each. Follows the
 * object through the text: the emitter writes keys in a known order, each on its own line, and
 * indents the parts of a value deeper than its key.
 * @param escapeBidi true for a terminal
 */
export function ownedYamlLines<Manager>(
  object: JsonObject,
  root: OwnedPlace<Manager>,
  escapeBidi: boolean,
): readonly OwnedLine<Manager>[] {
  const texts = yamlText(object, { escapeBidi }).replace(/\n$/, '').split('\n');
  const lines: OwnedLine<Manager>[] = [];
  let at = 0;

  const take = (owners: readonly Manager[]): void => {
    lines.push({ text: texts[at++] ?? '', owners });
  };

  /** Takes the lines that continue a scalar whose key or dash is at a column. */
  const takeRest = (column: number, owners: readonly Manager[]): void => {
    while (at < texts.length && indentOf(texts[at] ?? '') > column) take(owners);
  };

  /** @param begun true if the first line was already taken, as the end of the line above */
  const walk = (value: Json, place: OwnedPlace<Manager>, column: number, begun: boolean): void => {
    let isOnLine = begun;
    const next = (owners: readonly Manager[]): void => {
      if (isOnLine) lines.splice(-1, 1, { text: lines.at(-1)?.text ?? '', owners });
      else take(owners);
      isOnLine = false;
    };
    if (isJsonArray(value)) {
      value.forEach((item, index) => {
        const below = place.element(item, index);
        next(below.owners);
        if (isFilled(item)) walk(item, below, column + 2, true);
        else takeRest(column, below.owners);
      });
      return;
    }
    if (!isJsonObject(value)) return;
    const keys = Object.keys(value).filter((key) => value[key] !== undefined);
    for (const key of keys.sort(compareNatural)) {
      const item = value[key] ?? null;
      const below = place.field(key);
      next(below.owners);
      if (isComplex(lines.at(-1)?.text ?? '', column)) {
        // `? key` on separate lines, then `: value`.
        takeRest(column, below.owners);
        take(below.owners);
        if (isFilled(item)) walk(item, below, column + 2, true);
        else takeRest(column, below.owners);
        continue;
      }
      if (isFilled(item)) walk(item, below, isJsonArray(item) ? column : column + 2, false);
      else takeRest(column, below.owners);
    }
  };
  walk(object, root, 0, false);
  // Includes all lines, whatever the emitter did.
  while (at < texts.length) take([]);
  return lines;
}

function isComplex(line: string, column: number): boolean {
  return line.charAt(column) === '?' && line.charAt(column + 1) === ' ';
}

/**
 * Returns the column of the first character that is not a space. Blank lines belong to the lines
 * before them.
 */
function indentOf(line: string): number {
  const found = line.search(/[^ ]/);
  return found < 0 ? Infinity : found;
}

function isFilled(value: Json): boolean {
  if (isJsonArray(value)) return value.length > 0;
  return isJsonObject(value) && Object.values(value).some((inner) => inner !== undefined);
}
