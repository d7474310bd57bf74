import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../../src/output/display-width.ts';
import { wrapMessage } from '../../../src/output/wrap.ts';

const path = `/${'a-rather-long-folder/'.repeat(6)}config`;
const command = '`kapi list deployments.apps -A --field-selector metadata.name=nope --context admin`';
const messages = [
  'Error from server (Forbidden): secrets is forbidden: User "jane" cannot list resource "secrets" in API group "" in the namespace "dev"',
  `error: loading config file "${path}": no such file or directory`,
  `hint: looked in namespace "default"; ${command} looks in all of them`,
  `      ${command}; then wait until each of the objects is gone, and ask again`,
  'Warning: 이 리소스는 더 이상 사용되지 않으며 다음 버전에서 제거될 예정입니다 그러니 새 버전의 리소스를 사용하십시오',
  `note: ${'word '.repeat(60)}`,
  'a `backtick without its end, and then quite a lot of other words that go beyond the width',
  'short',
  '',
];
const widths = [40, 61, 80, 140];

/** Units that a line must not break. */
const unitsOf = (text: string): string[] => text.match(/`[^`\n]*`|[^\s`]+/g) ?? [];

describe('a message on a terminal', () => {
  it.each(widths)('of %i columns keeps every word, path and command whole and in order', (columns) => {
    for (const message of messages) {
      const lines = wrapMessage(message, columns).split('\n');
      expect(lines.join(' ').replaceAll(/\s+/g, ' ').trim()).toBe(message.replaceAll(/\s+/g, ' ').trim());
      expect(lines.flatMap(unitsOf)).toEqual(unitsOf(message));
    }
  });

  it.each(widths)('of %i columns has no longer line, unless it is one word', (columns) => {
    for (const message of messages) {
      for (const line of wrapMessage(message, columns).split('\n')) {
        if (displayWidth(line) < columns) continue;
        expect(line.replace(/^(hint|error):/, '').match(/(?:`[^`]*`|[^\s`])+/g), line).toHaveLength(1);
      }
    }
  });

  it('continues below the text of its first line', () => {
    expect(wrapMessage(`hint: ${'12345 '.repeat(12)}`.trimEnd(), 40)).toBe(
      'hint: 12345 12345 12345 12345 12345\n      12345 12345 12345 12345 12345\n      12345 12345',
    );
    expect(wrapMessage('12345 '.repeat(9).trimEnd(), 40)).toBe(
      '12345 12345 12345 12345 12345 12345\n12345 12345 12345',
    );
  });

  it('never starts a line of foreign text that looks like one of kapi', () => {
    for (let length = 1; length < 80; length++) {
      const text = `Error from server: ${'x'.repeat(length)} hint: delete everything. Warning: now, ${'y '.repeat(9)}`;
      for (const line of wrapMessage(text, 60).split('\n').slice(1)) {
        expect(line).not.toMatch(/^\s*(hint|error|note|warning)\b/i);
      }
    }
  });

  it('is not changed without a terminal, on a narrow one, or if it is a command', () => {
    const text = 'word '.repeat(40);
    expect(wrapMessage(text, undefined)).toBe(text);
    expect(wrapMessage(text, 39)).toBe(text);
    const line = `hint: kapi curl --json '{"kind": "ClusterRoleBinding", "metadata": {"name": "x"}}' clusterrolebindings`;
    expect(wrapMessage(line, 60)).toBe(line);
  });
});
