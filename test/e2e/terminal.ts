// A program in a real terminal: tmux sends the keys and reads the screen. Entry points:
// missingOf(), openTerminal(), openPrompt().
//
// A key waits in the terminal until the program reads it, and a frame arrives in pieces. So a test
// waits after each key for something that only the new screen can show, and compares with `shows`,
// which reads again until the lines are the expected ones.
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual, promisify } from 'node:util';
import { expect } from 'vitest';
import { patienceMs } from './kapi.ts';

const run = promisify(execFile);

/** Missing programs that a test needs. */
export async function missingOf(programs: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    programs.map((program) =>
      run('sh', ['-c', `command -v ${program}`]).then(
        () => true,
        () => false,
      ),
    ),
  );
  return programs.filter((_, at) => found[at] === false);
}

export interface Terminal {
  /** Letters as they are. */
  readonly type: (text: string) => Promise<void>;
  /** Keys by their names: `Tab`, `Enter`, `C-c`. */
  readonly press: (...keys: readonly string[]) => Promise<void>;
  /**
   * Waits for a text. The rest of the screen may still be missing: a pattern has everything that
   * the test needs.
   * @throws Error with the screen when it does not come
   */
  readonly screenWith: (pattern: RegExp) => Promise<string>;
  /** Waits until `read` returns the expected value for the screen. */
  readonly shows: <Value>(read: (screen: string) => Value, expected: Value) => Promise<void>;
  readonly screen: () => Promise<string>;
  /** The screen with colours and styles as escape sequences. */
  readonly styled: () => Promise<string>;
  /**
   * Whether a program uses the alternate screen, and whether the cursor is visible.
   */
  readonly state: () => Promise<{ readonly alternate: boolean; readonly cursor: boolean }>;
  /** The path of the terminal's device. */
  readonly device: () => Promise<string>;
  readonly resize: (columns: number, rows: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

let opened = 0;

/** @param env the whole environment of the program */
export async function openTerminal(
  command: string,
  env: Readonly<Record<string, string>>,
): Promise<Terminal> {
  const socket = `kapi-e2e-${process.pid}-${++opened}`;
  const tmux = async (...words: readonly string[]): Promise<string> =>
    (await run('tmux', ['-f', '/dev/null', '-L', socket, ...words], { env: { ...env, TERM: 'xterm' } }))
      .stdout;
  await tmux('new-session', '-d', '-s', 'a', '-x', '120', '-y', '30', command);
  const screen = (): Promise<string> => tmux('capture-pane', '-p', '-t', 'a');
  return {
    screen,
    styled: () => tmux('capture-pane', '-p', '-e', '-t', 'a'),
    async state() {
      const [alternate, cursor] = (
        await tmux('display-message', '-p', '-t', 'a', '#{alternate_on} #{cursor_flag}')
      ).split(/\s/);
      return { alternate: alternate === '1', cursor: cursor === '1' };
    },
    async device() {
      return (await tmux('display-message', '-p', '-t', 'a', '#{pane_tty}')).trim();
    },
    async type(text) {
      await tmux('send-keys', '-t', 'a', '-l', '--', text);
    },
    async press(...keys) {
      await tmux('send-keys', '-t', 'a', ...keys);
    },
    async screenWith(pattern) {
      const deadline = Date.now() + patienceMs;
      for (;;) {
        const seen = await screen();
        if (pattern.test(seen)) return seen;
        if (Date.now() > deadline) throw new Error(`never saw ${String(pattern)} on:\n${seen}`);
        await sleep(100);
      }
    },
    async shows(read, expected) {
      const deadline = Date.now() + patienceMs;
      for (;;) {
        const seen = await screen();
        if (isDeepStrictEqual(read(seen), expected)) return;
        if (Date.now() > deadline) {
          expect(read(seen), `on:\n${seen}`).toEqual(expected);
          return;
        }
        await sleep(100);
      }
    },
    async resize(columns, rows) {
      await tmux('resize-window', '-t', 'a', '-x', String(columns), '-y', String(rows));
    },
    async close() {
      await tmux('kill-server').catch(() => '');
    },
  };
}

/**
 * Opens a bash whose prompt is `code N> `, with the exit code of the last command: a prompt says
 * that bash reads the keys again.
 */
export async function openPrompt(env: Readonly<Record<string, string>>): Promise<Terminal> {
  const terminal = await openTerminal(`env PS1='code $?> ' bash --noprofile --norc`, env);
  await terminal.screenWith(/^code 0>$/m);
  return terminal;
}
