// All pairs of flags of list, get and watch: each is independent, refused, or has a test of what
// the two mean together.

import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/command-list.ts';
import { parseCommandLine } from '../../src/cli/program.ts';
import type { Exchange } from '../scripted-send.ts';
import { runKapi } from './run-kapi.ts';

/** A word for each flag that most other flags go with. */
const words: Readonly<Record<string, string>> = {
  output: '-o=table',
  selector: '-l=app=web',
  'field-selector': '--field-selector=status.phase=Running',
  'sort-by': '--sort-by=.metadata.name',
  limit: '--limit=2',
  'chunk-size': '--chunk-size=10',
  'label-columns': '-L=app',
  'allow-missing-template-keys': '--allow-missing-template-keys=false',
  subresource: '--subresource=status',
  'expect-count': '--expect-count=2',
  where: '--where=spec.x == 1',
  'count-by': '--count-by=spec.nodeName',
  sum: '--sum=spec.storage',
  at: '--at=5',
  until: '--until=create',
  'until-any': '--until-any=create',
  'fail-on': '--fail-on=delete',
  for: '--for=create',
  'for-count': '--for-count=2',
  timeout: '--timeout=1m',
  namespace: '-n=dev',
  contexts: '--contexts=*',
};

/** `output` once more, in formats that are no tables. */
const formats: Readonly<Record<string, string>> = {
  'output json': '-o=json',
  'output name': '-o=name',
  'output jsonpath': '-o=jsonpath={.kind}',
  'output custom-columns': '-o=custom-columns=N:.metadata.name',
};

interface Subject {
  /** The line without flags. */
  readonly line: string;
  /** Flags that this line does not take. */
  readonly alone?: readonly string[];
  /** Pairs that are refused with exit 2, besides {@link columnsOfOthers}. */
  readonly refused: readonly string[];
  /** Pairs whose common meaning has a test below. */
  readonly tested: readonly string[];
}

/** Columns of labels exist in tables only. */
const columnsOfOthers = Object.keys(formats).flatMap((format) => [
  `show-labels + ${format}`,
  `label-columns + ${format}`,
]);

/**
 * kubectl's ways to say watch, which make the line one of `kapi watch`: that one's pairs are judged
 * there.
 */
const leadElsewhere = new Set(['watch', 'watch-only', 'output-watch-events']);

/** Flags that need --contexts; contexts.test.ts has them. */
const ofSeveralContexts = new Set(['unordered', 'expect-total']);

const listTested = [
  'limit + sort-by',
  'all-namespaces + namespace',
  'chunk-size + limit',
  'expect-count + require-nonempty',
];

/** `--count-by` and `--sum` print groups; these flags are about single objects or their number. */
const groupsRefuse = ['count-by', 'sum'].flatMap((grouping) =>
  ['sort-by', 'limit', 'show-labels', 'label-columns', 'show-kind', 'expect-count', 'require-nonempty'].map(
    (flag) => [grouping, flag].sort().join(' + '),
  ),
);

/** `--view` shows whole objects; these flags are about what is printed, or about their number. */
const viewRefuses = [
  ...['output', 'no-headers', 'show-labels', 'label-columns', 'show-kind', 'show-managed-fields'],
  ...['allow-missing-template-keys', 'owners', 'count-by', 'sum', 'quiet', 'contexts'],
  ...['expect-count', 'require-nonempty', ...Object.keys(formats)],
].map((flag) => [flag, 'view'].sort().join(' + '));

const subjects: readonly Subject[] = [
  { line: 'list pods', refused: ['expect-count + limit', ...groupsRefuse], tested: listTested },
  {
    line: 'get pods',
    alone: ['subresource'],
    refused: ['expect-count + limit', ...groupsRefuse, ...viewRefuses],
    tested: listTested,
  },
  {
    line: 'get pods a b',
    alone: [
      'all-namespaces',
      'selector',
      'field-selector',
      'where',
      'count-by',
      'sum',
      'limit',
      'chunk-size',
    ],
    // Objects by name are JSON unless -o says otherwise.
    refused: viewRefuses.filter((pair) => !/\b(?:count-by|sum)\b/.test(pair)),
    tested: ['expect-count + ignore-not-found', 'expect-count + require-nonempty'],
  },
  {
    line: 'get /api/v1/pods -o table',
    alone: [
      'output',
      'selector',
      'field-selector',
      'where',
      'count-by',
      'sum',
      'at',
      'all-namespaces',
      'limit',
      'chunk-size',
      'subresource',
      'sort-by',
      'owners',
      'view',
    ],
    refused: [],
    tested: ['expect-count + ignore-not-found', 'expect-count + require-nonempty'],
  },
  {
    line: 'watch pods',
    refused: [
      ...['for-count + until', 'for-count + until-any', 'for + for-count'],
      ...['for + until', 'for + until-any', 'fail-on + for'],
      ...['diff + output jsonpath', 'output jsonpath + timestamps'],
      ...['replay + watch-only', 'replay + until', 'replay + until-any', 'fail-on + replay', 'for + replay'],
    ],
    tested: ['all-namespaces + namespace', 'timeout + watch-only'],
  },
];

