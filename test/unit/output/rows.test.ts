import { describe, expect, it } from 'vitest';
import { printRows } from '../../../src/output/rows.ts';
import { memorySink, uncoloured } from './memory-sink.ts';

const table = {
  columns: ['GROUP', 'VERSIONS'],
  rows: [
    ['apps', 'v1'],
    ['batch', 'v1\nv1beta1'],
    ['x\u001b[31m', '\u202e'],
  ],
  noHeaders: false,
};

describe('printRows', () => {
  it('aligns plain columns in a pipe', async () => {
    const out = memorySink();
    await printRows(out, table);
    expect(out.text()).toBe(
      ['GROUP     VERSIONS', 'apps      v1', 'batch     v1\\nv1beta1', 'x^[[31m   \\u202e', ''].join('\n'),
    );
  });

  it('draws a box on a terminal', async () => {
    const out = memorySink(1);
    await printRows(out, table);
    expect(uncoloured(out.text())).toBe(
      [
        '┌─────────┬──────────┐',
        '│ GROUP   │ VERSIONS │',
        '├─────────┼──────────┤',
        '│ apps    │ v1       │',
        '│ batch   │ v1       │',
        '│         │ v1beta1  │',
        '│ x^[[31m │ \\u202e   │',
        '└─────────┴──────────┘',
        '',
      ].join('\n'),
    );
    expect(out.text()).toContain('\u001b[1mGROUP\u001b[22m');
  });

  it('draws no box if it does not fit or is not wanted', async () => {
    const narrow = memorySink(1, 15);
    await printRows(narrow, { ...table, rows: [['apps', 'v1']] });
    expect(narrow.text()).toBe('\u001b[1mGROUP\u001b[22m   \u001b[1mVERSIONS\u001b[22m\napps    v1\n');
    const plain = memorySink(0);
    await printRows(plain, { ...table, rows: [['apps', 'v1']], boxed: false });
    expect(plain.text()).toBe('GROUP   VERSIONS\napps    v1\n');
  });

  it('omits headers', async () => {
    const out = memorySink();
    await printRows(out, { ...table, rows: [['apps', 'v1']], noHeaders: true });
    expect(out.text()).toBe('apps   v1\n');
    const box = memorySink(0);
    await printRows(box, { ...table, rows: [['apps', 'v1']], noHeaders: true });
    expect(box.text()).toBe('┌──────┬────┐\n│ apps │ v1 │\n└──────┴────┘\n');
  });
});
