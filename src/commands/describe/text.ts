// Formats a summary as text. Entry points: summaryText(), problemText(). Escapes everything from
// the server before it is coloured.

import { ageOf } from '../../model/age.ts';
import { nameOf, namespaceOf } from '../../model/fields.ts';
import { stringAt } from '../../model/object.ts';
import type { Paint, Palette } from '../../output/colour.ts';
import { Columns } from '../../output/columns.ts';
import { displayWidth } from '../../output/display-width.ts';
import { escapeLine } from '../../output/escape.ts';
import { wrapLine } from '../../output/wrap.ts';
import { exitText } from './containers.ts';
import { objectLabel } from './object-label.ts';
import type { Condition, ContainerFacts, OwnedObject, Owner, Problem, Summary } from './summary.ts';

/** Max lines of a list of objects. The rest is counted. */
const maxListed = 20;
const maxEvents = 25;
const maxChanges = 3;
const maxChangedFields = 4;

/** Max lines of one detail, such as the pods of a node. `-o json` has all. */
const maxDetailLines = 120;

const plain: Paint = (text) => text;

interface Style {
  readonly header: Paint;
  readonly faint: Paint;
  readonly good: Paint;
  readonly warning: Paint;
  readonly bad: Paint;
}

function styleOf(palette: Palette | undefined): Style {
  return palette ?? { header: plain, faint: plain, good: plain, warning: plain, bad: plain };
}

/**
 * Returns the summary as lines, each ended by a newline.
 * @param palette undefined: no colours
 * @param columns width of the terminal, to which facts are wrapped. Undefined: no terminal
 */
export function summaryText(
  summary: Summary,
  now: Date,
  palette: Palette | undefined,
  columns: number | undefined,
): string {
  const style = styleOf(palette);
  const { type, object, status, problems, leftOut } = summary;
  const namespace = namespaceOf(object);
  const title = `${objectLabel(type, nameOf(object))}${namespace === '' ? '' : ` in namespace ${namespace}`}`;
  const created = stringAt(object.metadata, 'creationTimestamp');
  const facts: [string, string][] = [
    ['Age', `${ageOf(created, now)}${created === '' ? '' : ` (created ${created})`}`],
    ...(status === '' ? [] : ([['Status', status]] as [string, string][])),
    ...deletionFacts(summary, now),
    ...summary.details.flatMap(({ name, lines }) =>
      cutLines(lines).map((line, index): [string, string] => [index === 0 ? name : '', line]),
    ),
  ];
  const isProblem = problems.length > 0;
  return [
    `${style.header(escapeLine(title))}\n`,
    ...(isProblem
      ? section(
          'Problems',
          problems.flatMap((one) => wrapAtWords(problemLine(one, now), columns, 2).map(style.bad)),
          style,
        )
      : []),
    indented(factTable(facts, style, columns, 2)),
    ...section('Conditions', conditionLines(summary.conditions, now, style), style),
    ...section(
      'Containers',
      summary.containers.flatMap((one) => containerLines(one, now, style, columns)),
      style,
    ),
    ...section(
      'Owners',
      summary.owners.flatMap((owner) => ownerLines(owner, style)),
      style,
    ),
    ...section('Owns', ownedLines(summary.owned), style),
    ...section('Last changes', changeLines(summary, now), style),
    ...section('Events', eventLines(summary, now, style), style),
    ...leftOut.map((line) => `${style.faint(`note: ${escapeLine(line)}`)}\n`),
  ].join('');
}

function cutLines(lines: readonly string[]): readonly string[] {
  const left = lines.length - maxDetailLines;
  return left <= 1 ? lines : [...lines.slice(0, maxDetailLines), `and ${left} more lines`];
}

