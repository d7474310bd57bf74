import { describe, expect, it } from 'vitest';
import { Columns, pieceLength } from '../../../src/output/columns.ts';

describe('Columns', () => {
  it('pads every cell but the last of its line', () => {
    expect(
      new Columns().format([
        ['NAME', 'READY', 'AGE'],
        ['long-name', '1/1', '5d'],
        ['x', '', ''],
      ]),
    ).toBe('NAME        READY   AGE\nlong-name   1/1     5d\nx                   \n');
  });

  it('makes every column at least six wide', () => {
    expect(
      new Columns().format([
        ['A', 'B', 'C'],
        ['1', '2', '3'],
      ]),
    ).toBe('A     B     C\n1     2     3\n');
  });

  it('keeps widths, which only grow', () => {
    const columns = new Columns();
    expect(columns.format([['longest', 'x']])).toBe('longest   x\n');
    expect(columns.format([['short', 'x']])).toBe('short     x\n');
    expect(columns.format([['even-longer', 'x']])).toBe('even-longer   x\n');
    columns.forget();
    expect(columns.format([['short', 'x']])).toBe('short   x\n');
  });

  it('returns a long text in pieces, aligned as one', () => {
    const lines = Array.from({ length: 3 * pieceLength + 1 }, (_, index) => [`pod-${index}`, 'x']);
    const pieces = [...new Columns().pieces([...lines, ['the-longest-name', 'x']])];
    expect(pieces.filter((piece) => piece === '')).toHaveLength(3);
    expect(pieces.filter((piece) => piece !== '')).toHaveLength(4);
    expect(pieces.join('')).toBe(
      [...lines.map(([name = '']) => `${name.padEnd(19)}x\n`), 'the-longest-name   x\n'].join(''),
    );
  });

  it('pads next to a very long cell', () => {
    const long = 'x'.repeat(1_000);
    expect(
      new Columns().format([
        [long, 'a'],
        ['y', 'b'],
      ]),
    ).toBe(`${long}   a\ny${' '.repeat(1_002)}b\n`);
  });

  it('ends a column at a line without it', () => {
    // What Go's tab writer prints for "a\tb\tc", "long-cell\tx", "one", "d\te\tf".
    expect(new Columns().format([['a', 'b', 'c'], ['long-cell', 'x'], ['one'], ['d', 'e', 'f']])).toBe(
      'a           b     c\nlong-cell   x\none\nd           e     f\n',
    );
  });

  it('aligns by display width', () => {
    expect(
      new Columns().format([
        ['日本', 'x'],
        ['e\u0301e\u0301', 'y'],
        ['abcd', 'z'],
      ]),
    ).toBe('日本   x\ne\u0301e\u0301     y\nabcd   z\n');
  });

  it('pads outside of the colour codes', () => {
    const painted = new Columns().format([['a', 'b']], (text, column) => (column === 0 ? `<${text}>` : text));
    expect(painted).toBe('<a>     b\n');
  });
});
