// The difference of two texts as `diff -u` prints it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../../src/output/unified-diff.ts';

const lines = (before: string | undefined, after: string | undefined): readonly string[] =>
  unifiedDiff({ label: 'a', text: before }, { label: 'b', text: after }).map(({ text }) => text);

function gnuDiff(before: string, after: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'kapi-diff-'));
  try {
    writeFileSync(join(folder, 'a'), before);
    writeFileSync(join(folder, 'b'), after);
    execFileSync('diff', ['-u', '--label', 'a', '--label', 'b', 'a', 'b'], { cwd: folder });
    return [];
  } catch (thrown) {
    return String((thrown as { stdout: Buffer }).stdout)
      .trimEnd()
      .split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const numbered = (count: number, changed: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: count }, (_, at) => `${changed[at] ?? `line ${at}`}\n`).join('');

describe('unifiedDiff', () => {
  it.each([
    ['one line', numbered(20), numbered(20, { 9: 'x' })],
    ['two hunks', numbered(40), numbered(40, { 5: 'x', 30: '' })],
    ['the first and the last line', numbered(9), numbered(9, { 0: 'x', 8: 'y' })],
    ['a shorter text', numbered(9), numbered(4)],
    ['a single line', 'a\n', 'b\n'],
    ['lines that look like headers', '-- a\n', '++ b\n'],
  ])('is that of GNU diff: %s', (_, before, after) => {
    expect(lines(before, after)).toEqual(gnuDiff(before, after));
  });

  it('has no lines for equal texts, and names /dev/null for a missing one', () => {
    expect(lines('a\n', 'a\n')).toEqual([]);
    expect(lines(undefined, 'a\nb\n')).toEqual(['--- /dev/null', '+++ b', '@@ -0,0 +1,2 @@', '+a', '+b']);
    expect(lines('a\n', undefined)).toEqual(['--- a', '+++ /dev/null', '@@ -1 +0,0 @@', '-a']);
  });

  it('shows a text as replaced where too many lines differ', () => {
    const [old, now] = [numbered(3_000), numbered(3_000).replaceAll('line', 'other')];
    const shown = lines(old, now);
    expect(shown).toHaveLength(6_003);
    expect(shown[2]).toBe('@@ -1,3000 +1,3000 @@');
    expect(shown.slice(3, 5)).toEqual(['-line 0', '-line 1']);
  });
});