/** Returns a problem on one line. @param namespace shown before the object if it is not empty */
export function problemText(
  problem: Problem,
  now: Date,
  palette: Palette | undefined,
  namespace = '',
): string {
  const where = namespace === '' ? '' : `${escapeLine(namespace)}: `;
  return `${where}${styleOf(palette).bad(problemLine(problem, now))}\n`;
}

function problemLine({ object, part, reason, message, since }: Problem, now: Date): string {
  const age = since === '' ? '' : ` (since ${ageOf(since, now)})`;
  return escapeLine(`${[object, part, reason, message].filter((text) => text !== '').join(': ')}${age}`);
}

function section(title: string, lines: readonly string[], { header }: Style): string[] {
  if (lines.length === 0) return [];
  return [`${header(title)}\n`, ...lines.map((line) => `  ${line}\n`)];
}

/** Aligns rows of cells that are not escaped yet. */
function table(
  rows: readonly (readonly string[])[],
  paint?: (text: string, column: number) => string,
): string {
  return new Columns().format(
    rows.map((row) => row.map(escapeLine)),
    paint,
  );
}

/** Spaces between two columns. */
const gap = 3;

/** Aligns names and values. @param indent spaces that the caller puts before each line */
function factTable(
  facts: readonly (readonly [string, string])[],
  { faint }: Style,
  columns: number | undefined,
  indent: number,
): string {
  const nameWidth = Math.max(0, ...facts.map(([name]) => displayWidth(escapeLine(name))));
  const rows = facts.flatMap(([name, value]) =>
    wrapAtWords(escapeLine(value), columns, indent + nameWidth + gap).map((line, index) => [
      index === 0 ? name : '',
      line,
    ]),
  );
  return table(rows, (text, column) => (column === 0 ? faint(text) : text));
}

/** Wraps a line at words. @param indent columns that are in use before each line */
function wrapAtWords(line: string, columns: number | undefined, indent: number): readonly string[] {
  if (columns === undefined) return [line];
  return wrapLine(line, columns - indent, (/^ */.exec(line)?.[0].length ?? 0) + 2).split('\n');
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

function linesOf(text: string): string[] {
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => line.trimEnd());
}

function deletionFacts({ deletion, finalizers }: Summary, now: Date): [string, string][] {
  if (deletion === undefined) {
    return finalizers.length === 0 ? [] : [['Finalizers', finalizers.join(', ')]];
  }
  const held = finalizers.length === 0 ? '' : `; waits for finalizers ${finalizers.join(', ')}`;
  return [
    [
      'Deletion',
      `requested ${ageOf(deletion.requested, now)} ago, grace period ${deletion.graceSeconds}s${held}`,
    ],
  ];
}

const marks = { bad: '!', unknown: ' ', good: ' ' } as const;

function conditionLines(conditions: readonly Condition[], now: Date, style: Style): string[] {
  const rows = conditions.map(({ type, status, reason, message, since, judgement }) => [
    `${marks[judgement]} ${type}`,
    status,
    since === '' ? '' : ageOf(since, now),
    [reason, message].filter((text) => text !== '').join(': '),
  ]);
  return linesOf(table(rows)).map((line, index) =>
    conditions[index]?.judgement === 'bad' ? style.bad(line) : line,
  );
}

