import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import type { Page } from '../../../src/model/page.ts';
import type { OutputFormat, PrintOptions } from '../../../src/output/format.ts';
import { openPrinter } from '../../../src/output/printer.ts';
import { memorySink } from './memory-sink.ts';
import { objectPage, plainOptions, pods } from './things.ts';

async function print(
  format: OutputFormat,
  pages: readonly Page[],
  options: Partial<PrintOptions> = {},
  out = memorySink(),
): Promise<string> {
  const printer = await openPrinter({ ...plainOptions, format, ...options }, out);
  for (const page of pages) await printer.page(page);
  await printer.end();
  return out.text();
}

const a = { metadata: { name: 'a' }, spec: { node: 'n1', note: 'l1\nl2\tx', esc: '\u001b[1m' } };
const b = { metadata: { name: 'longer-name' }, spec: {} };

describe('jsonpath', () => {
  const names: OutputFormat = { kind: 'jsonpath', template: '{.items[*].metadata.name}' };
  const name: OutputFormat = { kind: 'jsonpath', template: '{.metadata.name}{"\\n"}' };

  it('is applied to the list of all pages, without a newline at the end', async () => {
    expect(await print(names, [objectPage(pods, a), objectPage(pods, b)])).toBe('a longer-name');
  });

  it('is applied to each requested object', async () => {
    expect(await print(name, [objectPage(pods, a), objectPage(pods, b)], { shape: 'object' })).toBe(
      'a\nlonger-name\n',
    );
  });

  it('prints arrays with jsonpath-as-json', async () => {
    const format: OutputFormat = { kind: 'jsonpath-as-json', template: '{.metadata.name}' };
    expect(await print(format, [objectPage(pods, a)], { shape: 'object' })).toBe('[\n    "a"\n]\n');
  });

  it('fails at missing keys only if requested', async () => {
    const format: OutputFormat = { kind: 'jsonpath', template: '{.nope}' };
    expect(await print(format, [objectPage(pods, a)], { shape: 'object' })).toBe('');
    await expect(
      print(format, [objectPage(pods, a)], { shape: 'object', allowMissingTemplateKeys: false }),
    ).rejects.toThrow('nope is not found');
  });

  it('escapes control characters', async () => {
    const format: OutputFormat = { kind: 'jsonpath', template: '{.spec.esc}' };
    const page = objectPage(pods, a);
    expect(await print(format, [page], { shape: 'object' })).toBe('\u001b[1m');
    expect(await print(format, [page], { shape: 'object' }, memorySink(1))).toBe('^[[1m');
  });

  it('is parsed before anything is read', async () => {
    await expect(
      openPrinter({ ...plainOptions, format: { kind: 'jsonpath', template: '{.a' } }, memorySink()),
    ).rejects.toThrow(UsageError);
  });
});

describe('custom columns', () => {
  const format: OutputFormat = {
    kind: 'custom-columns',
    spec: 'Name:.metadata.name,NODE:.spec.node',
    source: 'spec',
  };

  it('have a header once and a line for each object', async () => {
    expect(await print(format, [objectPage(pods, a), objectPage(pods, b)])).toBe(
      'Name   NODE\na      n1\nlonger-name   <none>\n',
    );
    expect(await print(format, [objectPage(pods, a, b)])).toBe(
      'Name          NODE\na             n1\nlonger-name   <none>\n',
    );
  });

  it('have a header even if there are no objects', async () => {
    expect(await print(format, [])).toBe('Name   NODE\n');
    expect(await print(format, [], { noHeaders: true })).toBe('');
    expect(await print(format, [objectPage(pods, a)], { noHeaders: true })).toBe('a     n1\n');
  });

  it('can come from a file', async () => {
    const spec = 'NAME   NODE\nmetadata.name   {.spec.node}\n';
    expect(await print({ kind: 'custom-columns', spec, source: 'file' }, [objectPage(pods, a)])).toBe(
      'NAME   NODE\na      n1\n',
    );
  });

  it('keep line breaks and tabs of values, but escape other control characters', async () => {
    const spec = 'NAME:.metadata.name,NOTE:.spec.note,ESC:.spec.esc';
    expect(await print({ kind: 'custom-columns', spec, source: 'spec' }, [objectPage(pods, a)])).toBe(
      'NAME   NOTE   ESC\na      l1\nl2     x      ^[[1m\n',
    );
  });

  it('colour the header of a terminal', async () => {
    expect(await print(format, [objectPage(pods, a)], {}, memorySink(1))).toBe(
      '\u001b[1mName\u001b[22m   \u001b[1mNODE\u001b[22m\na      n1\n',
    );
  });
});
