import type { Painted } from '../../../src/io/io.ts';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/object.ts';
import { highlight } from '../../../src/output/highlight.ts';
import { compactJson, prettyJson } from '../../../src/output/json.ts';
import { yamlText } from '../../../src/output/yaml.ts';
import { uncoloured } from './memory-sink.ts';
import { yamlCases } from './yaml-cases.ts';

const textOf = (text: string | Painted): string => (typeof text === 'string' ? text : text.painted);

describe('highlight', () => {
  it('colours JSON by token', async () => {
    expect(textOf(await highlight('{"a":[1,-2.5e+21,true,null,"s"],"b:":"c:"}', 'json', 1))).toBe(
      '{\u001b[36m"a"\u001b[39m:[\u001b[33m1\u001b[39m,\u001b[33m-2.5e+21\u001b[39m,\u001b[35mtrue\u001b[39m,' +
        '\u001b[35mnull\u001b[39m,\u001b[32m"s"\u001b[39m],\u001b[36m"b:"\u001b[39m:\u001b[32m"c:"\u001b[39m}',
    );
  });

  it('colours YAML by line', async () => {
    const text = yamlText({ a: [{ b: 'x\n\nk: v\n', c: 1 }, 'it\'s: "q"'], 'd e': null, f: true, g: {} });
    expect(textOf(await highlight(text, 'yaml', 1))).toBe(
      [
        '\u001b[36ma\u001b[39m:',
        '- \u001b[36mb\u001b[39m: |',
        '\u001b[32m    x\u001b[39m',
        '',
        '\u001b[32m    k: v\u001b[39m',
        '  \u001b[36mc\u001b[39m: \u001b[33m1\u001b[39m',
        `- \u001b[32m'it''s: "q"'\u001b[39m`,
        '\u001b[36md e\u001b[39m: \u001b[35mnull\u001b[39m',
        '\u001b[36mf\u001b[39m: \u001b[35mtrue\u001b[39m',
        '\u001b[36mg\u001b[39m: {}',
        '',
      ].join('\n'),
    );
  });

  it('adds and removes only colours', async () => {
    for (const [json, yaml] of yamlCases) {
      const value: Json = JSON.parse(json);
      const harmless = await highlight(yaml, 'yaml', 0);
      expect(uncoloured(textOf(await highlight(yaml, 'yaml', 1)))).toBe(harmless);
      for (const text of [prettyJson(value), compactJson(value)]) {
        expect(uncoloured(textOf(await highlight(text, 'json', 1)))).toBe(await highlight(text, 'json', 0));
      }
    }
  });

  it('shows control characters that are raw in JSON, which no JSON may have, as escapes', async () => {
    for (const level of [0, 1] as const) {
      const text = textOf(await highlight('{"a":"\u001b[5;8mx\u0007"}', 'json', level));
      expect(uncoloured(text)).toBe(String.raw`{"a":"\u001b[5;8mx\u0007"}`);
    }
  });

  it.each(['x', String.raw`\u001b`, String.raw`\n`, String.raw`\\`, String.raw`\"`])(
    'colours a JSON string of 20 MB of %s, beyond the stack of a regular expression',
    async (unit) => {
      const json = `{"a":"${unit.repeat(20_000_000 / unit.length)}","b":1}`;
      const text = textOf(await highlight(json, 'json', 1));
      expect(text.length).toBe(json.length + 4 * '\u001b[36m\u001b[39m'.length);
      expect(text.endsWith('\u001b[36m"b"\u001b[39m:\u001b[33m1\u001b[39m}')).toBe(true);
    },
  );

  it('escapes text if there are no colours', async () => {
    expect(await highlight('{"a":"\u009b\u202e"}', 'json', 0)).toBe(String.raw`{"a":"\u009b\u202e"}`);
    expect(await highlight('a: \u202e\n', 'yaml', 0)).toBe('a: \\u202e\n');
  });
});
