// The live table in a real terminal: tmux sends the keys and reads the screen. The server is the
// sandbox, so that the test can change objects meanwhile.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanEnvironment, kapi, kapiFile, makeFolder } from './kapi.ts';
import { openTerminal, type Terminal } from './terminal.ts';

const run = promisify(execFile);
const socket = `kapi-e2e-${process.pid}`;

async function tmux(...words: readonly string[]): Promise<string> {
  const { stdout } = await run('tmux', ['-L', socket, ...words], {
    env: { ...cleanEnvironment(), TERM: 'xterm' },
  });
  return stdout;
}

async function hasTmux(): Promise<boolean> {
  try {
    await run('tmux', ['-V']);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

const found = await hasTmux();
if (!found) {
  const reason = 'no tmux on PATH: the live table is not tried in a terminal (apt-get install tmux)';
  if ((process.env['CI'] ?? '') !== '') throw new Error(reason);
  console.error(`SKIPPED: ${reason}`);
}

describe.skipIf(!found)('the live table in a terminal', () => {
  let sandbox: ChildProcess;
  let kubeconfig = '';

  beforeAll(async () => {
    sandbox = spawn(process.execPath, [kapiFile, 'sandbox'], {
      env: cleanEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    kubeconfig = await new Promise<string>((resolve, reject) => {
      let text = '';
      sandbox.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const match = /^kubeconfig +(\S+)/m.exec(text);
        if (match?.[1] !== undefined) resolve(match[1]);
      });
      sandbox.once('exit', (code) => {
        reject(new Error(`the sandbox ended with ${code}: ${text}`));
      });
    });
    const file = join(makeFolder(), 'exit-code');
    exitCodeFile = file;
    const command = `${process.execPath} ${kapiFile} watch pods -n default --kubeconfig ${kubeconfig}; echo $? > ${file}; exec cat`;
    await tmux('new-session', '-d', '-s', 'live', '-x', '90', '-y', '16', command);
  });

  afterAll(async () => {
    await tmux('kill-server').catch(() => '');
    sandbox.kill('SIGTERM');
  });

  let exitCodeFile = '';

  async function screenWith(pattern: RegExp): Promise<string> {
    let screen = '';
    for (let attempt = 0; attempt < 150; attempt++) {
      screen = await tmux('capture-pane', '-p', '-t', 'live');
      if (pattern.test(screen)) return screen;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`never saw ${String(pattern)} on:\n${screen}`);
  }

  const press = (...keys: readonly string[]): Promise<string> => tmux('send-keys', '-t', 'live', ...keys);

  it('shows the existing objects, and changes as they arrive', async () => {
    const screen = await screenWith(/watching 7 objects/);
    expect(screen).toMatch(/^ {2}NAME +READY +STATUS +RESTARTS +AGE$/m);
    expect(screen).toMatch(/^ {2}downward +1\/1 +Running/m);
    const pod = JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'another' } },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    });
    const created = await kapi(['curl', '-X', 'POST', '-d', pod, '/api/v1/namespaces/default/pods'], {
      kubeconfig,
    });
    expect(created).toMatchObject({ code: 0 });
    await screenWith(/^[+~] another +0\/1/m);
    await kapi(['curl', '-X', 'DELETE', '/api/v1/namespaces/default/pods/another?gracePeriodSeconds=0'], {
      kubeconfig,
    });
    await screenWith(/watching 7 objects/);
  });

  it('filters, and shows YAML and curl commands', async () => {
    await press('/', 'c', 'u', 'r', 'l', 'Enter');
    const filtered = await screenWith(/filter: curl/);
    expect(filtered).not.toContain('downward');
    await press('Enter');
    await screenWith(/^apiVersion: v1$/m);
    await press('q');
    await screenWith(/filter: curl/);
    await press('c');
    await screenWith(/api\/v1\/namespaces\/default\/pods\/curl/);
    await press('q');
    await press('Escape');
    await screenWith(/downward/);
  });

  it('survives a resize', async () => {
    await tmux('resize-window', '-t', 'live', '-x', '60', '-y', '8');
    const screen = await screenWith(/downward/);
    expect(screen.trimEnd().split('\n').length).toBeLessThanOrEqual(8);
    await tmux('resize-window', '-t', 'live', '-x', '90', '-y', '16');
    await screenWith(/web-\S+ +1\/1/);
  });

  it('restores the terminal at q and ends with 0', async () => {
    await press('q');
    await expect.poll(() => readIfThere(exitCodeFile), { timeout: 10_000 }).toBe('0\n');
    const screen = await tmux('capture-pane', '-p', '-t', 'live');
    expect(screen.trim()).toBe('');
    // The running cat reads whole lines: the terminal is out of raw mode.
    await press('echoed', 'Enter');
    await screenWith(/echoed\nechoed/);
  });

  it('ends with 130 at Ctrl-C', async () => {
    const file = join(makeFolder(), 'exit-code');
    const command = `${process.execPath} ${kapiFile} watch pods --kubeconfig ${kubeconfig}; echo $? > ${file}; exec cat`;
    await tmux('respawn-pane', '-k', '-t', 'live', command);
    await screenWith(/watching 7 objects/);
    await press('C-c');
    await expect.poll(() => readIfThere(file), { timeout: 10_000 }).toBe('130\n');
  });

  /** Runs a line in a new terminal. */
  async function inTerminal<Result>(
    line: string,
    use: (terminal: Terminal) => Promise<Result>,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Result> {
    const terminal = await openTerminal(line, { ...cleanEnvironment(), ...env });
    try {
      return await use(terminal);
    } finally {
      await terminal.close();
    }
  }

  const kapiLine = (words = ''): string =>
    `${process.execPath} ${kapiFile} watch pods -n default --kubeconfig ${kubeconfig} ${words}`;

  it('restores the terminal after every signal that can be caught', async () => {
    const codes = { SIGTERM: 143, SIGINT: 130, SIGHUP: 129, SIGQUIT: 131, SIGUSR2: 140, SIGALRM: 142 };
    const ends = Object.entries(codes).map(async ([signal, code]) => {
      const pidFile = join(makeFolder(), 'pid');
      const script = `sh -c 'echo $$ >${pidFile}; exec ${kapiLine()}'; echo "code $?"; stty -a | grep -o ".icanon"; exec cat`;
      await inTerminal(script, async (terminal) => {
        await terminal.screenWith(/watching 7 objects/);
        expect(await terminal.state()).toEqual({ alternate: true, cursor: false });
        process.kill(Number(readFileSync(pidFile, 'utf8')), signal);
        const screen = await terminal.screenWith(new RegExp(`code ${code}\\n icanon`));
        expect(screen).not.toContain('watching');
        expect(await terminal.state()).toEqual({ alternate: false, cursor: true });
      });
    });
    await Promise.all(ends);
  });

  it('restores the terminal while it is stopped, and reads keys again when it continues', async () => {
    const marked = kapiLine('-l stopped!=1');
    await inTerminal('bash --norc', async (terminal) => {
      await terminal.type(`${marked}\n`);
      await terminal.screenWith(/watching 7 objects/);
      for (const how of ['C-z', 'SIGTSTP']) {
        if (how === 'C-z') await terminal.press(how);
        else await run('pkill', ['-TSTP', '-f', '--', '-l stopped!=1$']);
        await terminal.screenWith(/Stopped/);
        expect(await terminal.state()).toEqual({ alternate: false, cursor: true });
        await terminal.type('clear; fg\n');
        await terminal.screenWith(/watching 7 objects/);
        await terminal.type('/curl');
        await terminal.screenWith(/^\/curl/m);
        await terminal.press('Escape');
        await terminal.screenWith(/watching 7 objects[^]*downward/);
      }
      await terminal.press('q');
      await terminal.type('echo "code $?"\n');
      await terminal.screenWith(/^code 0$/m);
    });
  });

  it('shows no colour if kapi has none, and the selected row anyway', async () => {
    const ways = [
      ['', { NO_COLOR: '1' }],
      ['--color never', {}],
      ['--color=never', { FORCE_COLOR: '3' }],
    ] as const;
    const seen = ways.map(([words, env]) =>
      inTerminal(
        kapiLine(words),
        async (terminal) => {
          const screen = await terminal.screenWith(/watching 7 objects[^]*downward/);
          expect(screen).toMatch(/^>/m);
          expect(await terminal.styled()).not.toContain('\u001b[');
        },
        env,
      ),
    );
    await Promise.all(seen);
  });

  it('keeps its header, goes to both ends, and shows every column in 60 columns', async () => {
    await inTerminal(kapiLine('-o wide'), async (terminal) => {
      await terminal.resize(60, 8);
      await terminal.screenWith(/watching 7 objects[^]*^ {2}NAME +READY.* ›$/m);
      await terminal.press('End');
      await terminal.screenWith(/^ {2}NAME[^]* 7\/7$/m);
      await terminal.press('Home');
      await terminal.screenWith(/^ {2}NAME[^]* 1\/7$/m);
      await terminal.press('Right', 'Right', 'Right', 'Right');
      await terminal.screenWith(/^‹ NAME.* NODE/m);
    });
  });

  it('answers ? d e l and y, and closes the overlay', async () => {
    await inTerminal(kapiLine(), async (terminal) => {
      await terminal.screenWith(/watching 7 objects[^]*downward/);
      await terminal.press('?');
      await terminal.screenWith(/Show the last changes of the object/);
      await terminal.press('q');
      await terminal.type('/downward');
      await terminal.press('Enter');
      await terminal.screenWith(/1 of 7 objects/);
      await kapi(
        [
          'curl',
          '-X',
          'PATCH',
          '-H',
          'Content-Type: application/merge-patch+json',
          '-d',
          '{"metadata":{"labels":{"touched":"yes"}}}',
          '/api/v1/namespaces/default/pods/downward',
        ],
        { kubeconfig },
      );
      await terminal.screenWith(/^~ downward/m);
      await terminal.press('d');
      await terminal.screenWith(/touched[^]*diff of pods\/downward/);
      await terminal.press('q', 'e');
      await terminal.screenWith(/events of pods\/downward/);
      await terminal.press('q', 'l');
      await terminal.screenWith(/log of pods\/downward/);
      await terminal.press('q', 'y');
      await terminal.screenWith(/^\d\d:\d\d:\d\dZ copied the curl command/m);
    });
  });

  it('says that a namespace has no objects', async () => {
    const line = `${process.execPath} ${kapiFile} watch pods -n nothing-here --kubeconfig ${kubeconfig}`;
    await inTerminal(line, async (terminal) => {
      await terminal.screenWith(/^no pods in namespace nothing-here$/m);
    });
  });

  it('prints lines on a dumb terminal and if CI is set', async () => {
    const seen = ['TERM=dumb', 'CI=true'].map((setting) =>
      inTerminal(`env ${setting} ${kapiLine()}`, async (terminal) => {
        await terminal.screenWith(/^EVENT +NAME/m);
        expect(await terminal.state()).toEqual({ alternate: false, cursor: true });
      }),
    );
    await Promise.all(seen);
  });
});

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