interface Pair {
  readonly key: string;
  readonly words: readonly string[];
}

function flagsOf(line: string): Map<string, string> {
  const spec = commands.find(({ name }) => name === line.split(' ')[0]);
  const own = (spec?.flags ?? [])
    .map(({ name }) => name)
    .filter((name) => !ofSeveralContexts.has(name))
    .filter((name) => !leadElsewhere.has(name) || (name === 'watch-only' && spec?.name === 'watch'));
  return new Map([
    ...[...own, 'namespace'].map((name) => [name, words[name] ?? `--${name}`] as const),
    ...(own.includes('output') ? Object.entries(formats) : []),
  ]);
}

function pairsOf({ line, alone = [] }: Subject): Pair[] {
  const flags = [...flagsOf(line)].filter(
    ([name]) => !alone.includes(name) && !(alone.includes('output') && name.startsWith('output ')),
  );
  return flags.flatMap(([first, one], at) =>
    flags
      .slice(at + 1)
      .filter(([second]) => !(first.startsWith('output') && second.startsWith('output')))
      .map(([second, other]) => ({ key: [first, second].sort().join(' + '), words: [one, other] })),
  );
}

function isRefused({ refused }: Subject, key: string): boolean {
  return [...refused, ...columnsOfOthers.map((pair) => pair.split(' + ').sort().join(' + '))].includes(key);
}

describe.each(subjects)('kapi $line', (subject) => {
  const pairs = pairsOf(subject);
  const line = subject.line.split(' ');

  it('takes every pair of flags that is not refused', () => {
    for (const { key, words: two } of pairs) {
      if (isRefused(subject, key)) continue;
      // Columns of labels need the table that named objects are not shown as by default.
      expect(() => parseCommandLine([...line, ...two], commands), key).not.toThrow();
    }
  });

  it('refuses the others with 2 before it asks anything', async () => {
    const refused = pairs.filter(({ key }) => isRefused(subject, key));
    for (const { key, words: two } of refused) {
      const run = await runKapi([...line, ...two], { replies: [] });
      expect(run, key).toMatchObject({ code: 2, stdout: '', requests: [] });
      expect(run.stderr, key).toMatch(/^error: .*--?/);
    }
  });

  it('refuses flags that have no meaning there', async () => {
    for (const name of subject.alone ?? []) {
      if (name === 'output') continue;
      const run = await runKapi([...line, flagsOf(subject.line).get(name) ?? ''], { replies: [] });
      expect(run, name).toMatchObject({ code: 2, stdout: '', requests: [] });
    }
  });

  it('is described by pairs that exist', () => {
    const keys = pairs.map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining([...subject.refused, ...subject.tested]));
  });
});

const pod = (name: string): object => ({ metadata: { name } });
const podList = (names: readonly string[], metadata: object = {}): object => ({
  kind: 'PodList',
  apiVersion: 'v1',
  metadata,
  items: names.map(pod),
});
const rows = (names: readonly string[]): object => ({
  kind: 'Table',
  apiVersion: 'meta.k8s.io/v1',
  metadata: {},
  columnDefinitions: [{ name: 'Name', type: 'string', format: 'name', description: '', priority: 0 }],
  rows: names.map((name) => ({ cells: [name], object: pod(name) })),
});
const pods = '/api/v1/namespaces/default/pods';

describe('--sort-by with --limit', () => {
  it.each([
    ['name', 'pod/a\npod/b\n'],
    ['table', 'NAME\na\nb\n'],
    ['jsonpath={.items[*].metadata.name}', 'a b'],
  ])('prints the first of the sorted whole as %s, whatever the pages', async (format, stdout) => {
    const body = format === 'table' ? rows(['d', 'b']) : podList(['d', 'b']);
    const more = format === 'table' ? rows(['a', 'c']) : podList(['a', 'c']);
    const how = format === 'table' ? '&includeObject=Object' : '';
    const replies: Exchange[] = [
      {
        request: `GET ${pods}?limit=2${how}`,
        reply: { body: { ...body, metadata: { continue: 'x' } } },
      },
      { request: `GET ${pods}?limit=2&continue=x${how}`, reply: { body: more } },
    ];
    const run = await runKapi(
      ['list', 'pods', '--sort-by', '.metadata.name', '--limit', '2', '--chunk-size', '2', '-o', format],
      { replies },
    );
    const stderr = format === 'table' ? '2 of 4 are shown (--limit 2)\n' : '';
    expect(run).toMatchObject({ code: 0, stdout, stderr });
  });

  it('counts over the tables of several types, in their order', async () => {
    const run = await runKapi('list po,svc --sort-by .metadata.name --limit 3 --no-headers', {
      replies: [
        { request: `GET ${pods}?limit=500&includeObject=Object`, reply: { body: rows(['d', 'b']) } },
        {
          request: 'GET /api/v1/namespaces/default/services?limit=500&includeObject=Object',
          reply: { body: rows(['z', 'y']) },
        },
      ],
    });
    expect(run.stdout.split(/\s+/)).toEqual(['pod/b', 'pod/d', 'service/y', '']);
  });

  it('is satisfied by fewer, and a limit of 0 is none', async () => {
    for (const limit of ['9', '0']) {
      const run = await runKapi(`list pods --sort-by .metadata.name -o name --limit ${limit}`, {
        replies: [{ request: `GET ${pods}?limit=500`, reply: { body: podList(['d', 'b']) } }],
      });
      expect(run).toMatchObject({ code: 0, stdout: 'pod/b\npod/d\n' });
    }
  });

  it('asks for the whole list with --curl, too', async () => {
    const run = await runKapi('list pods --sort-by .metadata.name --limit 2 -o name --curl');
    expect(run.stdout).toContain(pods);
    expect(run.stdout).not.toContain('limit=2');
  });
});

