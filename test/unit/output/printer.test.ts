import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import type { Page } from '../../../src/model/page.ts';
import type { OutputFormat } from '../../../src/output/format.ts';
import { openPrinter } from '../../../src/output/printer.ts';
import { memorySink } from './memory-sink.ts';
import { column, nodes, objectPage, plainOptions, pods, tablePage } from './things.ts';

const formats: readonly OutputFormat[] = [
  { kind: 'table', wide: false },
  { kind: 'json' },
  { kind: 'yaml' },
  { kind: 'ndjson' },
  { kind: 'name' },
  { kind: 'jsonpath', template: '{.metadata}' },
  { kind: 'jsonpath-as-json', template: '{.metadata}' },
  { kind: 'custom-columns', spec: 'A:.metadata.name', source: 'spec' },
];

describe('openPrinter', () => {
  it.each(formats)('$kind writes nothing before a page or the end', async (format) => {
    const out = memorySink();
    await openPrinter({ ...plainOptions, format }, out);
    expect(out.writes).toEqual([]);
  });

  it.each(formats)('$kind prints an object', async (format) => {
    const out = memorySink();
    const printer = await openPrinter({ ...plainOptions, format, shape: 'object' }, out);
    await printer.page(objectPage(pods, { metadata: { name: 'the-name' } }));
    await printer.end();
    expect(out.text()).toContain('the-name');
  });
});

describe('--sort-by', () => {
  async function names(pages: readonly Page[], format: OutputFormat, sortBy: string): Promise<string> {
    const out = memorySink();
    const printer = await openPrinter({ ...plainOptions, format, sortBy }, out);
    for (const page of pages) await printer.page(page);
    expect(out.writes).toEqual([]);
    await printer.end();
    return out.text();
  }

  const b = { metadata: { name: 'b' }, spec: { n: 10 } };
  const a = { metadata: { name: 'a' }, spec: { n: 9 } };

  it('sorts objects of all pages', async () => {
    const pages = [objectPage(pods, b), objectPage(pods, a)];
    expect(await names(pages, { kind: 'name' }, '.metadata.name')).toBe('pod/a\npod/b\n');
    expect(await names(pages, { kind: 'name' }, '{.spec.n}')).toBe('pod/a\npod/b\n');
  });

  it('sorts rows of all pages by their objects', async () => {
    const columns = [column('Name'), column('Age')];
    const pages = [
      tablePage(pods, columns, [{ cells: ['b', '1d'], object: b }]),
      tablePage(pods, columns, [{ cells: ['a', '2d'], object: a }]),
    ];
    expect(await names(pages, { kind: 'table', wide: false }, '.spec.n')).toBe(
      'NAME   AGE\na      2d\nb      1d\n',
    );
  });

  it('sorts rows of several types separately', async () => {
    const ofPods = tablePage(
      pods,
      [column('Name')],
      [b, a].map((object) => ({ cells: [object.metadata.name], object })),
    );
    const ofNodes = tablePage(nodes, [column('Name')], [{ cells: ['n'], object: { spec: { n: 1 } } }]);
    expect(await names([ofPods, ofNodes], { kind: 'table', wide: false }, '.spec.n')).toBe(
      'NAME\na\nb\n\nNAME\nn\n',
    );
  });

  it('sorts nothing if there are no objects', async () => {
    expect(await names([], { kind: 'name' }, '.metadata.name')).toBe('');
  });

  it('parses the path before anything is read', async () => {
    await expect(
      openPrinter({ ...plainOptions, format: { kind: 'name' }, sortBy: '{.a' }, memorySink()),
    ).rejects.toThrow(UsageError);
  });
});
