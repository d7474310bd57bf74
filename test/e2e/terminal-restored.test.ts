// Commands that run until a signal, and those that draw, on a pseudo terminal: whatever signal ends
// them, whatever size the terminal has, the terminal gets its original modes back, and the shell
// sees the code of the signal. A terminal that closes ends them too.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cleanEnvironment, describeOnServer, kapiFile, makeFolder, patienceMs, testServer } from './kapi.ts';
import { missingOf, openTerminal } from './terminal.ts';

/** Each line with its first output. */
const lines: readonly (readonly [line: string, started: RegExp])[] = [
  ['watch namespaces --no-live', /default/],
  ['watch namespaces -o json', /"object"/],
  ['proxy --port 0', /Starting to serve/],
  ['sandbox', /kubeconfig/],
  ["sandbox -- sh -c 'echo begun; exec sleep 60'", /^begun/m],
];
/** Lines that draw on the whole screen. */
const screens: readonly (readonly [line: string, started: RegExp])[] = [
  ['watch namespaces', /watching \d+ objects/],
  ['explore', /all types/],
  ['explore namespace/default', /kind: Namespace/],
];
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGQUIT: 131 } as const;

/** Signals that end a process by default, and that a program which draws has to catch, too. */
const rareSignals = { SIGUSR2: 140, SIGALRM: 142, SIGXFSZ: 153, SIGPROF: 155, SIGIO: 157 } as const;

const missing = await missingOf(['script', 'stty', 'setsid', 'tmux']);
if (missing.length > 0) console.error(`SKIPPED: no ${missing.join(', ')}: terminals are not tried`);

/**
 * Runs the line in a terminal, sends the signal after its first output, and returns everything that
 * the terminal showed.
 */
async function endedBy(signal: NodeJS.Signals, line: string, started: RegExp): Promise<string> {
  const pidFile = join(makeFolder(), 'pid');
  const script = `
    stty cols 100 rows 30
    before=$(stty -g)
    sh -c 'echo $$ >"$PID_FILE"; eval "exec \\"$NODE\\" \\"$KAPI\\" $LINE"'
    code=$?
    [ "$(stty -g)" = "$before" ] && echo "modes as before" || echo "modes changed"
    echo "code $code"`;
  const child = spawn('script', ['-qec', script, '/dev/null'], {
    env: {
      ...cleanEnvironment(),
      ...{ TERM: 'xterm', NO_COLOR: '1', SHELL: '/bin/sh', KUBECONFIG: testServer().kubeconfigs.admin },
      ...{ PID_FILE: pidFile, NODE: process.execPath, KAPI: kapiFile, LINE: line },
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  let isSent = false;
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (isSent || !started.test(text)) return;
    isSent = true;
    process.kill(Number(readFileSync(pidFile, 'utf8')), signal);
  });
  await new Promise((resolve) => child.once('close', resolve));
  return text;
}

/**
 * Runs the line in a terminal and closes the terminal after the first output.
 * @param isControlling false: kapi has the terminal's streams, but gets no signal when it closes
 * @returns the exit code that a shell saw
 */
async function afterClose(
  line: string,
  started: RegExp,
  isControlling: boolean,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const codeFile = join(makeFolder(), 'code');
  const shell = `trap : HUP; eval "\\"$NODE\\" \\"$KAPI\\" $LINE"; echo $? >"$CODE_FILE"`;
  const size = 'stty cols 100 rows 30; ulimit -c 0';
  const command = isControlling ? `${size}; ${shell}` : `${size}; exec setsid -w sh -c '${shell}'`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: {
      ...cleanEnvironment(),
      ...{ TERM: 'xterm', NO_COLOR: '1', SHELL: '/bin/sh', KUBECONFIG: testServer().kubeconfigs.admin },
      ...{ CODE_FILE: codeFile, NODE: process.execPath, KAPI: kapiFile, LINE: line },
      ...env,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    // Kills the program that holds the other end of the terminal.
    if (started.test(text)) child.kill('SIGKILL');
  });
  await expect
    .poll(() => existsSync(codeFile) && readFileSync(codeFile, 'utf8'), { timeout: patienceMs })
    .toMatch(/\n$/);
  return readFileSync(codeFile, 'utf8').trim();
}

describeOnServer('a terminal', () => {
  for (const [line, started] of screens) {
    it.skipIf(missing.length > 0).concurrent.each(Object.entries({ ...signals, ...rareSignals }))(
      `has its modes and its screen back after kapi ${line} was ended by %s`,
      async (signal, code) => {
        const text = await endedBy(signal as NodeJS.Signals, line, started);
        expect(text).toContain(`code ${code}`);
        expect(text).toContain('modes as before');
        expect(text).not.toMatch(/a bug in kapi|^ +at /m);
        // The last switch of the alternate screen, and of the cursor.
        expect(text.match(/\u001b\[\?1049[hl]/g)?.at(-1)).toBe('\u001b[?1049l');
        expect(text.match(/\u001b\[\?25[hl]/g)?.at(-1)).toBe('\u001b[?25h');
      },
    );
  }

  it
    .skipIf(missing.length > 0)
    .concurrent.each([
      ...screens.map((each) => [...each, true] as const),
      ...screens.map((each) => [...each, false] as const),
      ['list namespaces --chunk-size 1 -v', /> GET/, true] as const,
    ])(
    'that closes ends kapi %s, with its files (%s, controlling: %s)',
    async (line, started, isControlling) => {
      const TMPDIR = join(makeFolder(), 'tmp');
      mkdirSync(TMPDIR);
      expect(await afterClose(line, started, isControlling, { TMPDIR })).toMatch(/^(129|0)$/);
      expect(readdirSync(TMPDIR)).toEqual([]);
    },
  );

  it.skipIf(missing.length > 0).concurrent.each(screens)(
    'of any size, however often it changes, leaves kapi %s listening to its keys',
    async (line, started) => {
      const command = `"${process.execPath}" "${kapiFile}" ${line}; echo "code $?"; exec cat`;
      const env = { ...cleanEnvironment(), KUBECONFIG: testServer().kubeconfigs.admin };
      const terminal = await openTerminal(command, env);
      try {
        await terminal.screenWith(started);
        const device = await terminal.device();
        const resize = (columns: number, rows: number): void => {
          execFileSync('stty', ['-F', device, 'cols', String(columns), 'rows', String(rows)]);
        };
        for (const [columns, rows] of [
          [1, 1],
          [0, 0],
          [3, 2],
          [65_535, 3],
          [80, 65_535],
          [300, 1],
          [1, 200],
        ] as const)
          resize(columns, rows);
        for (let round = 0; round < 40; round++) resize(20 + ((round * 7) % 90), 5 + (round % 30));
        resize(120, 30);
        await terminal.type('q');
        await terminal.screenWith(/^code 0$/m);
      } finally {
        await terminal.close();
      }
    },
  );

  for (const [line, started] of lines) {
    // A terminal sends SIGINT to all its programs, so kapi does not pass it on to the program of a
    // sandbox.
    const tried = Object.entries(signals).filter(([name]) => name !== 'SIGINT' || !line.includes(' -- '));
    it.skipIf(missing.length > 0).concurrent.each(tried)(
      `has its modes back after kapi ${line} was ended by %s`,
      async (signal, code) => {
        const text = await endedBy(signal as NodeJS.Signals, line, started);
        expect(text).toContain(`code ${code}`);
        expect(text).toContain('modes as before');
        expect(text).not.toMatch(/a bug in kapi|^ +at /m);
      },
    );
  }
});
