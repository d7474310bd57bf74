// kapi explore in a real terminal: tmux sends the keys and reads the screen.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { cleanEnvironment, describeOnServer, kapi, kapiFile, makeFolder, testServer } from './kapi.ts';
import { missingOf, openTerminal, type Terminal } from './terminal.ts';

const missing = await missingOf(['tmux']);
if (missing.length > 0) {
  const reason = 'no tmux on PATH: kapi explore is not tried in a terminal (apt-get install tmux)';
  if ((process.env['CI'] ?? '') !== '') throw new Error(reason);
  console.error(`SKIPPED: ${reason}`);
}

const namespace = 'explore-e2e';
const evil = '\u001b]0;PWN\u0007\u202eevil';

describeOnServer('kapi explore in a terminal', () => {
  if (missing.length > 0) {
    it.skipIf(true)('no tmux', () => undefined);
    return;
  }

  beforeAll(async () => {
    const create = (path: string, object: object): Promise<unknown> =>
      kapi(['curl', '-s', '-X', 'POST', '-d', JSON.stringify(object), path]);
    await create('/api/v1/namespaces', { metadata: { name: namespace } });
    for (const [name, data] of [
      ['hostile', { [`key`]: evil }],
      ['settings', { color: 'blue', 'file.txt': 'one\ntwo' }],
    ] as const) {
      await create(`/api/v1/namespaces/${namespace}/configmaps`, { metadata: { name }, data });
    }
  });

  async function explore(
    words: string,
    use: (terminal: Terminal) => Promise<void>,
    { kubeconfig = testServer().kubeconfigs.admin, env = {}, before = '' } = {},
  ): Promise<void> {
    const line = `${before}${process.execPath} ${kapiFile} explore ${words}; echo "code $?"; exec cat`;
    const terminal = await openTerminal(line, { ...cleanEnvironment(), KUBECONFIG: kubeconfig, ...env });
    try {
      await use(terminal);
    } finally {
      await terminal.close();
    }
  }

  it.concurrent(
    'walks from the paths to the field of an object, and prints its command at the end',
    async () => {
      await explore(`-n ${namespace}`, async (terminal) => {
        await terminal.screenWith(/all types[^]*\/api\/v1/);
        await terminal.type('/types');
        await terminal.press('Enter', 'Enter');
        await terminal.screenWith(/NAME +YOU MAY[^]*configmaps/);
        await terminal.type('/configmaps');
        await terminal.press('Enter', 'Enter');
        await terminal.screenWith(/configmaps in explore-e2e[^]*settings/);
        await terminal.type('/settings');
        await terminal.press('Enter', 'Enter');
        await terminal.screenWith(/color: blue/);
        await terminal.type('/blue');
        await terminal.press('Enter');
        await terminal.screenWith(/\{\.data\.color\}[^]*type string/);
        await terminal.type('y');
        await terminal.screenWith(/object\.data\.color[^]*\/data\/color/);
        await terminal.type('p');
        await terminal.screenWith(/^\d\d:\d\d:\d\dZ copied, if the terminal allows it: \/data\/color/m);
        await terminal.type('c');
        await terminal.screenWith(/namespaces\/explore-e2e\/configmaps\/settings/);
        await terminal.type('qq');
        const screen = await terminal.screenWith(/^code 0$/m);
        expect(screen).toContain(`kapi get configmaps settings -n ${namespace} -o 'jsonpath={.data.color}'`);
        expect(await terminal.state()).toEqual({ alternate: false, cursor: true });
      });
    },
  );

  it.concurrent.each([
    [80, 24],
    [140, 40],
    [40, 12],
  ])('shows hostile bytes as text at %i x %i, and after a resize', async (columns, rows) => {
    await explore(
      `configmap/hostile -n ${namespace}`,
      async (terminal) => {
        await terminal.resize(columns, rows);
        await terminal.screenWith(/kind: ConfigMap/);
        await terminal.type('/evil');
        await terminal.press('Enter');
        const screen = await terminal.screenWith(/^> +key: .*\^\[\]0;PWN\^G/m);
        expect(screen).not.toMatch(/\u202e/);
        expect(await terminal.styled()).not.toContain('\u001b[3');
        await terminal.resize(30, 6);
        await terminal.screenWith(/^> +key: /m);
      },
      { env: { NO_COLOR: '1' } },
    );
  });

  it.concurrent('shows a refusal where it happened, with the missing right', async () => {
    await explore(
      `secrets -n ${namespace}`,
      async (terminal) => {
        await terminal.screenWith(/forbidden[^]*you need verb "list" on[^]*r reads it again/);
        await terminal.type('q');
        await terminal.screenWith(/^code 0$/m);
      },
      { kubeconfig: testServer().kubeconfigs.jane },
    );
  });

  it.concurrent('shows 10 MB from standard input, and takes its keys from the terminal', async () => {
    const file = join(makeFolder(), 'large.json');
    const items = Array.from({ length: 40_000 }, (_, at) => ({ name: `item-${at}`, text: 'x'.repeat(220) }));
    writeFileSync(file, JSON.stringify({ kind: 'Large', items }));
    await explore(
      '-',
      async (terminal) => {
        await terminal.screenWith(/items: 40000 items/);
        await terminal.type('/item-39999');
        await terminal.press('Enter');
        await terminal.screenWith(/\{\.items\[39999\]\.name\}/);
        await terminal.type('q');
        await terminal.screenWith(/^code 0$/m);
      },
      { before: `cat ${file} | ` },
    );
  });

  it.concurrent('needs a terminal, and names what prints the same without one', async () => {
    for (const [words, instead] of [
      [[], 'kapi paths'],
      [['/version'], 'kapi get /version'],
      [['deploy'], 'kapi list deploy'],
      [['pod/web'], 'kapi get pod/web -o yaml'],
    ] as const) {
      const result = await kapi(['explore', ...words]);
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toContain(`hint: \`${instead}\` prints the same`);
    }
  });
});
