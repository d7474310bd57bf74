// What is known about the field under the cursor, next to or below the tree. Pure. Entry points:
// factLines(), beside(), wrapped().

import { jsonPathOf, type PathStep } from '../model/field-path.ts';
import { displayWidth } from '../output/display-width.ts';
import { escapeLine } from '../output/escape.ts';
import { cut, type Line } from './layout.ts';
import { widthOf } from './keymap.ts';

/** What the schema and the object say about a field. */
export interface FieldFacts {
  /** `string`, `[]Container`; empty if the schema is not known. */
  readonly type: string;
  readonly isRequired: boolean;
  /** Empty: none. */
  readonly fallback: string;
  /** Allowed values. Empty: any. */
  readonly values: readonly string[];
  readonly description: string;
  /** `kubectl-create, Update, 2026-01-01T00:00:00Z`: the managers that own the field. */
  readonly owners: readonly string[];
  /** Why there is no documentation. Empty: there is, or it is being read. */
  readonly problem: string;
}

/**
 * @param facts undefined: not read yet
 * @param columns width of the pane
 */
export function factLines(path: readonly PathStep[], facts: FieldFacts | undefined, columns: number): Line[] {
  const lines: Line[] = wrapped(jsonPathOf(path), columns).map((text) => [{ text, style: 'header' }]);
  const add = (label: string, value: string): void => {
    wrapped(`${label} ${value}`, columns).forEach((text, at) => {
      lines.push(
        at === 0
          ? [
              { text: label, style: 'faint' },
              { text: text.slice(label.length), style: 'plain' },
            ]
          : [{ text, style: 'plain' }],
      );
    });
  };
  if (facts === undefined) return lines;
  if (facts.type !== '') add('type', `${facts.type}${facts.isRequired ? ', required' : ''}`);
  if (facts.fallback !== '') add('default', facts.fallback);
  if (facts.values.length > 0) add('one of', facts.values.join(', '));
  for (const owner of facts.owners) add('set by', owner);
  if (facts.problem !== '')
    lines.push(...wrapped(facts.problem, columns).map((text): Line => [{ text, style: 'warning' }]));
  if (facts.description !== '') {
    lines.push([]);
    for (const paragraph of facts.description.trim().split('\n'))
      lines.push(...wrapped(paragraph, columns).map((text): Line => [{ text, style: 'plain' }]));
  }
  return lines;
}

/** Joins two blocks of lines side by side. @param width of the left one */
export function beside(left: readonly Line[], right: readonly Line[], width: number, height: number): Line[] {
  return Array.from({ length: Math.min(height, Math.max(left.length, right.length)) }, (_, at): Line => {
    const line = cut(left[at] ?? [], width);
    const blank = ' '.repeat(Math.max(0, width - widthOf(line)));
    return [...line, { text: `${blank} │ `, style: 'faint' }, ...(right[at] ?? [])];
  });
}

/** Wraps a text to lines of at most this number of columns, between words if possible. */
export function wrapped(text: string, columns: number): string[] {
  const width = Math.max(8, columns);
  const lines: string[] = [];
  let line = '';
  for (const word of escapeLine(text).split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (displayWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (displayWidth(line) > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  return [...lines, line];
}
