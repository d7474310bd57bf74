// The live table in a real terminal: tmux sends the keys and reads the screen. The server is the
// sandbox, so that the test can change objects meanwhile.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanEnvironment, kapi, kapiFile, makeFolder } from './kapi.ts';
import { missingOf, openPrompt, openTerminal, type Terminal } from './terminal.ts';

const missing = await missingOf(['tmux']);
if (missing.length > 0) {
  const reason = 'no tmux on PATH: the live table is not tried in a terminal (apt-get install tmux)';
  if ((process.env['CI'] ?? '') !== '') throw new Error(reason);
  console.error(`SKIPPED: ${reason}`);
}

describe.skipIf(missing.length > 0)('the live table in a terminal', () => {
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
    live = await openTerminal(`${kapiLine()}; echo "code $?"; exec cat`, cleanEnvironment());
    await live.resize(90, 16);
  });

  afterAll(async () => {
    await live.close();
    sandbox.kill('SIGTERM');
  });

  /** The table that the first tests share. */
  let live: Terminal;

  const kapiLine = (words = ''): string =>
    `${process.execPath} ${kapiFile} watch pods -n default --kubeconfig ${kubeconfig} ${words}`;

  it('shows the existing objects, and changes as they arrive', async () => {
    // The position at the right edge: it is drawn for 90 columns.
    await live.screenWith(
      /watching 7 objects[^]*^ {2}NAME +READY +STATUS +RESTARTS +AGE$[^]*^ {2}downward +1\/1 +Running[^]* 1\/7$/m,
    );
    const pod = JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'another' } },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    });
    const pods = '/api/v1/namespaces/default/pods';
    // The mark of a change fades after 4 seconds, and kapi can take longer to end.
    const [created] = await Promise.all([
      kapi(['curl', '-X', 'POST', '-d', pod, pods], { kubeconfig }),
      live.screenWith(/watching 8 objects[^]*^[+~] another +0\/1/m),
    ]);
    expect(created).toMatchObject({ code: 0 });
    await kapi(['curl', '-X', 'DELETE', `${pods}/another?gracePeriodSeconds=0`], { kubeconfig });
    await live.screenWith(/watching 7 objects[^]* 1\/7$/m);
  });

  it('filters, and shows YAML and curl commands', async () => {
    await live.press('/', 'c', 'u', 'r', 'l', 'Enter');
    await live.shows(
      (screen) => [screen.includes('filter: curl'), screen.includes('downward')],
      [true, false],
    );
    await live.press('Enter');
    await live.screenWith(/^apiVersion: v1$/m);
    await live.press('q');
    await live.screenWith(/filter: curl/);
    await live.press('c');
    await live.screenWith(/api\/v1\/namespaces\/default\/pods\/curl/);
    await live.press('q');
    await live.screenWith(/filter: curl/);
    await live.press('Escape');
    await live.screenWith(/downward/);
  });

  it('survives a resize', async () => {
    // The position is at the right edge, so that only a frame of the new width shows it.
    await live.resize(60, 8);
    await live.screenWith(/^kapi pods .*\n.*\n {2}NAME[^]*downward[^]* \d\/7$/m);
    await live.resize(90, 16);
    await live.screenWith(/web-\S+ +1\/1[^]* \d\/7$/m);
  });

  it('restores the terminal at q and ends with 0', async () => {
    await live.press('q');
    // The alternate screen has left nothing behind.
    await live.shows((screen) => screen.trim(), 'code 0');
    // The running cat reads whole lines: the terminal is out of raw mode.
    await live.press('echoed', 'Enter');
    await live.screenWith(/echoed\nechoed/);
  });

  it('ends with 130 at Ctrl-C', async () => {
    await inTerminal(`${kapiLine()}; echo "code $?"; exec cat`, async (terminal) => {
      await terminal.screenWith(/watching 7 objects/);
      await terminal.press('C-c');
      await terminal.shows((screen) => screen.trim(), 'code 130');
    });
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
    const pidFile = join(makeFolder(), 'pid');
    const terminal = await openPrompt(cleanEnvironment());
    try {
      await terminal.type(`clear; sh -c 'echo $$ >${pidFile}; exec ${kapiLine()}'\n`);
      for (const how of ['C-z', 'SIGTSTP']) {
        await terminal.screenWith(/watching 7 objects[^]*downward/);
        await terminal.type('/curl');
        await terminal.screenWith(/ 2 of 7 objects[^]*^\/curl /m);
        await terminal.press('Escape');
        await terminal.screenWith(/watching 7 objects[^]*downward[^]* \d\/7$/m);
        if (how === 'C-z') await terminal.press(how);
        else process.kill(Number(readFileSync(pidFile, 'utf8')), how);
        await terminal.screenWith(/Stopped[^]*^code 148>$/m);
        expect(await terminal.state()).toEqual({ alternate: false, cursor: true });
        await terminal.type('clear; fg\n');
      }
      await terminal.screenWith(/watching 7 objects[^]*downward/);
      await terminal.press('q');
      await terminal.screenWith(/^code 0>$/m);
    } finally {
      await terminal.close();
    }
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
          await terminal.screenWith(/watching 7 objects[^]*^>[^]*downward/m);
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
      await terminal.screenWith(/watching 7 objects[^]*^ {2}NAME +READY.* ›$[^]* 1\/7$/m);
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
      await terminal.screenWith(/watching 7 objects[^]*downward[^]* \d\/7$/m);
      await terminal.type('/downward');
      await terminal.press('Enter');
      await terminal.screenWith(/1 of 7 objects[^]*filter: downward/);
      const patch = '{"metadata":{"labels":{"touched":"yes"}}}';
      // The mark of a change fades after 4 seconds, and kapi can take longer to end.
      await Promise.all([
        kapi(['curl', '--type', 'merge', '-d', patch, '/api/v1/namespaces/default/pods/downward'], {
          kubeconfig,
        }),
        terminal.screenWith(/^~ downward/m),
      ]);
      for (const [key, answer] of [
        ['d', /touched[^]*diff of pods\/downward/],
        ['e', /events of pods\/downward/],
        ['l', /log of pods\/downward/],
      ] as const) {
        await terminal.press(key);
        await terminal.screenWith(answer);
        await terminal.press('q');
        await terminal.screenWith(/filter: downward/);
      }
      await terminal.press('y');
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
