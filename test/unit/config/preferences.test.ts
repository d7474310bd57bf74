// Aliases and defaults in the kuberc file: what kapi reads, and what kubectl 1.36 refuses.
import { describe, expect, it } from 'vitest';
import { readPreferences } from '../../../src/config/preferences.ts';
import { failureOf } from './memory-files.ts';

const beta = 'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n';
const usual = '/home/jane/.kube/kuberc';

function read(
  text: string,
  at: 'usual' | 'named' = 'named',
): Promise<{ readonly result: unknown; readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const input = {
    overrides: at === 'named' ? { kuberc: '/rc' } : {},
    env: {},
    home: '/home/jane',
    cwd: '/cwd',
    readFile: (path: string) =>
      path === (at === 'named' ? '/rc' : usual)
        ? Promise.resolve(text)
        : Promise.reject(Object.assign(new Error(path), { code: 'ENOENT' })),
  };
  return readPreferences(input, (warning) => warnings.push(warning)).then((result) => ({ result, warnings }));
}

describe('readPreferences', () => {
  const alias = {
    name: 'a',
    command: 'get',
    prependArgs: ['x'],
    appendArgs: [],
    options: [{ name: 'o', value: 'v' }],
  };
  const defaults = [{ command: 'get', options: [{ name: 'output', value: 'wide' }] }];

  it('reads v1beta1', async () => {
    const text = `${beta}aliases: [{name: a, command: get, prependArgs: [x], options: [{name: o, default: v}]}]
defaults: [{command: get, options: [{name: output, default: wide}]}]\n`;
    expect(await read(text)).toEqual({ result: { path: '/rc', aliases: [alias], defaults }, warnings: [] });
  });

  it('reads v1alpha1, whose fields have other names', async () => {
    const text = `apiVersion: kubectl.config.k8s.io/v1alpha1\nkind: Preference
aliases: [{name: a, command: get, prependArgs: [x], flags: [{name: o, default: v}]}]
overrides: [{command: get, flags: [{name: output, default: wide}]}]\n`;
    expect(await read(text)).toEqual({ result: { path: '/rc', aliases: [alias], defaults }, warnings: [] });
  });

  it('reads a file without either, and a missing file', async () => {
    expect(await read(beta)).toEqual({ result: { path: '/rc', aliases: [], defaults: [] }, warnings: [] });
    expect(await read('')).toEqual({ result: undefined, warnings: [] });
  });

  it('warns about an unknown field and continues, as kubectl does', async () => {
    const { result, warnings } = await read(`${beta}nope: 1\naliases: [{name: a, command: get}]\n`);
    expect(result).toMatchObject({ aliases: [{ name: 'a' }] });
    expect(warnings).toEqual(['Warning: the kuberc file /rc has unknown fields, which are ignored: nope']);
  });

  const undecodable = [
    ['aliases: 3', 'aliases is not a list'],
    ['aliases: [a]', 'aliases[0] is not a mapping'],
    ['aliases: [{name: 3}]', 'aliases[0].name is not text'],
    ['aliases: [{name: a, command: get, appendArgs: [1]}]', 'aliases[0].appendArgs is not a list of texts'],
    [
      'defaults: [{command: get, options: [{name: o, default: true}]}]',
      'defaults[0].options[0].default is not text',
    ],
  ] as const;

  it.each(undecodable)(
    '%s is an error in a named file, and a warning in the default one',
    async (text, problem) => {
      expect(await failureOf(read(`${beta}${text}\n`))).toBe(
        `3 KubercInvalid: the kuberc file /rc cannot be used: ${problem}`,
      );
      expect(await read(`${beta}${text}\n`, 'usual')).toEqual({
        result: undefined,
        warnings: [
          `Warning: the kuberc file ${usual} cannot be used: ${problem}; its aliases and defaults are not used`,
        ],
      });
    },
  );

  it.each([
    [
      'aliases: [{name: a-b, command: get}]',
      'invalid alias name "a-b", can only include alphabetical characters',
    ],
    [
      'aliases: [{name: "", command: get}]',
      'invalid alias name "", can only include alphabetical characters',
    ],
    ['aliases: [{name: a, command: b}, {name: a, command: c}]', 'duplicate alias name a'],
    [
      'defaults: [{command: a, options: [{name: --o, default: x}]}]',
      'flag name --o should be in long form without dashes',
    ],
  ])('%s is always an error, as in kubectl', async (text, problem) => {
    for (const at of ['named', 'usual'] as const) {
      expect(await failureOf(read(`${beta}${text}\n`, at))).toContain(`cannot be used: ${problem}`);
    }
  });
});
