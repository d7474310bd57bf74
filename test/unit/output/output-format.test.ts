import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { objectFormats, parseOutputFormat } from '../../../src/output/output-format.ts';

function parsed(text: string): unknown {
  const result = parseOutputFormat(text, objectFormats);
  return result.kind === 'format' ? result.format : { file: result.path, holds: result.complete('T') };
}

describe('parseOutputFormat', () => {
  it.each([
    ['table', { kind: 'table', wide: false }],
    ['wide', { kind: 'table', wide: true }],
    ['json', { kind: 'json' }],
    ['yaml', { kind: 'yaml' }],
    ['ndjson', { kind: 'ndjson' }],
    ['name', { kind: 'name' }],
    ['jsonpath={.a=="b"}', { kind: 'jsonpath', template: '{.a=="b"}' }],
    ['jsonpath-as-json={.a}', { kind: 'jsonpath-as-json', template: '{.a}' }],
    ['jsonpath-file=f', { file: 'f', holds: { kind: 'jsonpath', template: 'T' } }],
    ['custom-columns=A:.a', { kind: 'custom-columns', spec: 'A:.a', source: 'spec' }],
    [
      'custom-columns-file=x=y',
      { file: 'x=y', holds: { kind: 'custom-columns', spec: 'T', source: 'file' } },
    ],
  ])('%s', (text, expected) => {
    expect(parsed(text)).toEqual(expected);
  });

  it.each(['JSON', 'Yaml', 'NAME', 'Wide'])('accepts %s in any case, as kubectl does', (text) => {
    expect(parsed(text)).toEqual(parsed(text.toLowerCase()));
  });

  const noTemplates =
    'kapi has no Go templates: jsonpath=… and custom-columns=… take values out; `kapi help jsonpath` shows how';
  it.each([
    ['foo', undefined],
    ['', undefined],
    ['JSONN', 'did you mean -o json?'],
    ['JSONPATH={.a}', 'did you mean -o jsonpath?'],
    ['json=x', 'did you mean -o json?'],
    ['go-template={{.a}}', noTemplates],
  ])('refuses %j in the words of kubectl', (text, hint) => {
    expect(() => parsed(text)).toThrow(
      new UsageError(
        `unable to match a printer suitable for the output format ${JSON.stringify(text)}, allowed formats are: ` +
          'csv,custom-columns,custom-columns-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,ndjson,table,wide,yaml',
        { code: 'BadOutputFormat', hint },
      ),
    );
  });

  it('knows only what the command allows', () => {
    expect(() => parseOutputFormat('name', ['yaml', 'json'])).toThrow(
      '"name", allowed formats are: json,yaml',
    );
  });

  it.each([
    [
      'jsonpath',
      'template format specified but no template given',
      "for example: -o jsonpath='{.metadata.name}'",
    ],
    [
      'jsonpath-file=',
      'template format specified but no template given',
      'for example: -o jsonpath-file=FILE',
    ],
    [
      'custom-columns=',
      'custom-columns format specified but no custom columns given',
      'for example: -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName',
    ],
  ])('%s lacks its template', (text, message, hint) => {
    expect(() => parsed(text)).toThrow(expect.objectContaining({ message, hint, code: 'BadOutputFormat' }));
  });
});
