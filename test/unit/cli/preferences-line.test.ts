// The command line of `kubectl kapi` with the aliases and defaults of kuberc.
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/command-list.ts';
import { applyPreferences, kubercIn } from '../../../src/cli/preferences-line.ts';
import type { Alias, CommandDefaults, FlagDefault } from '../../../src/model/preferences.ts';

const path = '/home/jane/.kube/kuberc';
const option = (name: string, value: string): FlagDefault => ({ name, value });
const alias = (name: string, command: string, more: Partial<Alias> = {}): Alias => ({
  ...{ name, command, prependArgs: [], appendArgs: [], options: [] },
  ...more,
});

function line(words: string, aliases: readonly Alias[], defaults: readonly CommandDefaults[] = []): string {
  const argv = words.split(' ').filter((word) => word !== '');
  return applyPreferences(argv, { path, aliases, defaults }, commands).argv.join(' ');
}

describe('aliases', () => {
  const getn = alias('getn', 'get', { prependArgs: ['nodes'], options: [option('output', 'wide')] });

  it.each([
    ['getn', 'get --output=wide nodes'],
    ['getn a', 'get --output=wide nodes a'],
    ['getn a -o json', 'get nodes a -o json'],
    ['getn a -ojson', 'get nodes a -ojson'],
    ['getn --output=json a', 'get nodes --output=json a'],
    ['-n dev getn a', '-n dev get --output=wide nodes a'],
    ['--context getn get pods', '--context getn get pods'],
    ['getn -- -o', 'get --output=wide nodes -- -o'],
    ['getn -l -o', 'get --output=wide nodes -l -o'],
    ['', ''],
    ['get pods', 'get pods'],
    ['nope', 'nope'],
  ])('%s is %s', (typed, meant) => {
    expect(line(typed, [getn])).toBe(meant);
  });

  it('append arguments, and keep words of kubectl that kapi translates or explains', () => {
    const aliases = [
      alias('mayi', 'auth can-i', { appendArgs: ['pods'], options: [option('quiet', 'true')] }),
      alias('runx', 'run', { options: [option('image', 'nginx')], appendArgs: ['--', 'sleep'] }),
    ];
    expect(line('mayi list', aliases)).toBe('auth can-i --quiet=true list pods');
    expect(line('mayi -q list', aliases)).toBe('auth can-i -q list pods');
    expect(line('runx web', aliases)).toBe('run --image=nginx web -- sleep');
    expect(line('runx web --image=a', aliases)).toBe('run web --image=a -- sleep');
  });

  it.each(commands.map(({ name }) => name).concat('help', 'wait', 'logs', 'apply'))(
    'cannot replace %s',
    (name) => {
      expect(line(`${name} x`, [alias(name, 'get')])).toBe(`${name} x`);
    },
  );

  it('are not affected by the defaults of their command', () => {
    expect(line('g a', [alias('g', 'get')], [{ command: 'get', options: [option('output', 'name')] }])).toBe(
      'get a',
    );
  });

  it('with a flag that the command does not have are an error', () => {
    expect(() => line('g', [alias('g', 'get', { options: [option('nope', 'x')] })])).toThrow(
      `the alias g of ${path} sets --nope, which kapi get does not have`,
    );
  });
});

describe('defaults', () => {
  const defaults = [
    { command: 'get', options: [option('output', 'name'), option('namespace', 'dev')] },
    { command: 'get', options: [option('output', 'wide')] },
    { command: 'auth can-i', options: [option('quiet', 'true')] },
    { command: 'api-resources', options: [option('namespaced', 'false')] },
    { command: 'delete', options: [option('interactive', 'true')] },
    { command: 'wait', options: [option('timeout', '1s')] },
  ];

  it.each([
    ['get pods', 'get --output=wide --namespace=dev pods'],
    ['get pods -n a', 'get --output=wide pods -n a'],
    ['-n a get pods -o yaml', '-n a get pods -o yaml'],
    ['get pods -Ao yaml', 'get --namespace=dev pods -Ao yaml'],
    ['can-i list pods', 'can-i --quiet=true list pods'],
    ['auth can-i list pods', 'auth can-i --quiet=true list pods'],
    ['auth -n a can-i list pods', 'auth -n a can-i --quiet=true list pods'],
    ['resources', 'resources --namespaced=false'],
    ['list pods', 'list pods'],
    ['delete pod a', 'delete pod a'],
    ['help get', 'help get'],
  ])('%s is %s', (typed, meant) => {
    expect(line(typed, [], defaults)).toBe(meant);
  });

  it('of flags that kapi does not have are a warning', () => {
    const preferences = {
      path,
      aliases: [],
      defaults: [{ command: 'get', options: [option('server-print', 'false')] }],
    };
    expect(applyPreferences(['get', 'pods'], preferences, commands)).toEqual({
      argv: ['get', 'pods'],
      warnings: [`Warning: ${path}: kapi get has no flag --server-print; its default is not used`],
    });
  });
});

describe('--kuberc', () => {
  it.each([
    ['--kuberc a get', 'a'],
    ['get --kuberc=b x', 'b'],
    ['get -- --kuberc=b', undefined],
    ['get x', undefined],
    ['get --kuberc', undefined],
  ])('of %s is %s', (words, value) => {
    expect(kubercIn(words.split(' '))).toBe(value);
  });
});
