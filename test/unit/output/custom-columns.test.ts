import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import {
  customColumnsRow,
  parseCustomColumns,
  parseCustomColumnsFile,
} from '../../../src/output/custom-columns.ts';

const pod = {
  kind: 'Pod',
  metadata: { name: 'web-0', labels: { tier: 'front', app: 'web' }, creationTimestamp: null },
  spec: {
    containers: [{ image: 'nginx', args: ['a', 'b c'] }, { image: 'envoy' }],
    priority: 0,
    share: 1234567.5,
  },
  status: { ready: true, empty: '' },
};

function rowOf(...paths: string[]): string[] {
  return customColumnsRow(parseCustomColumns(paths.map((path) => `X:${path}`).join(',')), pod);
}

function failureOf(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return [error.code, error.message, error.hint ?? ''];
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('customColumnsRow', () => {
  // As get.CustomColumnsPrinter of kubectl 0.36.3 prints them.
  it.each([
    ['.metadata.name', 'web-0'],
    ['metadata.name', 'web-0'],
    ['{.metadata.name}', 'web-0'],
    ['{metadata.name}', 'web-0'],
    ['.spec.containers[*].image', 'nginx,envoy'],
    ['.spec.containers[0].image', 'nginx'],
    ['.spec.containers[?(@.args)].image', 'nginx'],
    ['..image', 'nginx,envoy'],
    ['.metadata.nope', '<none>'],
    ['.spec.containers[*].nope', '<none>'],
    ['.metadata.creationTimestamp', '<nil>'],
    ['.status.empty', ''],
    ['.status.ready', 'true'],
    ['.spec.priority', '0'],
    ['.spec.share', '1.2345675e+06'],
    ['', '<none>'],
  ])('%s', (path, cell) => {
    expect(rowOf(path)).toEqual([cell]);
  });

  it('prints objects and lists as JSON, unlike kubectl', () => {
    expect(rowOf('.metadata.labels', '.spec.containers[0].args', '.spec.containers[*].args')).toEqual([
      '{"app":"web","tier":"front"}',
      '["a","b c"]',
      '["a","b c"]',
    ]);
  });

  it.each([
    '.spec.containers[5].image',
    '.spec.containers[-9].image',
    '.metadata.name[0]',
    '.metadata.labels[1]',
  ])('is <none> if the path does not fit this object: %s', (path) => {
    expect(rowOf('.metadata.name', path)[1]).toBe('<none>');
  });

  it('keeps what other elements have at an index', () => {
    const columns = parseCustomColumns('A:.rows[*].cells[1]');
    expect(
      customColumnsRow(columns, { rows: [{ cells: ['a', 'b'] }, { cells: ['c'] }, { cells: [1, 2] }] }),
    ).toEqual(['b,2']);
  });
});

describe('parseCustomColumns', () => {
  it('reads headers and paths unchanged, up to the first colon and the next comma', () => {
    const columns = parseCustomColumns(
      'NAME:.metadata.name,:.kind, Node Name :.spec.nodeName,Q:.a[?(@.b=="c:d")].e',
    );
    expect(columns.headers).toEqual(['NAME', '', ' Node Name ', 'Q']);
    expect(columns.templates.map(({ text }) => text)).toEqual([
      '{.metadata.name}',
      '{.kind}',
      '{.spec.nodeName}',
      '{.a[?(@.b=="c:d")].e}',
    ]);
  });

  it.each([
    ['', 'BadCustomColumns', 'custom-columns format specified but no custom columns given'],
    ['NAME', 'BadCustomColumns', 'unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>'],
    ['A:.a,', 'BadCustomColumns', 'unexpected custom-columns spec: , expected <header>:<json-path-expr>'],
    [
      'A:.a[0,1]',
      'BadCustomColumns',
      'unexpected custom-columns spec: 1], expected <header>:<json-path-expr>',
    ],
    ['A:.a,B:.b[', 'BadJsonPath', 'error parsing jsonpath {.b[}, unterminated array'],
    [
      'A:{.a}{.b}',
      'BadJsonPath',
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    ],
  ])('rejects %j', (spec, code, message) => {
    expect(failureOf(() => parseCustomColumns(spec)).slice(0, 2)).toEqual([code, message]);
  });

  it('hints at a comma that must be inside brackets', () => {
    expect(failureOf(() => parseCustomColumns('A:.a[0,1]'))[2]).toMatch(
      /^a comma always begins a new column/,
    );
    expect(failureOf(() => parseCustomColumns('A'))[2]).toMatch(/^for example: -o custom-columns=NAME:/);
  });

  it('names the column whose path is wrong', () => {
    expect(failureOf(() => parseCustomColumns('A:.a,B:.b['))[2]).toBe('it is the path of column B');
  });
});

describe('parseCustomColumnsFile', () => {
  it.each([
    'NAME KIND\n.metadata.name .kind',
    '  NAME\t KIND \r\n{.metadata.name}   kind\r\n',
    'NAME KIND\nmetadata.name {kind}\nanything else\n',
  ])('reads %j', (text) => {
    const columns = parseCustomColumnsFile(text);
    expect(columns.headers).toEqual(['NAME', 'KIND']);
    expect(customColumnsRow(columns, pod)).toEqual(['web-0', 'Pod']);
  });

  const format =
    'Expected format is one line of space separated headers, one line of space separated column specs';
  it.each([
    ['', `invalid template, missing header line. ${format}`],
    ['NAME', `invalid template, missing spec line. ${format}`],
    ['NAME\n', `invalid template, missing spec line. ${format}`],
    ['NAME\n\n', "number of headers (1) and field specifications (0) don't match"],
    ['A B\n.a .b .c\n', "number of headers (2) and field specifications (3) don't match"],
    ['\n\n', 'custom-columns format specified but no custom columns given'],
  ])('rejects %j', (text, message) => {
    expect(failureOf(() => parseCustomColumnsFile(text)).slice(0, 2)).toEqual(['BadCustomColumns', message]);
  });
});
