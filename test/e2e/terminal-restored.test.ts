// Commands that run until a signal, on a pseudo terminal: whatever signal ends them, the terminal
// has its original modes, and the shell sees the code of the signal. live-table.test.ts tests the
// live table.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cleanEnvironment, describeOnServer, kapiFile, makeFolder, testServer } from './kapi.ts';
import { missingOf } from './terminal.ts';

/** Each line with its first output. */
const lines: readonly (readonly [line: string, started: RegExp])[] = [
  ['watch namespaces --no-live', /default/],
  ['watch namespaces -o json', /"object"/],
  ['proxy --port 0', /Starting to serve/],
  ['sandbox', /kubeconfig/],
  ["sandbox -- sh -c 'echo begun; exec sleep 60'", /^begun/m],
];
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGQUIT: 131 } as const;

const missing = await missingOf(['script', 'stty']);
if (missing.length > 0) console.error(`SKIPPED: no ${missing.join(', ')}: terminals are not tried`);

/**
 * Runs the line in a terminal, sends the signal after its first output, and returns everything that
 * the terminal showed.
 */
async function endedBy(signal: NodeJS.Signals, line: string, started: RegExp): Promise<string> {
  const pidFile = join(makeFolder(), 'pid');
  const script = `
    before=$(stty -g)
    sh -c 'echo $$ >"$PID_FILE"; eval "exec \\"$NODE\\" \\"$KAPI\\" $LINE"'
    code=$?
    [ "$(stty -g)" = "$before" ] && echo "modes as before" || echo "modes changed"
    echo "code $code"`;
  const child = spawn('script', ['-qec', script, '/dev/null'], {
    env: {
      ...cleanEnvironment(),
      ...{ TERM: 'xterm', SHELL: '/bin/sh', KUBECONFIG: testServer().kubeconfigs.admin },
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

describeOnServer('a terminal', () => {
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
