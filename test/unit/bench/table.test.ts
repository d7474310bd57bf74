import { describe, expect, it } from 'vitest';
import { judge, type CaseResult } from '../../../bench/result.ts';
import { formatTable, formatValue } from '../../../bench/table.ts';

describe('judge', () => {
  it('compares a ratio and a value with the target', () => {
    const target = { ratio: 0.07, value: 150 };
    expect(judge('memory', 149, { theirs: 3_000, ratio: 0.05 }, target).isMet).toBe(true);
    expect(judge('memory', 149, { theirs: 1_000, ratio: 0.149 }, target).isMet).toBe(false);
    expect(judge('memory', 151, { theirs: 3_000, ratio: 0.05 }, target).isMet).toBe(false);
    expect(judge('memory', 150, { theirs: 3_000, ratio: 0.07 }, target).isMet).toBe(true);
  });

  it('a ratio that cannot be computed is not met', () => {
    expect(judge('wall', 1, undefined, { ratio: 1 }).isMet).toBe(false);
    expect(judge('wall', 1, { theirs: 0, ratio: Number.NaN }, { ratio: 1 }).isMet).toBe(false);
  });

  it('is empty if there is no target', () => {
    expect(judge('wall', 1, { theirs: 2, ratio: 0.5 }, undefined)).not.toHaveProperty('isMet');
  });
});

describe('formatValue', () => {
  it.each([
    ['wall', 1.234, '1.23 ms'],
    ['wall', 12.34, '12.3 ms'],
    ['cpu', 999.4, '999 ms'],
    ['wall', 23_456, '23.5 s'],
    ['memory', 2_048, '2.00 MB'],
    ['memory', 2_500_000, '2441 MB'],
    ['cpuPerEvent', 99.99, '100 us'],
  ] as const)('%s %d is %s', (metric, value, text) => {
    expect(formatValue(metric, value)).toBe(text);
  });
});

describe('formatTable', () => {
  const result = (by: string, ratio: number): CaseResult => ({
    part: 'list-small',
    title: 'list pods of 20',
    by,
    against: 'kubectl',
    findings: [
      judge('wall', 40 * ratio, { theirs: 40, ratio }, { ratio: 0.9 }),
      judge('memory', 50_000, { theirs: 60_000, ratio: 0.83 }, undefined),
    ],
    remarks: [],
  });

  it('has one heading for all Nodes of a case, and says which targets are met', () => {
    expect(formatTable([result('Node 20.20.2', 1.1), result('Node 22.1.0', 0.05)], [])).toBe(
      [
        '                                kapi    other  ratio  target',
        'list pods of 20 (against kubectl)',
        '  Node 20.20.2  wall         44.0 ms  40.0 ms   1.10  <= 0.9  MISSED',
        '  Node 20.20.2  peak memory  48.8 MB  58.6 MB   0.83',
        '  Node 22.1.0   wall         2.00 ms  40.0 ms  0.050  <= 0.9  met',
        '  Node 22.1.0   peak memory  48.8 MB  58.6 MB   0.83',
        '',
      ].join('\n'),
    );
  });

  it('ends with what was not measured, and why', () => {
    const text = formatTable(
      [{ ...result('Node 20.20.2', 1), remarks: ['Node 20.20.2 printed 20 lines, kubectl 21'] }],
      [
        { part: 'standalone', why: 'it is not there', outcome: 'skipped' },
        { part: 'json', why: 'exit code 6', outcome: 'failed' },
      ],
    );
    expect(text.split('\n').slice(-4)).toEqual([
      'note: list-small, list pods of 20: Node 20.20.2 printed 20 lines, kubectl 21',
      'skipped: standalone: it is not there',
      'failed: json: exit code 6',
      '',
    ]);
  });
});
