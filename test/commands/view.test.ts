// kapi get --view and kapi curl --view where there is no screen: what is refused, and before what.
import { describe, expect, it } from 'vitest';
import { getCommand } from '../../src/commands/get/index.ts';
import { runKapi } from './run-kapi.ts';

describe('--view without a terminal', () => {
  it.each([
    ['get pod/web --view', '`kapi get pod/web -o json` prints the same'],
    ['get pod web --view', '`kapi get pod web -o json` prints the same'],
    ['get pods -l app=web -A --view', '`kapi get pods -A -l app=web -o json` prints the same'],
    ['get /version --view', '`kapi get /version` prints the same'],
    ['curl /version --view', '`kapi curl /version` prints the same'],
    ['curl --view -X DELETE pods/web', '`kapi curl pods/web` prints the same'],
  ])('kapi %s exits 2, and sends nothing', async (line, hint) => {
    const { code, stdout, stderr, requests } = await runKapi(line);
    expect({ code, stdout, requests }).toEqual({ code: 2, stdout: '', requests: [] });
    expect(stderr).toContain('--view needs a terminal on standard output');
    if (!line.includes('DELETE')) expect(stderr).toContain(hint);
  });

  it('kapi get - --view exits 2 as kapi explore - does', async () => {
    const { code, stderr } = await runKapi('get - --view', { input: '{}' });
    expect(code).toBe(2);
    expect(stderr).toContain('needs a terminal on standard output');
  });

  it('prints the request with --curl, which needs no terminal', async () => {
    const { code, stdout } = await runKapi('get /version --view --curl');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^curl [^]*\/version/);
  });
});

describe('--view with other flags', () => {
  const selecting = [
    'all-namespaces',
    'selector',
    'field-selector',
    'where',
    'sort-by',
    'limit',
    'chunk-size',
  ];
  const others = [...selecting, 'at', 'ignore-not-found', 'subresource', 'view', 'unordered'];
  const values: Readonly<Record<string, string>> = {
    'expect-count': '1',
    'expect-total': '1',
    output: 'json',
    'allow-missing-template-keys': 'true',
  };
  const refused = getCommand.flags.filter(({ name, hidden }) => hidden !== true && !others.includes(name));

  it.each(refused.map(({ name, value }) => [name, value !== undefined] as const))(
    'kapi get refuses --%s, which is about what is printed',
    async (name, hasValue) => {
      const word = hasValue ? `--${name}=${values[name] ?? 'a'}` : `--${name}`;
      const { code, stderr, requests } = await runKapi(['get', 'pods', '--view', word]);
      expect({ code, requests }).toEqual({ code: 2, requests: [] });
      expect(stderr).toMatch(/has no meaning with --view|--contexts/);
    },
  );

  it.each(['-o x', '-O', '-I', '-i', '-N', '-D -'])('kapi curl refuses %s', async (flags) => {
    const { code, stderr, requests } = await runKapi(`curl --view ${flags} /version`);
    expect({ code, requests }).toEqual({ code: 2, requests: [] });
    expect(stderr).toContain('with --view');
  });

  it.each(['get -', 'get - -l a=b', 'get - x --view', 'get - --view -l a=b', 'get - --view -A'])(
    'kapi %s exits 2',
    async (line) => {
      expect(await runKapi(line, { input: '{}' })).toMatchObject({ code: 2, stdout: '', requests: [] });
    },
  );
});
