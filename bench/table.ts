// Formats the findings as a table. Pure. Entry point: formatTable.
import type { CaseResult, Finding, Metric, PartWithout, Target } from './result.ts';

const words: Readonly<Record<Metric, string>> = {
  wall: 'wall',
  cpu: 'CPU',
  memory: 'peak memory',
  firstRow: 'first row',
  firstFrame: 'first frame',
  key: 'key answered (p95)',
  cpuPerEvent: 'CPU per event',
  cpuPerObject: 'CPU per object',
  cpuPerFurtherObject: 'CPU per further object',
};

/**
 * Returns a heading for each case, and below it a line for each Node and metric. Ends with a
 * newline.
 */
export function formatTable(results: readonly CaseResult[], without: readonly PartWithout[]): string {
  const rows: string[][] = [];
  const headings = new Map<number, string>();
  let title: string | undefined;
  for (const result of results) {
    if (result.title !== title) {
      headings.set(
        rows.length,
        `${result.title}${result.against === undefined ? '' : ` (against ${result.against})`}`,
      );
      title = result.title;
    }
    for (const finding of result.findings) rows.push([result.by, ...cellsOf(finding)]);
  }
  const head = ['', '', 'kapi', 'other', 'ratio', 'target', ''];
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells
      // Text is left-aligned, numbers are right-aligned.
      .map((cell, column) =>
        column < 2 || column > 4 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')}`.trimEnd();
  const lines = [line(head)];
  rows.forEach((row, index) => {
    const heading = headings.get(index);
    if (heading !== undefined) lines.push(heading);
    lines.push(line(row));
  });
  for (const { part, title: of, remarks } of results) {
    for (const remark of remarks) lines.push(`note: ${part}, ${of}: ${remark}`);
  }
  for (const { part, outcome, why } of without) lines.push(`${outcome}: ${part}: ${why}`);
  return `${lines.join('\n')}\n`;
}

function cellsOf(finding: Finding): string[] {
  const { metric, ours, theirs, ratio, target, isMet } = finding;
  return [
    words[metric],
    formatValue(metric, ours),
    theirs === undefined ? '' : formatValue(metric, theirs),
    ratio === undefined ? '' : ratio.toFixed(ratio < 0.1 ? 3 : 2),
    target === undefined ? '' : formatTarget(metric, target),
    isMet === undefined ? '' : isMet ? 'met' : 'MISSED',
  ];
}

function formatTarget(metric: Metric, { ratio, value }: Target): string {
  return [
    ...(ratio === undefined ? [] : [`<= ${ratio}`]),
    ...(value === undefined ? [] : [`<= ${formatValue(metric, value)}`]),
  ].join(', ');
}

/** Three significant digits and a unit. */
export function formatValue(metric: Metric, value: number): string {
  switch (metric) {
    case 'memory':
      return `${digits(value / 1_024)} MB`;
    case 'cpuPerEvent':
    case 'cpuPerObject':
    case 'cpuPerFurtherObject':
      return `${digits(value)} us`;
    default:
      return value < 1_000 ? `${digits(value)} ms` : `${digits(value / 1_000)} s`;
  }
}

function digits(value: number): string {
  if (Math.abs(value) >= 99.95) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 9.995 ? 1 : 2);
}
