// The meanings of the pieces of a frame, and how a terminal shows them.

import chalk from 'chalk';
import { paintOfCell, type Palette } from '../output/colour.ts';

export type Style =
  | 'plain'
  | 'header'
  | 'faint'
  | 'good'
  | 'warning'
  | 'bad'
  | 'selected'
  | 'found'
  | 'hotkey'
  | 'key'
  | 'string'
  | 'number'
  | 'constant'
  | 'added'
  | 'added-faint'
  | 'modified'
  | 'modified-faint'
  | 'deleted'
  | 'deleted-faint';

/** How a terminal shows a meaning. */
interface TextStyle {
  readonly color?: 'green' | 'yellow' | 'red' | 'cyan' | 'magenta';
  readonly bold?: boolean;
  readonly dimColor?: boolean;
  readonly inverse?: boolean;
  readonly strikethrough?: boolean;
}

const textStyles: Readonly<Record<Style, TextStyle>> = {
  plain: {},
  header: { bold: true },
  faint: { dimColor: true },
  good: { color: 'green' },
  // Bold, because plain yellow is hard to read on a light background.
  warning: { color: 'yellow', bold: true },
  bad: { color: 'red' },
  selected: { inverse: true },
  found: { bold: true, inverse: true },
  hotkey: { bold: true },
  key: { color: 'cyan' },
  string: { color: 'green' },
  number: { color: 'yellow' },
  constant: { color: 'magenta' },
  added: { color: 'green', bold: true },
  'added-faint': { color: 'green', dimColor: true },
  modified: { color: 'yellow', bold: true },
  'modified-faint': { color: 'yellow', dimColor: true },
  deleted: { color: 'red', bold: true, strikethrough: true },
  'deleted-faint': { color: 'red', dimColor: true, strikethrough: true },
};

/** Returns a piece as text with escape sequences, at the level of chalk. */
export function paint({ text, style }: { readonly text: string; readonly style: Style }): string {
  const { color, bold, dimColor, inverse, strikethrough } = textStyles[style];
  let painted = text;
  if (dimColor === true) painted = chalk.dim(painted);
  if (color !== undefined) painted = chalk[color](painted);
  if (bold === true) painted = chalk.bold(painted);
  if (strikethrough === true) painted = chalk.strikethrough(painted);
  return inverse === true ? chalk.inverse(painted) : painted;
}

const same = (text: string): string => text;

/** A palette that returns meanings instead of colours: its result shows the meaning of a cell. */
const meanings: Palette = {
  header: (text) => same(text),
  faint: (text) => same(text),
  good: (text) => same(text),
  warning: (text) => same(text),
  bad: (text) => same(text),
  key: (text) => same(text),
  string: (text) => same(text),
  number: (text) => same(text),
  constant: (text) => same(text),
};

/**
 * Returns the meaning of a cell, by the rules of printed tables.
 * @param row all cells of its row
 */
export function styleOfCell(title: string, cell: string, row: readonly string[]): Style {
  const paint = paintOfCell(meanings, title, cell, row);
  if (paint === meanings.good) return 'good';
  if (paint === meanings.warning) return 'warning';
  if (paint === meanings.bad) return 'bad';
  return paint === meanings.faint ? 'faint' : 'plain';
}