function containerLines(
  container: ContainerFacts,
  now: Date,
  style: Style,
  columns: number | undefined,
): string[] {
  const { name, kind, image, state, reason, since, ready, restarts, exit, lastExit, message } = container;
  const states = {
    running: `running${since === '' ? '' : ` for ${ageOf(since, now)}`}${ready ? ', ready' : kind === 'container' || kind === 'sidecar' ? ', not ready' : ''}`,
    waiting: `waiting${reason === '' ? '' : `: ${reason}`}`,
    terminated:
      exit === undefined ? 'terminated' : `terminated: ${exitText(exit)}, ${ageOf(exit.at, now)} ago`,
    none: 'not started',
  } as const;
  const isBad =
    (state === 'waiting' && !/^(?:ContainerCreating|PodInitializing|)$/.test(reason)) ||
    (state === 'terminated' && exit !== undefined && exit.code !== 0);
  const head = `${kind === 'container' ? '' : `${kind} `}${name}: ${states[state]}${restarts === 0 ? '' : `, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`}`;
  const rows: [string, string][] = [
    ['Image', image],
    ...(message === '' ? [] : ([['Message', message]] as [string, string][])),
    ...(exit === undefined || exit.message === '' ? [] : ([['Message', exit.message]] as [string, string][])),
    ...(lastExit === undefined
      ? []
      : ([
          [
            'Last exit',
            `${exitText(lastExit)}, ${ageOf(lastExit.at, now)} ago${lastExit.message === '' ? '' : `: ${lastExit.message}`}`,
          ],
        ] as [string, string][])),
    ...container.details.map((detail): [string, string] => [detail.name, detail.lines.join(' ')]),
  ];
  const body = linesOf(factTable(rows, style, columns, 4));
  return [isBad ? style.bad(escapeLine(head)) : escapeLine(head), ...body.map((line) => `  ${line}`)];
}

function ownerLines(
  { kind, name, controller, state, note, owners }: Owner,
  style: Style,
  depth = 0,
): string[] {
  const stateText = state === 'found' ? note : state === 'gone' ? `gone: ${note}` : `not read: ${note}`;
  const line = escapeLine(
    `${'  '.repeat(depth)}${kind} ${name}${controller ? '' : ' (not the controller)'}${stateText === '' ? '' : `: ${stateText}`}`,
  );
  return [
    state === 'gone' ? style.warning(line) : line,
    ...owners.flatMap((owner) => ownerLines(owner, style, depth + 1)),
  ];
}

function ownedLines(owned: readonly OwnedObject[]): string[] {
  const lines: string[] = [];
  const walk = (objects: readonly OwnedObject[], depth: number): void => {
    for (const { type, name, note, owned: inner } of objects) {
      lines.push(
        escapeLine(`${'  '.repeat(depth)}${objectLabel(type, name)}${note === '' ? '' : `: ${note}`}`),
      );
      walk(inner, depth + 1);
    }
  };
  walk(owned, 0);
  const left = lines.length - maxListed;
  return left <= 0 ? lines : [...lines.slice(0, maxListed), `and ${left} more`];
}

function changeLines({ changes }: Summary, now: Date): string[] {
  const rows = changes.slice(0, maxChanges).map(({ manager, operation, subresource, time, fields }) => {
    const more = fields.length - maxChangedFields;
    return [
      time === '' ? 'unknown' : `${ageOf(time, now)} ago`,
      `${manager} (${operation}${subresource === '' ? '' : ` of ${subresource}`})`,
      `${fields.slice(0, maxChangedFields).join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    ];
  });
  const left = changes.length - maxChanges;
  return [
    ...linesOf(table(rows)),
    ...(left <= 0 ? [] : [`and ${left} earlier ${left === 1 ? 'manager' : 'managers'}`]),
  ];
}

function eventLines({ events }: Summary, now: Date, style: Style): string[] {
  if (events === undefined || events.length === 0) return [];
  const shown = events.slice(-maxEvents);
  const isRepeated = shown.some(({ count }) => count > 1);
  const rows = shown.map(({ type, reason, message, count, firstSeen, lastSeen, source }) => [
    `${ageOf(lastSeen, now)} ago`,
    type,
    reason,
    ...(isRepeated ? [count === 1 ? '' : `${count} times in ${ageOf(firstSeen, now)}`] : []),
    source,
    message,
  ]);
  const lines = linesOf(table(rows)).map((line, index) =>
    shown[index]?.type === 'Warning' ? style.warning(line) : line,
  );
  const left = events.length - shown.length;
  return left === 0 ? lines : [`${left} older ${left === 1 ? 'event' : 'events'} not shown`, ...lines];
}
