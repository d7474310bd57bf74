// Uniform texts of 40 KB from a server, in every text field: the time of kapi grows linearly and
// not quadratically with the length, so that it still reacts to signals. A regular expression that
// retries at each start would need minutes.
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../scripted-send.ts';
import { runKapi } from './run-kapi.ts';

const length = 40_000;
/**
 * CPU time. Most runs need a hundredth of it; quadratic time would be a hundred times the limit.
 */
const maxSeconds = 6;

/** Worst cases for regular expressions: long runs of a repeated part, with an unexpected end. */
const runs = [
  ...['a', 'A', '1', '0', ' ', '\t', '\n', '\r', '\u2028', '\u00a0', '/', '.', '-', ':', '=', '@', '#', '?'],
  ...[
    '"',
    "'",
    '\\',
    '{',
    '[',
    '(',
    '<',
    '!',
    '*',
    '%',
    '~',
    '+',
    '&',
    '|',
    '\u001b',
    '\u001b[',
    '\u202e',
    '가',
    '😀',
  ],
  ...[
    'a:',
    'a.',
    'a ',
    ' a',
    '- ',
    '? ',
    '1.',
    '1e',
    'a=',
    'a/',
    '://',
    'a@',
    '\r\n',
    ' \n',
    '\n ',
    '""',
    "''",
    '\\"',
    '[a',
    '{a',
  ],
];
const texts = runs.flatMap((run) => {
  const text = run.repeat(length / run.length);
  return [`${text}@\u2028x`, `x${text}`];
});

const headers = { 'content-type': 'application/json' };
const at = '/api/v1/namespaces/default/configmaps';
const object = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'long', namespace: 'default', resourceVersion: '7' },
  data: Object.fromEntries(texts.filter((_, at) => at % 2 === 0).map((text, at) => [`key-${at}`, text])),
};

/** Asserts that a run needs little CPU time and has the expected exit code. */
async function inTime(
  line: readonly string[],
  replies: readonly Exchange[],
  code: number,
  tty = true,
): Promise<void> {
  const start = process.cpuUsage();
  const run = await runKapi(line, { replies, tty });
  const { user, system } = process.cpuUsage(start);
  expect(run.code, run.stderr.slice(0, 400)).toBe(code);
  expect((user + system) / 1e6).toBeLessThan(maxSeconds);
}

describe('long texts of a server', { timeout: 120_000 }, () => {
  it.each([
    ...[
      'json',
      'yaml',
      'kyaml',
      'ndjson',
      'jsonpath={.data}',
      'jsonpath-as-json={.data}',
      'custom-columns=D:.data',
    ],
    'jsonpath={range .data.*}{@}{"\\n"}{end}',
  ])('are written as -o %s', async (format) => {
    await inTime(
      ['get', 'configmap/long', '-o', format],
      [{ request: `GET ${at}/long`, reply: { headers, body: JSON.stringify(object) } }],
      0,
    );
  });

  it.each(texts.map((text) => [JSON.stringify(text.slice(0, 6)), text] as const))(
    'are the message of a refusal: %s',
    async (_, text) => {
      const message = text.repeat(3);
      const status = {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        message,
        reason: 'Forbidden',
        code: 403,
        details: { name: message, kind: message, causes: [{ reason: message, message, field: message }] },
      };
      const reply = { status: 403, headers, body: JSON.stringify(status) };
      await inTime(['get', 'configmap/long'], [{ request: `GET ${at}/long`, reply }], 4);
      await inTime(['get', '/version'], [{ request: 'GET /version', reply: { ...reply, body: message } }], 4);
    },
  );

  it('are cells of a table', async () => {
    const table = {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '7' },
      columnDefinitions: ['Name', texts[0] ?? ''].map((name) => ({
        name,
        type: 'string',
        format: '',
        description: '',
        priority: 0,
      })),
      rows: texts.map((text, index) => ({
        cells: [`long-${index}`, text],
        object: {
          kind: 'PartialObjectMetadata',
          apiVersion: 'meta.k8s.io/v1',
          metadata: { name: `long-${index}`, namespace: 'default' },
        },
      })),
    };
    await inTime(
      ['list', 'configmaps'],
      [
        {
          request: `GET ${at}?limit=1000&includeObject=None`,
          reply: { headers, body: JSON.stringify(table) },
        },
      ],
      0,
    );
  });

  it('are compared, sorted and matched by --where', async () => {
    const items = texts.map((text, index) => ({
      ...object,
      metadata: { ...object.metadata, name: `long-${index}` },
      data: { text },
    }));
    const body = JSON.stringify({
      kind: 'ConfigMapList',
      apiVersion: 'v1',
      metadata: { resourceVersion: '7' },
      items,
    });
    for (const condition of [
      "data.text.trim() == 'x'",
      "data.text.matches('^(a+)+$')",
      "data.text.contains('aaab')",
      "data.text.lowerAscii() == 'x'",
      "data.text.split(',').size() > 3",
      "data.text.replace('ab', 'c') == 'x'",
    ]) {
      await inTime(
        ['list', 'configmaps', '--where', condition, '-o', 'name'],
        [
          ...['v3', 'v2'].map((version) => ({
            request: `GET /openapi/${version}`,
            reply: { status: 404, headers, body: '{}' },
          })),
          { request: `GET ${at}?limit=500`, reply: { headers, body } },
        ],
        0,
      );
    }
  });
});
