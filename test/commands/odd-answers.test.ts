// Answers that no API server gives: ordinary errors with the exit code of the table, never a bug.
import { describe, expect, it } from 'vitest';
import { runKapi } from './run-kapi.ts';

const pods = '/api/v1/namespaces/default/pods';
const bare = `GET ${pods}?limit=1000&includeObject=None`;
const whole = `GET ${pods}?limit=500`;

function list(metadata: object): object {
  const items = [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'default' } }];
  return { kind: 'PodList', apiVersion: 'v1', metadata, items };
}

function table(cells: readonly unknown[] = ['a']): object {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: '7' },
    columnDefinitions: [{ name: 'Name', type: 'string', format: 'name', description: '', priority: 0 }],
    rows: [{ cells, object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: {} } }],
  };
}

describe('a list', () => {
  it.each(['json', 'yaml', 'ndjson', 'name', 'jsonpath={.items}'])(
    'that is a Table although objects were asked for is an unusable answer: -o %s',
    async (format) => {
      const words = [
        'list',
        'pods',
        '-o',
        format,
        ...(format === 'name' ? ['--sort-by', '.metadata.name'] : []),
      ];
      const run = await runKapi(words, { replies: [{ request: whole, reply: { body: table() } }] });
      expect(run).toMatchObject({ code: 5, stdout: '' });
      expect(run.stderr).toContain('a Table instead of a list');
    },
  );

  it.each([
    ['table', bare],
    ['json', whole],
  ])('that is a Status of success is an unusable answer: -o %s', async (format, request) => {
    const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };
    const run = await runKapi(['list', 'pods', '-o', format], { replies: [{ request, reply: { body } }] });
    expect(run).toMatchObject({ code: 5, stdout: '' });
    expect(run.stderr).toContain('a Status of success instead of a list');
  });

  it('whose next page has a lone surrogate in its token is continued with U+FFFD', async () => {
    const run = await runKapi('list pods -o name --sort-by .metadata.name', {
      replies: [
        { request: whole, reply: { body: list({ continue: '\ud800' }) } },
        { request: `GET ${pods}?limit=2000&continue=%EF%BF%BD`, reply: { body: list({}) } },
      ],
    });
    expect(run).toMatchObject({ code: 0, stdout: 'pod/a\npod/a\n' });
  });
});

describe('a URL with a login', () => {
  it.each(['get', 'curl', 'list', 'describe', 'watch', 'can-i get', 'history'])(
    'is not repeated with its password: kapi %s',
    async (command) => {
      for (const url of ['https://jane:hunter2@host/api/v1/pods', 'http://jane:hunter2@host']) {
        const { stdout, stderr, code } = await runKapi([...command.split(' '), url]);
        expect(stdout + stderr).not.toContain('hunter2');
        expect(code).toBe(2);
      }
    },
  );
});
