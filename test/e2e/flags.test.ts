// Repeated flags and flags that change each other's meaning, on a real server.
import { expect, it } from 'vitest';

import { describeOnServer, kapi, run, testServer, type Result } from './kapi.ts';

function names({ stdout }: Result): string[] {
  return stdout.split('\n').filter((line) => line !== '');
}

describeOnServer('a flag that is given twice', () => {
  it('-l and --field-selector are combined', async () => {
    const all = names(await kapi(['list', 'pods', '-n', 'default', '-o', 'name']));
    const [one = '', other = ''] = all.map((name) => name.replace('pod/', ''));
    const byField = ['list', 'pods', '-n', 'default', '-o', 'name'];
    const [both, none, labelled, joined] = await Promise.all([
      kapi([...byField, '--field-selector', `metadata.name=${one}`, '--field-selector', 'spec.nodeName!=x']),
      kapi([
        ...byField,
        '--field-selector',
        `metadata.name=${one}`,
        '--field-selector',
        `metadata.name=${other}`,
      ]),
      kapi(['list', 'pods', '-A', '-o', 'name', '-l', 'app', '-l', 'app!=none', '--selector=app notin (x)']),
      kapi(['list', 'pods', '-A', '-o', 'name', '-l', 'app,app!=none,app notin (x)']),
    ]);
    expect(one).not.toBe('');
    expect(names(both)).toEqual([`pod/${one}`]);
    // Two names exclude each other; before, the last one won.
    expect(other).not.toBe(one);
    expect(none).toMatchObject({ code: 0, stdout: '' });
    expect(names(labelled).length).toBeGreaterThan(0);
    expect(labelled.stdout).toBe(joined.stdout);
  });

  it('the last -k decides whether the server certificate is verified', async () => {
    const { url, tokens } = testServer();
    const line = ['get', '/version', '-s', url, '--token', tokens.admin];
    const options = { kubeconfig: '/dev/null' };
    const [checked, alsoChecked, unchecked] = await Promise.all([
      kapi([...line, '--insecure-skip-tls-verify=true', '--insecure-skip-tls-verify=false'], options),
      kapi([...line, '-k', '--insecure=false'], options),
      kapi([...line, '-k=false', '-k'], options),
    ]);
    expect(checked).toMatchObject({ code: 6, stdout: '' });
    expect(alsoChecked).toMatchObject({ code: 6, stdout: '' });
    expect(unchecked).toMatchObject({ code: 0 });
  });

  it.concurrent.each([
    ['list pods --sort-by .a --sort-by .b', '--sort-by is given twice: ".a" and ".b"'],
    ['list pods --limit 1 --limit=2', '--limit is given twice: "1" and "2"'],
    ['get /version -s https://a --server https://b', '--server is given twice: "https://a" and "https://b"'],
    ['get /version --cacert a --certificate-authority b', 'are the same flag with different values'],
    ['get /version --as a --as b', '--as is given twice: "a" and "b"'],
    ['whoami --token a --token b', '--token is given twice, with different values'],
    ['curl -X GET -X DELETE /version', '--request is given twice: "GET" and "DELETE"'],
    ['can-i get pods --subresource a --subresource b', '--subresource is given twice: "a" and "b"'],
  ])('%s: exit 2', async (line, message) => {
    const { code, stdout, stderr } = await kapi(line.split(' '));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`error: ${message.startsWith('--') ? message : ''}`);
    expect(stderr).toContain(message);
  });

  it('of -n, -o and --context the last one counts', async () => {
    const last = await kapi([...'list pods -n=nowhere -o json -n default --output name'.split(' ')]);
    const plain = await kapi('list pods --namespace default -o name'.split(' '));
    expect(last).toEqual(plain);
    expect(plain.stdout).toContain('pod/');
  });

  it('questions of several files are all sent', async () => {
    const questions = await run(
      'sh',
      [
        '-c',
        'printf "get pods -n dev\\n" > "$TMP/a" && printf "! get secrets -n dev\\n" > "$TMP/b" && echo "$TMP"',
      ],
      { env: { TMP: testServer().home } },
    );
    const folder = questions.stdout.trim();
    const { code, stdout } = await kapi(
      ['can-i', '-f', `${folder}/a`, '--filename', `${folder}/b`, '--no-headers'],
      { kubeconfig: testServer().kubeconfigs.jane },
    );
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => line.endsWith('ok'))).toHaveLength(2);
  });
});

describeOnServer('flags together', () => {
  it('--sort-by with --limit is the beginning of the sorted list', async () => {
    const line = ['list', 'pods', '-A', '--sort-by', '.metadata.name', '--no-headers'];
    const [whole, three, paged, json] = await Promise.all([
      kapi([...line, '-o', 'name']),
      kapi([...line, '-o', 'name', '--limit', '3']),
      kapi([...line, '--limit', '3', '--chunk-size', '2']),
      kapi([...line, '--limit', '3', '-o', 'jsonpath={range .items[*]}pod/{.metadata.name}{"\\n"}{end}']),
    ]);
    const first = names(whole).slice(0, 3);
    expect(names(whole).length).toBeGreaterThan(3);
    expect(names(three)).toEqual(first);
    expect(names(json)).toEqual(first);
    expect(names(paged).map((row) => `pod/${row.split(/ +/)[1] ?? ''}`)).toEqual(first);
  });

  it.concurrent.each([
    'list pods --limit 2 --expect-count 2',
    'list pods -L app -o json',
    'list pods --show-labels -o name',
    'watch pods -L app -o ndjson',
    'get /api/v1/pods --show-labels',
    'list pods --require-nonempty --expect-count 0',
    'watch pods --watch-only --timeout 0',
  ])('%s: exit 2', async (line) => {
    const { code, stdout, stderr } = await kapi(line.split(' '));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: /);
  });
});
