// Failures of stdout and stderr, for every command and format, with each errno that Linux
// documents.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exchangeOf, replyOf } from '../recorded.ts';
import type { Exchange } from '../scripted-send.ts';
import { goneErrors, systemError, writeErrors } from '../system-errors.ts';
import { runKapi } from './run-kapi.ts';

const pods = '/api/v1/namespaces/default/pods';
const warning = { warning: '299 - "this is deprecated"' };

const list: Exchange = {
  request: `GET ${pods}?limit=500`,
  reply: {
    headers: warning,
    body: {
      apiVersion: 'v1',
      kind: 'PodList',
      metadata: { resourceVersion: '7' },
      items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } }],
    },
  },
};
const table: Exchange = {
  request: `GET ${pods}?limit=1000&includeObject=None`,
  reply: {
    headers: warning,
    body: {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '7' },
      columnDefinitions: [{ name: 'Name', type: 'string', format: 'name', description: '', priority: 0 }],
      rows: [{ cells: ['web'] }],
    },
  },
};
const discovery: readonly Exchange[] = [
  { request: 'GET /api', reply: replyOf('discovery/aggregated-api') },
  { request: 'GET /apis', reply: replyOf('discovery/aggregated-apis') },
];

const lines: readonly (readonly [line: string, replies: readonly Exchange[]])[] = [
  ['list pods', [table]],
  ['list pods -o name', [table]],
  ...['json', 'yaml', 'ndjson', 'jsonpath={.items}', 'custom-columns=N:.metadata.name'].map(
    (format) => [`list pods -o ${format}`, [list]] as const,
  ),
  ['curl /version', [exchangeOf('root/version')]],
  ['get /version', [exchangeOf('root/version')]],
  ['version', [exchangeOf('root/version')]],
  ['paths', [exchangeOf('root/paths')]],
  ['groups', discovery],
  ['resources', discovery],
  ['resources -o name', discovery],
  ['config show', []],
  ['list pods --curl', []],
  ['completion bash', []],
  ['help', []],
  ['help output', []],
  ['list --help', []],
  ['--version', []],
];

describe.each(lines)('kapi %s', (line, replies) => {
  it('ends with 3 and names standard output when it cannot be written', async () => {
    for (const code of writeErrors) {
      for (const late of [false, true]) {
        const failing = { stream: 'stdout', error: systemError(code), late } as const;
        const run = await runKapi(line, { replies, failing });
        expect([code, run.code, run.stderr]).toEqual([
          code,
          3,
          expect.stringMatching(/(^|\n)error: cannot write to standard output: [a-z]/),
        ]);
        expect(run.stderr).not.toContain('bug');
      }
    }
  });

  it('ends silently with 0 when the reader of standard output is gone', async () => {
    for (const code of goneErrors) {
      const failing = { stream: 'stdout', error: systemError(code) } as const;
      const run = await runKapi(line, { replies, failing });
      expect([code, run.code]).toEqual([code, 0]);
      expect(run.stderr).not.toContain('error');
    }
  });

  it('has the same output and exit code if standard error cannot be written', async () => {
    const whole = await runKapi([...line.split(' '), '-v'].slice(0, line === '--version' ? 1 : undefined), {
      replies,
    });
    for (const code of [...writeErrors, ...goneErrors]) {
      for (const late of [false, true]) {
        const failing = { stream: 'stderr', error: systemError(code), late } as const;
        const run = await runKapi(line, { replies, failing });
        expect([code, run.code, run.stdout]).toEqual([code, whole.code, whole.stdout]);
      }
    }
  });
});

describe('a failure that cannot be printed', () => {
  it.each([...writeErrors, ...goneErrors])('keeps its exit code: %s of stderr', async (code) => {
    const failing = { stream: 'stderr', error: systemError(code) } as const;
    expect((await runKapi('list --nosuch', { failing })).code).toBe(2);
    const refused = { request: `GET ${pods}?limit=1000&includeObject=None`, reply: { status: 403 } };
    expect((await runKapi('list pods', { failing, replies: [refused] })).code).toBe(4);
  });
});

