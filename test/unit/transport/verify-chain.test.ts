import { describe, expect, test } from 'vitest';
import { verifyChain } from '../../../src/transport/verify-chain.ts';
import { chainTable } from '../../transport/chains.ts';

// test/e2e/chains.test.ts runs the same table with kubectl.
describe('verifyChain', () => {
  const table = chainTable();
  const now = new Date();

  test('the table has the expected size, and its names differ', () => {
    expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
    expect(table.length).toBeGreaterThan(200);
    expect(table.filter(({ verdict }) => verdict === 'trusted').length).toBeGreaterThan(90);
  });

  test.each(table)('$name: $verdict', ({ shown, anchors, host, verdict }) => {
    expect(verifyChain({ shown, anchors, name: host, now })?.words ?? 'trusted').toContain(verdict);
  });

  test('an empty chain is not trusted', () => {
    const [{ anchors } = { anchors: [] }] = table;
    expect(verifyChain({ shown: [], anchors, name: 'k8s.test', now })?.kind).toBe('unreadable');
  });

  test('one changed byte anywhere in a certificate makes it untrusted', () => {
    const [chain] = table;
    if (chain === undefined) throw new Error('no chain');
    const [leaf = Buffer.alloc(0)] = chain.shown;
    for (let at = 0; at < leaf.length; at += 1) {
      const changed = Buffer.from(leaf);
      changed[at] = (changed[at] ?? 0) ^ 0x04;
      const refusal = verifyChain({ shown: [changed], anchors: chain.anchors, name: chain.host, now });
      expect(refusal, `byte ${at}`).toBeDefined();
    }
  });

  test('a truncated certificate is unreadable at every length', () => {
    const [chain] = table;
    if (chain === undefined) throw new Error('no chain');
    const [leaf = Buffer.alloc(0)] = chain.shown;
    for (let length = 0; length < leaf.length; length += 1) {
      const shown = [leaf.subarray(0, length)];
      expect(verifyChain({ shown, anchors: chain.anchors, name: chain.host, now })?.kind).toBe('unreadable');
    }
  });

  test('a hundred intermediates of one name end the search quickly', () => {
    const chain = table.find(
      ({ name }) => name === 'two intermediates of one name are shown, without key ids',
    );
    if (chain === undefined) throw new Error('no chain');
    const strangers = table.flatMap(({ shown }) => shown.slice(1));
    const shown = [...chain.shown.slice(0, 1), ...strangers, ...chain.shown.slice(1)];
    expect(verifyChain({ shown, anchors: [], name: chain.host, now })?.kind).toBe('unknown-authority');
  });

  test('an expired certificate is attributed to the server or to the file of the user', () => {
    const isAnchor = (wanted: string): boolean | undefined => {
      const chain = table.find(({ name }) => name === wanted);
      if (chain === undefined) throw new Error(wanted);
      return verifyChain({ ...chain, name: chain.host, now })?.isAnchor;
    };
    expect(isAnchor('an expired leaf')).toBe(false);
    expect(isAnchor('an expired intermediate')).toBe(false);
    expect(isAnchor('an expired root')).toBe(true);
    expect(isAnchor('a renewed authority that has expired')).toBe(true);
  });
});
