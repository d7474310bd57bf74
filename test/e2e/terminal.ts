// A program in a real terminal: tmux sends the keys and reads the screen. Entry points:
// findTerminal, openTerminal.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

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
  /** Waits for a text. @throws Error with the screen when it does not come */
  readonly screenWith: (pattern: RegExp) => Promise<string>;
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
      let seen = '';
      const deadline = Date.now() + 40_000;
      while (Date.now() < deadline) {
        seen = await screen();
        if (pattern.test(seen)) return seen;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`never saw ${String(pattern)} on:\n${seen}`);
    },
    async resize(columns, rows) {
      await tmux('resize-window', '-t', 'a', '-x', String(columns), '-y', String(rows));
    },
    async close() {
      await tmux('kill-server').catch(() => '');
    },
  };
}
