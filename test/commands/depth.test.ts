// Objects nested as deep as API servers store them, and deeper; numbers beyond float64. Every
// command and format prints them or explains why not, and never reports a bug.
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../scripted-send.ts';
import { runKapi } from './run-kapi.ts';

const things = '/api/v1/namespaces/default/configmaps';

/** `{"a":[{"a":[…` with so many levels. */
function nested(levels: number, inmost = '"end"'): string {
  const pairs = Math.floor(levels / 2);
  const odd = levels % 2 === 1;
  return `${'{"a":['.repeat(pairs)}${odd ? '{"b":' : ''}${inmost}${odd ? '}' : ''}${']}'.repeat(pairs)}`;
}

function objectText(levels: number, inmost?: string): string {
  return `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"deep","namespace":"default"},"data":${nested(levels, inmost)}}`;
}

const headers = { 'content-type': 'application/json' };
function list(object: string): Exchange {
  const body = `{"apiVersion":"v1","kind":"ConfigMapList","metadata":{"resourceVersion":"7"},"items":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"first"}},${object}]}`;
  return { request: `GET ${things}?limit=500`, reply: { headers, body } };
}
const one = (object: string): Exchange => ({
  request: `GET ${things}/deep`,
  reply: { headers, body: object },
});

/** Returns the depth of a JSON text. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of json) {
    if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
}

const formats = [
  'json',
  'yaml',
  'ndjson',
  'jsonpath={..data}',
  'jsonpath={..b}',
  'jsonpath-as-json={..data}',
  'custom-columns=N:.metadata.name,D:.data',
];

describe.each(formats)('-o %s', (format) => {
  // 10,000 levels for formats without indentation, which grows with the square of the depth.
  const isFlat = /^(ndjson|jsonpath=|custom)/.test(format);
  it.each(isFlat ? [600, 9_990] : [600, 2_000])(
    'prints an object of %i levels, alone and in a list',
    async (levels) => {
      for (const inmost of ['"end"', '1234567890123456789']) {
        const object = objectText(levels + 1, inmost);
        const get = await runKapi(['get', 'configmap/deep', '-o', format], { replies: [one(object)] });
        expect([get.code, get.stderr]).toEqual([0, '']);
        const all = await runKapi(['list', 'configmaps', '-o', format], { replies: [list(object)] });
        expect([all.code, all.stderr]).toEqual([0, '']);
        expect(all.stdout).toContain(inmost.replaceAll('"', ''));
        if (format === 'json' || format === 'ndjson') expect(depthOf(get.stdout)).toBe(levels + 2);
        if (format === 'json') expect(JSON.parse(get.stdout)).toBeTypeOf('object');
      }
    },
    120_000,
  );

  it('refuses with 5 a depth that no server stores, unless only the end is printed', async () => {
    const run = await runKapi(['get', 'configmap/deep', '-o', format], {
      replies: [one(objectText(11_001))],
    });
    const refusal =
      'error: the answer is nested deeper than 10000 levels, which no Kubernetes server stores\n';
    expect([run.code, run.stderr]).toEqual(format.includes('..b') ? [0, ''] : [5, refusal]);
  });
});

describe('other commands with a deep object', () => {
  it.each([
    [['get', `${things}/deep`]],
    [['get', `${things}/deep`, '-o', 'json']],
    [['curl', `${things}/deep`]],
  ])('kapi %j, in a pipe and on a terminal', async (words) => {
    for (const tty of [false, true]) {
      const run = await runKapi(words, { tty, replies: [one(objectText(3_001))] });
      expect([run.code, run.stderr]).toEqual([0, '']);
      expect(run.stdout).toContain('"end"');
    }
  });

  it('sorts by a field of deep objects', async () => {
    const run = await runKapi(['list', 'configmaps', '-o', 'name', '--sort-by', '.data'], {
      replies: [list(objectText(9_001))],
    });
    expect(run.code).not.toBe(70);
  });
});

describe('numbers beyond float64', () => {
  it.each([
    ['json', '1e999'],
    ['ndjson', '1e999'],
    ['yaml', '.inf'],
    ['jsonpath={.data.a[0]}', '+Inf'],
  ])('-o %s: %s', async (format, expected) => {
    const run = await runKapi(['get', 'configmap/deep', '-o', format], {
      replies: [one(objectText(2, '1e400'))],
    });
    expect([run.code, run.stdout]).toEqual([0, expect.stringContaining(expected)]);
  });
});
