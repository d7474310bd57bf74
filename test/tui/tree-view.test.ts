// The tree of a JSON value: folding, moving, searching, and hostile or large values.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/object.ts';
import { closeFrame } from '../../src/tui/frame.ts';
import { TreeView } from '../../src/tui/tree-view.ts';

function text(tree: TreeView, columns = 60, height = 20): string[] {
  return closeFrame(tree.lines(columns, height, '> '), columns, height).map((line) =>
    line
      .map((segment) => segment.text)
      .join('')
      .trimEnd(),
  );
}

/** Searches to the end. */
function search(tree: TreeView, word: string, step: 1 | -1 = 1): string | undefined {
  tree.search(word, step);
  for (;;) {
    const found = tree.continueSearch();
    if (found !== undefined) return found;
  }
}

const pod: Json = {
  kind: 'Pod',
  metadata: { name: 'web', labels: { 'app.kubernetes.io/name': 'web' }, managedFields: [{ manager: 'x' }] },
  spec: { containers: [{ name: 'app', image: 'nginx', args: [] }], empty: {} },
};

describe('a tree', () => {
  it('shows fields, opens the first levels, and keeps managedFields closed', () => {
    expect(text(new TreeView(pod))).toEqual([
      '>   kind: Pod',
      '  ▾ metadata:',
      '      name: web',
      '    ▾ labels:',
      '        app.kubernetes.io/name: web',
      '    ▸ managedFields: 1 item  …',
      '  ▾ spec:',
      '    ▾ containers:',
      '      ▾ [0]',
      '          name: app',
      '          image: nginx',
      '          args: []',
      '      empty: {}',
    ]);
  });

  it('folds and unfolds, and goes to the parent field', () => {
    const tree = new TreeView(pod);
    tree.move(1);
    expect(tree.close()).toBe(true);
    expect(text(tree, 80)[1]).toBe('> ▸ metadata: 3 fields  name: web, labels: …, managedFields: …');
    expect(tree.open()).toBe(true);
    tree.move(2);
    tree.move(1);
    expect(tree.path).toEqual(['metadata', 'labels', 'app.kubernetes.io/name']);
    expect(tree.close()).toBe(true);
    expect(tree.path).toEqual(['metadata', 'labels']);
    tree.foldAll();
    expect(text(tree)).toHaveLength(3);
  });

  it('finds names and values in closed parts, forwards, backwards and wrapping around', () => {
    const tree = new TreeView(pod);
    tree.foldAll();
    expect(search(tree, 'NGINX')).toBe('found');
    expect(tree.path).toEqual(['spec', 'containers', 0, 'image']);
    expect(search(tree, 'name', -1)).toBe('found');
    expect(tree.path).toEqual(['spec', 'containers', 0, 'name']);
    expect(search(tree, 'manager')).toBe('found');
    expect(tree.path).toEqual(['metadata', 'managedFields', 0, 'manager']);
    expect(search(tree, 'nowhere')).toBe('missing');
  });

  it('reports the line of the cursor, whatever is open or closed', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.array(fc.constantFrom(0, 1, 2, 3, 4, 5), { maxLength: 40 }),
        (value, keys) => {
          const tree = new TreeView(value);
          for (const key of keys) {
            if (key === 0) tree.move(1);
            if (key === 1) tree.move(-1);
            if (key === 2) tree.toggle();
            if (key === 3) tree.close();
            if (key === 4) tree.foldAll();
            if (key === 5) search(tree, 'a');
            const lines = text(tree, 40, 6);
            expect(lines.filter((line) => line.startsWith('>'))).toHaveLength(1);
            expect(lines.every((line) => line.length <= 40)).toBe(true);
            // The position counts the open lines.
            const [row = '', rows = ''] = tree.position.split('/');
            const all = text(tree, 40, 10_000);
            if (rows !== '0') {
              expect(all).toHaveLength(Number(rows));
              expect(all[Number(row) - 1]).toMatch(/^>/);
            }
            // The path selects the value.
            let at: unknown = value;
            for (const step of tree.path) at = (at as Record<string | number, unknown>)[step];
            expect(at ?? null).toEqual(tree.value);
          }
        },
      ),
    );
  });

  it('shows control characters of names and values', () => {
    const evil = '\u001b]0;PWN\u0007\u202e\n';
    const lines = text(new TreeView({ [evil]: evil, list: [evil], closed: { deep: { deeper: evil } } }));
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(lines[0]).toContain('^[]0;PWN^G');
  });

  it.each(['', [], {}, null, 7, 'text'])('shows %j alone', (value) => {
    const tree = new TreeView(value);
    expect(text(tree)).toHaveLength(1);
    for (const step of [1, -1, Infinity, -Infinity]) tree.move(step);
    tree.open();
    tree.close();
    tree.foldAll();
    expect(search(tree, 'zzz')).toBe('missing');
    expect(text(tree)).toHaveLength(1);
  });

  it('handles a nesting deeper than the stack', () => {
    let value: Json = 'bottom';
    for (let depth = 0; depth < 20_000; depth++) value = [value];
    const tree = new TreeView(value);
    expect(search(tree, 'bottom')).toBe('found');
    expect(tree.path).toHaveLength(20_000);
    expect(text(tree).at(-1)).toContain('bottom');
  });

  it('handles keys in an object of half a million fields without visiting all of them', () => {
    const value: Json = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, at) => [
        `key${at}`,
        Array.from({ length: 100 }, (_, item) => `value ${at} ${item}`),
      ]),
    );
    const tree = new TreeView({ data: value });
    tree.open();
    tree.open();
    const begun = process.cpuUsage();
    for (let times = 0; times < 50; times++) {
      tree.move(times % 2 === 0 ? Infinity : -Infinity);
      tree.open();
      text(tree, 80, 24);
    }
    const { user, system } = process.cpuUsage(begun);
    // 100 ms a key would be 5 s; reading everything again for each would be more.
    expect((user + system) / 1_000).toBeLessThan(2_500);
    expect(search(tree, 'value 4999 99')).toBe('found');
  });
});
