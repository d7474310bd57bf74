// The README's cookbook, run as it stands: every block in one shell, in order, against the server of this run.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { describeOnServer, kapi, kapiFile, makeFolder, run, testServer } from './kapi.ts';

interface Block {
  /** What is expected: `setup`, `same`, `forbidden` or `runs`. */
  readonly kind: string;
  readonly lines: readonly string[];
}

const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
const blocks: readonly Block[] = [...readme.matchAll(/^```sh cookbook=(\w+)\n([\s\S]*?)^```$/gm)].map(
  ([, kind = '', text = '']) => ({ kind, lines: text.trimEnd().split('\n') }),
);

/** Each line in the same shell, its output and exit code kept in files of its own. */
function scriptOf(): string {
  return blocks
    .flatMap(({ lines }, block) =>
      lines.map(
        (line, at) =>
          `{ ${line}\n} > ${block}.${at}.out 2> ${block}.${at}.err\necho $? > ${block}.${at}.code`,
      ),
    )
    .join('\n');
}

describeOnServer('the cookbook of the README', () => {
  let folder = '';

  beforeAll(async () => {
    folder = makeFolder();
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
    // The sandbox has one already.
    await kapi(['curl', '--json', pod, '/api/v1/namespaces/default/pods']);
    const shim = join(folder, 'kapi');
    writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${kapiFile}' "$@"\n`);
    chmodSync(shim, 0o755);
    await run('bash', ['-c', scriptOf()], {
      cwd: folder,
      env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, KUBECONFIG: testServer().kubeconfigs.admin },
      timeoutMs: 120_000,
    });
  }, 130_000);

  function fileOf(block: number, at: number, kind: 'out' | 'err' | 'code'): string {
    const path = join(folder, `${block}.${at}.${kind}`);
    return existsSync(path) ? readFileSync(path, 'utf8') : 'never ran';
  }

  it('is there', () => {
    expect(blocks.length).toBeGreaterThan(15);
  });

  it.each(blocks.map((block, at) => [block.lines.at(-1) ?? '', block, at] as const))(
    '%s',
    (_, { kind, lines }, block) => {
      const last = lines.length - 1;
      const answers = lines.map((line, at) => ({
        line,
        out: fileOf(block, at, 'out'),
        err: fileOf(block, at, 'err'),
        code: fileOf(block, at, 'code').trim(),
      }));
      if (kind === 'forbidden') {
        expect(JSON.parse(answers[0]!.out)).toMatchObject({ kind: 'Status', code: 403 });
        expect(answers[last]).toMatchObject({ code: '4', out: '' });
        expect(answers[last]!.err).toMatch(/^Error from server \(Forbidden\)/);
        return;
      }
      for (const answer of answers) {
        expect(answer).toMatchObject({ code: '0' });
        if (answer.line.startsWith('curl ')) expect(answer.out).not.toMatch(/"status": ?"Failure"/);
      }
      if (kind === 'same') expect(valueOf(answers[last]!.out)).toEqual(valueOf(answers[0]!.out));
      if (kind === 'runs' && lines[last]!.startsWith('kapi ')) expect(answers[last]!.out).not.toBe('');
    },
  );
});

/** JSON by its value, anything else as it is. The moment of a list moves on with whatever else is written. */
function valueOf(text: string): unknown {
  if (!text.startsWith('{')) return text.trimEnd();
  const value = JSON.parse(text) as { kind?: string; metadata?: { resourceVersion?: string } };
  if (value.kind?.endsWith('List') === true) delete value.metadata?.resourceVersion;
  return value;
}
