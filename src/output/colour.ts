// Terminal colours by meaning. Entry points: openPalette, which loads chalk only if colours are
// used, and withColours.

import type { ColorLevel, Painted } from '../io/io.ts';

/** Adds colour to a text. */
export type Paint = (text: string) => string;

/** A colour for each meaning. */
export interface Palette {
  readonly header: Paint;
  readonly faint: Paint;
  readonly good: Paint;
  readonly warning: Paint;
  readonly bad: Paint;
  readonly key: Paint;
  readonly string: Paint;
  readonly number: Paint;
  readonly constant: Paint;
}

/**
 * Loads the palette.
 * @returns undefined if the terminal has no colours or the user does not want any
 */
export async function openPalette(level: ColorLevel): Promise<Palette | undefined> {
  if (level === 0) return undefined;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level });
  return {
    header: chalk.bold,
    faint: chalk.dim,
    good: chalk.green,
    warning: chalk.yellow,
    bad: chalk.red,
    key: chalk.cyan,
    string: chalk.green,
    number: chalk.yellow,
    constant: chalk.magenta,
  };
}

/**
 * Makes text for a {@link Sink} that keeps the colours of the palette. Text from elsewhere must be
 * escaped already, by escape.ts: otherwise its escape sequences would reach the terminal.
 * @param palette the palette of the text; undefined: the text has no colours and is a plain string
 */
export function withColours(palette: Palette | undefined, text: string): string | Painted {
  return palette === undefined ? text : ({ painted: text } as Painted);
}

const goodStates = new Set(
  'Running Completed Succeeded Complete Ready Active Bound Available Healthy Established True Normal'.split(
    ' ',
  ),
);
const waitingStates = new Set(
  'Pending ContainerCreating PodInitializing Terminating Released Suspended SchedulingDisabled Warning Progressing NotReady Unknown'.split(
    ' ',
  ),
);
const badState = new RegExp(
  '^(?:Init:)?(?:Error|Failed|Lost|Evicted|OOMKilled|False|ContainerStatusUnknown|InvalidImageName|NodeLost|' +
    'DeadlineExceeded|ExitCode:[1-9]\\d*|Signal:\\d+|Crash\\w*|Err\\w*|\\w*(?:Error|BackOff|Killed|Failed|Expired))$',
);
const fraction = /^(\d+)\/(\d+)$/;

/** Headers of columns that show a state. */
const stateColumns = new Set([
  'STATUS',
  'PHASE',
  'STATE',
  'TYPE',
  'READY',
  'COMPLETIONS',
  'AVAILABLE',
  'SYNCED',
]);

/** States after which nothing needs to be ready: `0/1` is then not a problem. */
const finishedStates = new Set(['Completed', 'Succeeded', 'Complete']);

/**
 * Returns the colour for the content of a cell, or undefined.
 * @param row all cells of its row
 */
export function paintOfCell(
  palette: Palette,
  header: string,
  cell: string,
  row: readonly string[] = [],
): Paint | undefined {
  if (header === 'NAMESPACE' || header === 'TIME') return palette.faint;
  if (header === 'EVENT') return paintOfEvent(palette, cell.trimEnd());
  if (!stateColumns.has(header)) return undefined;
  const parts = fraction.exec(cell);
  if (parts !== null) {
    if (parts[1] === parts[2]) return undefined;
    if (header !== 'READY' || row.some((other) => finishedStates.has(other))) return undefined;
    return palette.warning;
  }
  // `Ready,SchedulingDisabled`, `Init:0/2`: the worst part decides.
  const states = cell.split(',');
  if (states.some((state) => badState.test(state))) return palette.bad;
  if (states.some((state) => waitingStates.has(state) || state.startsWith('Init:'))) return palette.warning;
  return states.every((state) => goodStates.has(state)) ? palette.good : undefined;
}

function paintOfEvent(palette: Palette, event: string): Paint | undefined {
  switch (event) {
    case 'ADDED':
      return palette.good;
    case 'MODIFIED':
      return palette.warning;
    case 'DELETED':
      return palette.bad;
    default:
      return undefined;
  }
}
