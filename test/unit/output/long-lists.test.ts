// Printing a long list in every format: the event loop runs again and again meanwhile, so that a
// signal and a closed pipe end the command. Counts objects instead of milliseconds.
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/object.ts';
import type { Page } from '../../../src/model/page.ts';
import type { OutputFormat } from '../../../src/output/format.ts';
import { openPrinter } from '../../../src/output/printer.ts';
import { memorySink } from './memory-sink.ts';
import { column, plainOptions, pods } from './things.ts';

const count = 20_000;
/** Max objects between two writes: the largest batch of a printer is 8,192. */
const maxBatch = 8_200;

/** Objects that report when the field `.spec.field` of one is read the first time. */
function reportingObjects(report: () => void): KubeObject[] {
  return Array.from({ length: count }, (_, index) => {
    let isRead = false;
    const spec = {
      get field(): string {
        if (!isRead) report();
        isRead = true;
        return `value-${index}`;
      },
    };
    return { apiVersion: 'v1', kind: 'Pod', metadata: { name: `pod-${index}` }, spec };
  });
}

/** Rows whose cell reports when it is read the first time. */
function reportingRows(report: () => void): Page {
  const rows = reportingObjects(report).map((object) => ({
    cells: Object.defineProperty([''], 0, {
      get: () => (object['spec'] as { readonly field: string }).field,
      enumerable: true,
    }),
    object,
  }));
  const table = {
    columns: [column('Name')],
    rows,
    continue: '',
    resourceVersion: '7',
    remainingItemCount: 0,
  };
  return { kind: 'table', type: pods, table };
}

async function batchesOf(
  format: OutputFormat,
  pageOf: (report: () => void) => Page,
  options: object = {},
): Promise<{ readonly total: number; readonly longest: number }> {
  let [total, sinceWrite, longest] = [0, 0, 0];
  const sink = memorySink();
  const out = {
    ...sink,
    write: (): void => {
      longest = Math.max(longest, sinceWrite);
      sinceWrite = 0;
    },
  };
  const page = pageOf(() => {
    total += 1;
    sinceWrite += 1;
  });
  const printer = await openPrinter({ ...plainOptions, ...options, format }, out);
  await printer.page(page);
  await printer.end();
  return { total, longest: Math.max(longest, sinceWrite) };
}

const whole: readonly OutputFormat[] = [
  ...(['json', 'yaml', 'kyaml', 'ndjson'] as const).map((kind) => ({ kind })),
  { kind: 'custom-columns', spec: 'A:.spec.field', source: 'spec' },
  ...[
    '{.items}',
    '{$}',
    '{.items[*]}',
    '{.items[*].spec.field}',
    '{..field}',
    '{.items[:-1]}',
    '{range .items[?(@.spec.field)]}{.metadata.name}{end}',
    "{.items[*]['spec.field','kind']}",
  ].flatMap((template): OutputFormat[] => [
    { kind: 'jsonpath', template },
    { kind: 'jsonpath-as-json', template },
  ]),
];

const nameOf = (format: OutputFormat): string =>
  'template' in format ? `${format.kind}=${format.template}` : format.kind;

describe(`a list of ${count} objects in one page`, () => {
  const objects = (report: () => void): Page => ({
    kind: 'objects',
    type: pods,
    objects: reportingObjects(report),
    resourceVersion: '7',
  });

  it.each(whole.map((format) => [nameOf(format), format] as const))(
    'is printed in batches: %s',
    async (_, format) => {
      const { total, longest } = await batchesOf(format, objects);
      expect(total).toBeGreaterThan(count - 2);
      expect(longest).toBeLessThan(maxBatch);
    },
  );

  it.each(['table', 'csv'] as const)('is printed in batches of rows: %s', async (kind) => {
    const format: OutputFormat = kind === 'table' ? { kind, wide: false } : { kind };
    const { total, longest } = await batchesOf(format, reportingRows);
    expect(total).toBe(count);
    expect(longest).toBeLessThan(maxBatch);
  });

  it('is sorted in batches', async () => {
    const { total, longest } = await batchesOf({ kind: 'json' }, objects, { sortBy: '.spec.field' });
    expect(total).toBe(count);
    expect(longest).toBeLessThan(maxBatch);
  });
});
