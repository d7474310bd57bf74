// The V8 flag that keeps the young generation small: accepted by the tested versions of Node, and
// set on no other.
import { spawnSync } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import { afterEach, expect, it, vi } from 'vitest';
import { keepYoungGenerationSmall } from '../../../src/io/young-generation.ts';

vi.mock('node:v8', () => ({ setFlagsFromString: vi.fn() }));
const told = vi.mocked(setFlagsFromString);
afterEach(() => {
  told.mockClear();
});

it('is set on the tested major versions of Node', () => {
  for (const version of ['20.18.1', '22.23.5', '24.22.3', '26.12.1']) keepYoungGenerationSmall(version);
  expect(told).toHaveBeenCalledTimes(4);
});

it('is set on no other version', () => {
  for (const version of ['18.20.0', '27.0.0', '28.1.0', '']) keepYoungGenerationSmall(version);
  expect(told).not.toHaveBeenCalled();
});

it('makes V8 keep the size of its young generation, without output', () => {
  keepYoungGenerationSmall('22.0.0');
  const flag = String(told.mock.calls[0]?.[0]);
  // Half of the objects survive, which would let it grow at once.
  const program = `
    const v8 = require('node:v8');
    if (process.env.FLAG) v8.setFlagsFromString(process.env.FLAG);
    const kept = [];
    for (let at = 0; at < 2e6; at++) if (at % 2 === 0) kept[at % 200_000] = { at };
    const { space_size } = v8.getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
    process.stdout.write(String(space_size));`;
  const sizeWith = (FLAG: string): number => {
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], {
      env: { FLAG },
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return Number(stdout);
  };
  expect(sizeWith(flag)).toBeGreaterThan(0);
  expect(sizeWith(flag)).toBeLessThan(sizeWith('') / 2);
});
