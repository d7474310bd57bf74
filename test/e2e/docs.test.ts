// Runs every runnable shell block of README.md and docs/ unchanged. The translations have the same
// blocks byte for byte; test/docs.test.ts checks that, and that every block has a mark:
//
//  sh run=setup     run, each line ends with 0
//  sh run=ok        the same, and the last line prints something
//  sh run=same      the same, and the first and the last line print the same value
//  sh run=exitN     the last line ends with N and prints no data
//  sh run=checkout  run in the checkout
//  sh run=ci        .ci/run takes it from the README
//  console run=sandbox  `$ command` lines with their output: in a new sandbox, compared
//
// The sh blocks of a document run in one shell, in an empty directory, against the server of this
// run. In console blocks a line `...` matches any lines, and a line that ends in … matches all
// lines with this prefix.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';

import { blocksOf, documents, root, translations, type Block } from '../markdown.ts';
import { describeOnServer, kapi, kapiFile, makeFolder, run, testServer, type Result } from './kapi.ts';

const translated = translations.map(({ korean }) => korean);
const blocks = documents.filter((name) => !translated.includes(name)).flatMap(blocksOf);
const inOneShell = blocks.filter(
  ({ language, run }) => language === 'sh' && run !== undefined && !['checkout', 'ci'].includes(run),
);
const withOutput = blocks.filter(({ language, run }) => language === 'console' && run !== undefined);

/** The result of one line of a block. */
interface Answer {
  readonly line: string;
  readonly out: string;
  readonly err: string;
  readonly code: string;
}

/** Makes a directory with `kapi` in it, to put first on PATH. */
function folderWithKapi(): string {
  const folder = makeFolder();
  const shim = join(folder, 'kapi');
  writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${kapiFile}' "$@"\n`);
  chmodSync(shim, 0o755);
  return folder;
}

const readIfThere = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : 'never ran');

describeOnServer('shell blocks', () => {
  const folders = new Map<string, string>();

  beforeAll(async () => {
    const pod = JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'downward', namespace: 'default' } },
      spec: {
        containers: [
          {
            ...{ name: 'main', image: 'busybox' },
            env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
          },
        ],
      },
    });
    // The sandbox already has one.
    await kapi(['curl', '--json', pod, '/api/v1/namespaces/default/pods']);
    for (const document of new Set(inOneShell.map((block) => block.document))) {
      const folder = folderWithKapi();
      folders.set(document, folder);
      await run('bash', ['-c', scriptOf(inOneShell.filter((block) => block.document === document))], {
        cwd: folder,
        env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, KUBECONFIG: testServer().kubeconfigs.admin },
        timeoutMs: 180_000,
      });
    }
  }, 400_000);

  it('are there', () => {
    const left = blocks.filter(({ notRun }) => notRun !== undefined);
    for (const { document, line, notRun = '' } of left)
      console.log(`not run: ${document}:${line}: ${notRun}`);
    expect(inOneShell.length).toBeGreaterThan(15);
  });

  it.each(inOneShell.map((block) => [place(block), block] as const))('%s', (_, block) => {
    const folder = folders.get(block.document) ?? '';
    const answers = block.text.split('\n').map((line, at): Answer => {
      const file = join(folder, `${block.line}.${at}`);
      return {
        line,
        out: readIfThere(`${file}.out`),
        err: readIfThere(`${file}.err`),
        code: readIfThere(`${file}.code`).trim(),
      };
    });
    const last = answers.at(-1)!;
    const [, wantedCode = '0'] = /^exit(\d+)$/.exec(block.run ?? '') ?? [];
    for (const answer of answers) {
      expect(answer).toMatchObject({ code: answer === last ? wantedCode : '0' });
      if (wantedCode === '0' && answer.line.startsWith('curl ')) {
        expect(answer.out).not.toMatch(/"status": ?"Failure"/);
      }
    }
    if (wantedCode !== '0') {
      expect(last.out).toBe('');
      const [first] = answers;
      // If the first command is curl, the server has refused it too.
      if (first!.line.startsWith('curl '))
        expect(JSON.parse(first!.out)).toMatchObject({ kind: 'Status', status: 'Failure' });
    }
    if (block.run === 'same') expect(valueOf(last.out)).toEqual(valueOf(answers[0]!.out));
    if (block.run === 'ok' && last.line.startsWith('kapi ')) expect(last.out).not.toBe('');
  });
});

const project = inject('server');
const isElsewhere = 'missing' in project || project.kind !== 'sandbox';

