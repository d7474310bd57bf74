// One decision on colour: every command in every format has colours if `--color` or the environment
// enables them, and only then.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweepLines } from './lines.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 120_000);
afterAll(() => stage.close());

/** Words go before `--`, because those after it are for another program. */
function withWords(line: readonly string[], words: readonly string[]): readonly string[] {
  const end = line.indexOf('--');
  return end < 0 ? [...line, ...words] : [...line.slice(0, end), ...words, ...line.slice(end)];
}

interface Way {
  readonly tty: boolean;
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const without: readonly Way[] = [
  { tty: true, env: { NO_COLOR: '1' } },
  { tty: true, env: { NO_COLOR: '1', FORCE_COLOR: '3' } },
  { tty: true, env: { FORCE_COLOR: '0' } },
  { tty: true, env: { TERM: 'dumb' } },
  { tty: true, words: ['--color', 'never'] },
  { tty: true, words: ['--color=never'], env: { FORCE_COLOR: '3' } },
  { tty: false },
  { tty: false, words: ['--color', 'auto'], env: { COLORTERM: 'truecolor' } },
];

const having: readonly Way[] = [
  { tty: true },
  { tty: false, env: { FORCE_COLOR: '1' } },
  { tty: false, words: ['--color', 'always'] },
  { tty: true, words: ['--color=always'], env: { NO_COLOR: '1', TERM: 'dumb' } },
];

it('no command has an escape sequence if colours are disabled', async () => {
  const faults: string[] = [];
  for (const [at, line] of sweepLines().entries()) {
    // Each line with three of the settings, so that each command has all of them.
    for (const turn of [0, 3, 6]) {
      const way = without[(at + turn) % without.length] ?? { tty: false };
      const { stdout, stderr } = await stage.run(withWords(line, way.words ?? []), way);
      if ((stdout + stderr).includes('\u001b')) faults.push(`${line.join(' ')} ${JSON.stringify(way)}`);
    }
  }
  expect(faults).toEqual([]);
}, 600_000);

it.each(having)(
  'tables, JSON, YAML, schemas and help have colours: %j',
  async (way) => {
    for (const line of [
      'list pods',
      'get pod web',
      'get pod web -o yaml',
      'explain pods',
      'groups',
      'help list',
    ]) {
      const { stdout } = await stage.run(withWords(line.split(' '), way.words ?? []), way);
      expect(stdout, line).toContain('\u001b[');
      // The same text with and without them.
      const { stdout: plain } = await stage.run(line.split(' '), { tty: way.tty, env: { NO_COLOR: '1' } });
      expect(stdout.replaceAll(/\u001b\[[\d;]*m/g, ''), line).toBe(plain);
    }
  },
  120_000,
);