describe('an input without an end', () => {
  function* endless(): Generator<Uint8Array> {
    const chunk = Buffer.alloc(1024 * 1024, 'x\n');
    for (;;) yield chunk;
  }
  const maps = '/api/v1/namespaces/default/configmaps';
  const bodies = ['-d', '--data-binary', '--data-urlencode', '--json'].map((flag) => `curl ${maps} ${flag}`);

  it.each([
    ...[...bodies, `curl ${maps} -G -d`, 'curl /version -H', 'curl /version -w'].map((line) => `${line} @-`),
    ...[`curl ${maps}/x -T -`, 'can-i -f -', 'diff -f -'],
  ])('of standard input: kapi %s', async (line) => {
    const run = await runKapi(line, { input: endless() });
    const hint = line.startsWith(`curl ${maps}`)
      ? 'hint: -T with a Content-Type header (-H) sends a body of any size while it is read, and keeps none of it\n'
      : '';
    expect([run.code, run.stderr]).toEqual([3, `error: standard input is larger than 256 MiB\n${hint}`]);
  });

  it.each([
    ...[...bodies, 'curl /version -H', 'curl /version -w'].map((line) => `${line} @FILE`),
    ...['can-i -f FILE', 'diff -f FILE', 'sandbox --load FILE -- true'],
    ...['list pods -o custom-columns-file=FILE', 'list pods -o jsonpath-file=FILE'],
  ])('of a file: kapi %s', async (line) => {
    const folder = mkdtempSync(join(tmpdir(), 'kapi-endless-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const file = join(folder, 'f');
    writeFileSync(file, '');
    truncateSync(file, 2 ** 40);
    const run = await runKapi(line.replace('FILE', file));
    expect([run.code, run.stderr.split('\n')[0]]).toEqual([
      3,
      expect.stringMatching(/^error: .* cannot be read: the file is too large$/),
    ]);
  });

  it('of a device', async () => {
    const run = await runKapi('curl /version -d @/dev/zero');
    expect([run.code, run.stderr.split('\n')[0]]).toEqual([
      3,
      'error: the file /dev/zero cannot be read: the file is too large',
    ]);
  });
});

describe('a file that is missing', () => {
  it.each([
    ['curl /version -d @/nonexistent/f', 'the file /nonexistent/f cannot be read'],
    ['curl /version -T /nonexistent/f', 'the file /nonexistent/f cannot be read'],
    ['curl /version -w @/nonexistent/f', 'the file /nonexistent/f cannot be read'],
    ['list pods -o jsonpath-file=/nonexistent/f', 'the template file /nonexistent/f of -o cannot be read'],
    [
      'list pods -o custom-columns-file=/nonexistent/f',
      'the template file /nonexistent/f of -o cannot be read',
    ],
    ['can-i --filename /nonexistent/f', 'the file /nonexistent/f of --filename cannot be read'],
    ['sandbox --load /nonexistent/f -- true', 'the file /nonexistent/f of --load cannot be read'],
  ])('%s: one code and the same words', async (line, words) => {
    const run = await runKapi(line);
    expect([run.code, run.stderr]).toEqual([3, `error: ${words}: no such file or directory\n`]);
  });

  it.each([
    ['curl /version -o /nonexistent/f', []],
    ['curl /version -D /nonexistent/f', []],
    ['curl /version -s -o /nonexistent/f', []],
  ])('%s: the same for a file to write', async (line) => {
    const run = await runKapi(line, { replies: [exchangeOf('root/version')] });
    expect([run.code, run.stderr]).toEqual([
      3,
      'error: the file /nonexistent/f cannot be written: no such file or directory\n',
    ]);
  });

  it.each(['curl /version -o /dev/full', 'curl /version -D /dev/full -o /dev/null'])(
    '%s: a full disk names the file',
    async (line) => {
      const run = await runKapi(line, { replies: [exchangeOf('root/version')] });
      expect([run.code, run.stderr.split('\n')[0]]).toEqual([
        3,
        'error: the file /dev/full cannot be written: no space left on device',
      ]);
    },
  );
});

describe('a list that breaks off', () => {
  it('ends the line of JSON that it has begun, and leaves the list open', async () => {
    const first = {
      ...list,
      reply: {
        body: {
          kind: 'PodList',
          metadata: { resourceVersion: '7', continue: 'next' },
          items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } }],
        },
      },
    };
    const second = { request: `GET ${pods}?limit=2000&continue=next`, reply: { status: 500, body: 'no' } };
    const run = await runKapi('list pods -o json', { replies: [first, second] });
    expect(run.code).toBe(5);
    expect(run.stdout.endsWith('}\n')).toBe(true);
    expect(() => JSON.parse(run.stdout) as unknown).toThrow();
  });
});