// Once for both projects, because these blocks start their own server.
describe.skipIf(isElsewhere)('blocks with output', () => {
  const folders = new Map<string, string>();

  beforeAll(async () => {
    const folder = folderWithKapi();
    const script = [...new Set(withOutput.map(({ document }) => document))].map((document) => {
      const own = join(folder, document.replaceAll(/\W/g, '-'));
      mkdirSync(own);
      folders.set(document, own);
      const lines = withOutput
        .filter((block) => block.document === document)
        .flatMap((block) =>
          // Both streams, as on a terminal.
          exchangesOf(block).map(({ command }, at) => `{ ${command}\n} > ${block.line}.${at}.txt 2>&1`),
        );
      // Documents that do not mention a sandbox are for users of a cluster: -s selects another
      // server there, without a warning.
      const isAboutSandbox =
        lines.some((line) => line.includes('KAPI_SANDBOX_DIR')) || document.includes('sandbox');
      return `(cd '${own}'\n${isAboutSandbox ? '' : 'unset KAPI_SANDBOX_DIR\n'}${lines.join('\n')}\n)`;
    });
    const { stderr, code } = await run(
      join(folder, 'kapi'),
      ['sandbox', '--', 'bash', '-c', `${script.join('\n')}\ntrue`],
      {
        cwd: folder,
        env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` },
        timeoutMs: 300_000,
      },
    );
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  }, 310_000);

  it('are there', () => {
    expect(withOutput.length).toBeGreaterThan(10);
  });

  it.each(withOutput.map((block) => [place(block), block] as const))('%s', (_, block) => {
    for (const [at, { command, output }] of exchangesOf(block).entries()) {
      const real = readIfThere(join(folders.get(block.document) ?? '', `${block.line}.${at}.txt`));
      const told = plain(output);
      const seen = plain(real);
      if (!patternOf(told).test(`${seen}\n`)) expect(seen, `$ ${command}`).toBe(told);
    }
  });
});

// The demo starts its own sandbox too.
describe.skipIf(isElsewhere)('blocks for the checkout', () => {
  const inCheckout = blocks.filter(({ run }) => run === 'checkout');

  it.each(inCheckout.map((block) => [place(block), block] as const))(
    '%s',
    async (_, { text }) => {
      const answer: Result = await run('bash', ['-euc', text], { cwd: root, timeoutMs: 280_000 });
      expect(answer).toMatchObject({ code: 0 });
      expect(answer.stdout).not.toBe('');
    },
    300_000,
  );
});

function place({ document, line, text }: Block): string {
  return `${document}:${line} ${text.split('\n').at(-1) ?? ''}`;
}

/**
 * Returns a script that runs each line in the same shell, and stores its output and exit code in
 * files.
 */
function scriptOf(those: readonly Block[]): string {
  return those
    .flatMap((block) =>
      block.text.split('\n').map((line, at) => {
        const file = `${block.line}.${at}`;
        return `{ ${line}\n} > ${file}.out 2> ${file}.err\necho $? > ${file}.code`;
      }),
    )
    .join('\n');
}

/** Returns the `$ command` lines of a console block, each with the lines below it. */
function exchangesOf({ text }: Block): { command: string; output: string }[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...output] = part.split('\n');
      return { command, output: output.join('\n').trimEnd() };
    });
}

/**
 * Removes what differs from run to run: ages, times, ports, directories, digests, and column
 * widths.
 */
function plain(text: string): string {
  return text
    .replaceAll(/127\.0\.0\.1:\d{4,5}/g, '127.0.0.1:PORT')
    .replaceAll(/[^\s"'=]*\/kapi-sandbox-\w+/g, '/tmp/kapi-sandbox')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'DIGEST')
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UUID')
    .replaceAll(/\b\d+(\.\d+)? ms\b/g, 'N ms')
    .replaceAll(/(?<![\w"])(\d+[smhdy])+\b/g, 'AGE')
    .replaceAll(/ {2,}/g, '  ')
    .replaceAll(/[ \t]+$/gm, '')
    .trimEnd();
}

function patternOf(told: string): RegExp {
  const lines = told.split('\n').map((line) => {
    if (line === '...') return '(?:.*\n)*?';
    const isBeginning = line.endsWith('…');
    const exact = (isBeginning ? line.slice(0, -1) : line).replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    return `${exact}${isBeginning ? '.*' : ''}\n`;
  });
  return new RegExp(`^${lines.join('')}$`);
}

/**
 * Returns JSON parsed, anything else unchanged. Removes the resourceVersion of a list, which
 * changes with every write elsewhere.
 */
function valueOf(text: string): unknown {
  if (!text.startsWith('{')) return text.trimEnd();
  const value = JSON.parse(text) as { kind?: string; metadata?: { resourceVersion?: string } };
  if (value.kind?.endsWith('List') === true) delete value.metadata?.resourceVersion;
  return value;
}
