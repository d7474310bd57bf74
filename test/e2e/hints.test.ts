// The commands of hints, pasted into a shell: they ask the same server as the same user, and no
// name of an object runs as a command.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { suggestedIn } from '../pasteable.ts';
import { describeOnServer, kapi, kapiFile, makeFolder, run, testServer, type Result } from './kapi.ts';

/** What the user has to fill in. */
const isTemplate = /…|\.\.\.|\b(?:[A-Z]{4,}|A_POD|ITS_NAMESPACE)\b(?!:\?)| [|>] /;

/** Commands that only read. */
const readers = /^kapi (?:list|get|can-i|whoami|config|resources|groups|paths|explain|version|help) /;

/** Lines that fail as jane, each with the commands of its hints. */
const lines: readonly (readonly string[])[] = [
  ...[
    'list secrets -n dev',
    'get secret x -n dev',
    'list deploy web -o yaml -n dev',
    'get pod nope -n dev',
    'get pod crul -n dev',
    'get deploy nope -n dev --subresource scale',
    'list pods deploy -n dev',
    'get /metric',
    'get version',
    'get podz -n dev',
    'list pods -n dev -o jsn',
    'exec curl -n dev -- env',
  ].map((line) => line.split(' ')),
  ['get', 'pod', 'a b', '-n', 'dev'],
  ['get', 'pod', '$(touch made)', '-n', 'dev'],
  ['get', 'pod', 'a`touch made`', '-n', 'dev'],
  ['get', 'pod', 'a,b=c', '-n', 'dev'],
  ['get', 'pod', "it's", '-n', 'dev'],
];

describeOnServer('the commands of hints', () => {
  /** A shell with a `kapi` in PATH, whose kubeconfig is the administrator's. */
  function makeHome(): { readonly home: string; readonly paste: (command: string) => Promise<Result> } {
    const home = makeFolder();
    const { kubeconfigs } = testServer();
    writeFileSync(join(home, 'kapi'), `#!/bin/sh\nexec '${process.execPath}' '${kapiFile}' "$@"\n`, {
      mode: 0o755,
    });
    const env = { HOME: home, PATH: `${home}:${process.env['PATH'] ?? ''}`, KUBECONFIG: kubeconfigs.admin };
    return { home, paste: (command) => run('bash', ['-c', command], { cwd: home, env }) };
  }

  it('ask as the user of the line, and run no part of a name', async () => {
    const { home, paste } = makeHome();
    const jane = ['--kubeconfig', testServer().kubeconfigs.jane];
    const runs = await Promise.all(lines.map((line) => kapi([...line, ...jane], { kubeconfig: null })));
    const found = new Map<string, string>();
    for (const [at, { stderr, code }] of runs.entries()) {
      const line = lines[at]?.join(' ') ?? '';
      expect([2, 4], line).toContain(code);
      for (const command of suggestedIn(stderr)) {
        if (!isTemplate.test(command.replaceAll(/"\$\{\w+:\?\}"/g, ''))) found.set(command, line);
      }
    }
    expect(found.size).toBeGreaterThan(10);
    const commands = [...found.keys()].filter((command) => readers.test(command));
    const wrong: string[] = [];
    for (let from = 0; from < commands.length; from += 4) {
      const some = commands.slice(from, from + 4);
      const answers = await Promise.all(some.map((command) => paste(`${command} </dev/null`)));
      for (const [at, { stderr, code = -1 }] of answers.entries()) {
        const command = some[at] ?? '';
        // The types, flags and quotes are right: what is left is a no, or what jane may not do.
        const isAnswer = code === 0 || (code === 1 && command.includes(' can-i ')) || code === 4;
        const asksAsAdmin = /User "(?!jane)/.test(stderr);
        if (!isAnswer || asksAsAdmin)
          wrong.push(`${found.get(command) ?? ''} -> ${command} -> ${code}: ${stderr}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(existsSync(join(home, 'made'))).toBe(false);
  });

  it('after a 403 give the answer of who was refused: no', async () => {
    const { paste } = makeHome();
    const { jane } = testServer().kubeconfigs;
    const { stderr, code } = await kapi(['list', 'secrets', '-n', 'dev', '--kubeconfig', jane]);
    expect(code).toBe(4);
    const canI = suggestedIn(stderr).find((command) => command.startsWith('kapi can-i '));
    const answer = await paste(`${canI ?? 'false'} </dev/null`);
    expect([answer.stdout.split('\n')[0], answer.code], canI).toEqual(['no', 1]);
  });
});