const notFound = {
  kind: 'Status',
  apiVersion: 'v1',
  code: 404,
  reason: 'NotFound',
  message: 'pods "b" not found',
  details: { name: 'b', kind: 'pods' },
};

describe('other pairs with a meaning', () => {
  it('-A wins over -n, as with kubectl', async () => {
    const run = await runKapi('list pods -A -n dev -o name', {
      replies: [{ request: 'GET /api/v1/pods?limit=1000&includeObject=None', reply: { body: rows(['a']) } }],
    });
    expect(run).toMatchObject({ code: 0, stdout: 'pod/a\n' });
  });

  it('a --limit below --chunk-size is asked for at once, and one above it in pieces', async () => {
    const small = await runKapi('list pods --limit 2 --chunk-size 10 -o name', {
      replies: [{ request: `GET ${pods}?limit=2&includeObject=None`, reply: { body: rows(['a', 'b']) } }],
    });
    expect(small).toMatchObject({ code: 0, stdout: 'pod/a\npod/b\n' });
  });

  it('--require-nonempty raises the lower end of --expect-count, and excludes 0', async () => {
    const run = await runKapi('list pods -o name --require-nonempty --expect-count ..2', {
      replies: [{ request: `GET ${pods}?limit=1000&includeObject=None`, reply: { body: rows([]) } }],
    });
    expect(run).toMatchObject({ code: 1, stderr: 'error: expected 1 to 2 objects, found 0\n' });
    for (const range of ['0', '..0', '0..0']) {
      const refused = await runKapi(`list pods --require-nonempty --expect-count ${range}`);
      expect(refused).toMatchObject({ code: 2, requests: [] });
    }
  });

  it('an --expect-count that no number meets is refused', async () => {
    expect(await runKapi('list pods --expect-count 3..2')).toMatchObject({ code: 2, requests: [] });
  });

  it('an object that --ignore-not-found passes over is not counted', async () => {
    const replies: Exchange[] = [
      { request: `GET ${pods}/a`, reply: { body: { kind: 'Pod', apiVersion: 'v1', ...pod('a') } } },
      { request: `GET ${pods}/b`, reply: { status: 404, body: notFound } },
    ];
    const run = await runKapi('get pods a b -o name --ignore-not-found --expect-count 2', {
      replies: replies.map((one) => ({ ...one, request: `${one.request}?includeObject=None` })),
    });
    expect(run).toMatchObject({ code: 1, stderr: 'error: expected 2 objects, found 1\n' });
  });

  it('a path that --ignore-not-found passes over is nothing', async () => {
    const replies = [{ request: `GET ${pods}/b`, reply: { status: 404, body: notFound } }];
    expect(await runKapi(`get ${pods}/b --ignore-not-found`, { replies })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
    const counted = await runKapi(`get ${pods}/b -o json --ignore-not-found --require-nonempty`, { replies });
    expect(counted).toMatchObject({ code: 1, stderr: 'error: expected 1 or more objects, found 0\n' });
    const names = {
      request: `GET ${pods}?limit=500`,
      reply: { body: { items: [{ metadata: { name: 'c' } }] } },
    };
    const refused = await runKapi(`get ${pods}/b`, { replies: [...replies, names] });
    expect(refused).toMatchObject({ code: 4 });
    expect(refused.stderr).toContain(`hint: did you mean \`kapi get ${pods}/c\`?\n`);
  });

  it('a path that is shown as it is has no columns', async () => {
    for (const flag of ['--show-labels', '-L=app', '--show-kind']) {
      expect(await runKapi(['get', pods, flag])).toMatchObject({ code: 2, requests: [] });
    }
  });

  it('labels as columns of named objects need a table', async () => {
    const run = await runKapi('get pod a --show-labels');
    expect(run).toMatchObject({ code: 2, requests: [] });
    expect(run.stderr).toContain('add -o table');
  });

  it('--timeout 0 with --watch-only would show nothing, ever', async () => {
    expect(await runKapi('watch pods --watch-only --timeout 0')).toMatchObject({ code: 2, requests: [] });
  });
});
