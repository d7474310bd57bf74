// --count-by, --sum, --where, --quiet and -o csv with a scripted server: requests, output, exit
// codes.
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../scripted-send.ts';
import { runKapi } from './run-kapi.ts';

const pods = '/api/v1/namespaces/default/pods';

const pod = (name: string, spec: object, phase: string): object => ({
  metadata: { name, namespace: 'default' },
  spec,
  status: { phase },
});

const list: object = {
  kind: 'PodList',
  apiVersion: 'v1',
  metadata: { resourceVersion: '7' },
  items: [
    pod('a', { nodeName: 'n1', cpu: '500m', memory: '1Gi' }, 'Running'),
    pod('b', { nodeName: 'n1', cpu: 1, memory: '512Mi' }, 'Running'),
    pod('c', { nodeName: 'n2', cpu: '0.25', memory: '1Gi' }, 'Pending'),
    pod('d', { cpu: 'much' }, 'Running'),
  ],
};

const replies = (path = pods): Exchange[] => [{ request: `GET ${path}?limit=500`, reply: { body: list } }];

async function kapi(line: string, path?: string): Promise<{ stdout: string; stderr: string; code: number }> {
  return runKapi(line, { replies: replies(path) });
}

describe('--count-by', () => {
  it('counts objects with the same values, the most frequent first', async () => {
    const run = await kapi('list pods --count-by spec.nodeName,status.phase');
    expect(run.stdout).toBe(
      [
        'SPEC.NODENAME   STATUS.PHASE   COUNT',
        'n1              Running        2',
        'n2              Pending        1',
        '<none>          Running        1',
        '',
      ].join('\n'),
    );
    expect(run.code).toBe(0);
  });

  it.each([
    ['ndjson', '{"count":3,"status.phase":"Running"}\n{"count":1,"status.phase":"Pending"}\n'],
    ['csv', 'STATUS.PHASE,COUNT\r\nRunning,3\r\nPending,1\r\n'],
    ['yaml', '- count: 3\n  status.phase: Running\n- count: 1\n  status.phase: Pending\n'],
  ])('prints them as %s', async (format, text) => {
    const run = await kapi(`list pods --count-by {.status.phase} -o ${format}`);
    expect(run.stdout).toBe(text);
  });

  it('adds quantities up exactly, in the form of the first', async () => {
    const run = await kapi('list pods --count-by status.phase --sum spec.cpu,spec.memory --no-headers');
    expect(run.stdout).toBe('Running   3     1500m   1536Mi\nPending   1     250m    1Gi\n');
    expect(run.stderr).toBe('note: 1 value is not a quantity and not part of the sum (much)\n');
  });

  it('adds all objects up without groups', async () => {
    const run = await kapi('list pods --sum spec.memory -o json');
    expect(JSON.parse(run.stdout)).toEqual([{ count: 4, 'sum(spec.memory)': '2560Mi' }]);
  });

  it('counts what meets --where', async () => {
    const run = await runKapi(
      ['list', 'pods', '--where', 'status.phase == "Running"', '--count-by', 'spec.nodeName', '-o', 'ndjson'],
      { replies: replies() },
    );
    expect(run.stdout).toBe('{"count":2,"spec.nodeName":"n1"}\n{"count":1,"spec.nodeName":null}\n');
  });

  it.each([
    ['--expect-count 1', '--expect-count counts objects, but --count-by prints groups: use only one'],
    ['--require-nonempty', '--require-nonempty counts objects, but --count-by prints groups: use only one'],
    ['--limit 3', '--limit is about single objects, and --count-by prints groups'],
    ['--sort-by .metadata.name', '--sort-by is about single objects, and --count-by prints groups'],
    ['-o name', '--count-by and --sum make a table, not -o name'],
  ])('%s is refused', async (flags, message) => {
    const run = await runKapi(`list pods --count-by status.phase ${flags}`, { replies: [] });
    expect(run.stderr).toContain(message);
    expect(run.code).toBe(2);
  });
});

describe('--quiet', () => {
  it('prints nothing, and answers with the exit code', async () => {
    const met = await kapi('list pods -q -o json --expect-count 4');
    expect([met.stdout, met.stderr, met.code]).toEqual(['', '', 0]);
    const other = await kapi('list pods --quiet -o json --expect-count 1');
    expect([other.stdout, other.code]).toEqual(['', 1]);
  });
});

describe('-o csv', () => {
  it('has NAME and AGE if the server responds with objects instead of a table', async () => {
    const version = { request: 'GET /version', reply: { body: { gitVersion: 'v1.36.2' } } };
    const path = await runKapi('get /version -o csv', { replies: [version] });
    expect(path).toMatchObject({ code: 0, stdout: 'NAME,AGE\r\n,<unknown>\r\n' });
    const list = await runKapi('list pods -o csv', {
      replies: [
        {
          request: 'GET /api/v1/namespaces/default/pods?limit=1000&includeObject=None',
          reply: {
            body: {
              ...{ kind: 'PodList', apiVersion: 'v1', metadata: {} },
              items: [{ metadata: { name: 'a,b' } }],
            },
          },
        },
      ],
    });
    expect(list).toMatchObject({ code: 0, stdout: 'NAME,AGE\r\n"a,b",<unknown>\r\n' });
  });
});
