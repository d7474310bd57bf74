// Lines that kapi does not define: misspelt ones, kubectl's, curl's.
import { describe, expect, it } from 'vitest';
import { runKapi } from './run-kapi.ts';

describe('a misspelt line', () => {
  it.each([
    ['lsit pods', 'unknown command "lsit" for "kapi"', 'did you mean `kapi list pods`?'],
    ['whomai', 'unknown command "whomai" for "kapi"', 'did you mean `kapi whoami`?'],
    ['LIST pods', 'unknown command "LIST" for "kapi"', 'did you mean `kapi list pods`?'],
    ['pods', 'unknown command "pods" for "kapi"', 'pods is a type: `kapi list pods`'],
    ['deploy web', 'unknown command "deploy" for "kapi"', 'deploy is a type: `kapi get deploy web`'],
    [
      '--kubeconfig /x lsit',
      'unknown command "lsit" for "kapi"',
      'did you mean `kapi list --kubeconfig /x`?',
    ],
    [
      '-s https://x.test lsit pods -o json',
      'unknown command "lsit" for "kapi"',
      'did you mean `kapi list pods -o json --server https://x.test`?',
    ],
    ['xyzzy', 'unknown command "xyzzy" for "kapi"', '`kapi help` lists the commands'],
    [
      'delte pod web',
      'unknown command "delte" for "kapi"',
      "if you mean kubectl's delete: kapi curl -X DELETE TYPE/NAME",
    ],
    [
      'list pods --namespce dev',
      'unknown flag: --namespce',
      'did you mean --namespace? see `kapi list --help`',
    ],
    [
      'list pods --field app',
      'unknown flag: --field',
      'did you mean --field-selector? see `kapi list --help`',
    ],
    [
      'list pods --until delete',
      'unknown flag: --until',
      '--until belongs to kapi watch; see `kapi list --help`',
    ],
    [
      'whoami --dry-run',
      'unknown flag: --dry-run',
      '--dry-run belongs to kapi curl; see `kapi whoami --help`',
    ],
    [
      'list pods -X GET',
      "unknown shorthand flag: 'X' in -X",
      '-X belongs to kapi curl; see `kapi list --help`',
    ],
    [
      'get -f pod.yaml',
      "unknown shorthand flag: 'f' in -f",
      'kapi get takes TYPE/NAME; `kapi curl -d @FILE TYPE` sends a file\n      see `kapi get --help`',
    ],
    [
      'groups -o jsn',
      'invalid value "jsn" of --output: it takes table, name, json, yaml, ndjson',
      'did you mean json?',
    ],
    [
      '--namespce=dev list pods',
      'unknown flag: --namespce',
      'did you mean --namespace? see `kapi list --help`',
    ],
  ])('%s', async (line, error, hint) => {
    expect(await runKapi(line)).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${error}\nhint: ${hint}\n`,
      requests: [],
    });
  });

  it.each([
    ['-ojsn', 'did you mean -o json?'],
    ['-o=yml', 'did you mean -o yaml?'],
    [
      '-ogo-template={{.kind}}',
      'kapi has no Go templates: jsonpath=… and custom-columns=… take values out; `kapi help jsonpath` shows how',
    ],
  ])('list pods %s', async (flag, hint) => {
    const { stderr, code, requests } = await runKapi(`list pods ${flag}`);
    expect({ code, requests }).toEqual({ code: 2, requests: [] });
    expect(stderr).toMatch(/^error: unable to match a printer/);
    expect(stderr).toContain(`hint: ${hint}\n`);
  });

  it('is one JSON line with --error-format json', async () => {
    const { stderr } = await runKapi('lsit --error-format json');
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'UnknownCommand',
        exitCode: 2,
        message: 'unknown command "lsit" for "kapi"',
        hint: 'did you mean `kapi list --error-format json`?',
      },
    });
  });

  it('does not repeat a header, which can contain a secret', async () => {
    const { stderr } = await runKapi(['-Q', 'Authorization: Bearer geheim', 'x']);
    expect(stderr).not.toContain('geheim');
  });
});

describe("kubectl's lines", () => {
  const version = { request: 'GET /version', reply: { body: { gitVersion: 'v1.36.3' } } };

  it('are run, with a note on a terminal', async () => {
    const run = await runKapi('get --raw /version', { replies: [version], tty: true });
    expect(run).toMatchObject({ code: 0, stderr: 'note: kubectl get --raw: kapi curl --fail /version\n' });
  });

  it('have no note in a pipe', async () => {
    const run = await runKapi('get --raw=/version', { replies: [version] });
    expect(run).toMatchObject({ code: 0, stdout: '{"gitVersion":"v1.36.3"}', stderr: '' });
  });

  it('show no token in the note', async () => {
    const run = await runKapi('options --token geheim --password=geheim', { tty: true });
    expect(run.stderr).toMatch(/^note: .*--token/);
    expect(run.stderr).not.toContain('geheim');
  });

  it('get a suggested line if they would write, and nothing is sent', async () => {
    expect(await runKapi('delete pod web -n dev')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error: kapi does not have "delete", a kubectl command\nhint: kapi curl -X DELETE pod/web -n dev\n',
      requests: [],
    });
  });

  it('with unknown flags get an error of kapi', async () => {
    expect(await runKapi('auth whoami --lst')).toMatchObject({
      code: 2,
      stderr: 'error: unknown flag: --lst\nhint: see `kapi whoami --help`\n',
    });
    expect(await runKapi('wait pod web')).toMatchObject({
      code: 2,
      stderr: 'error: kapi cannot do this form of kubectl wait\nhint: see `kapi watch --help`\n',
    });
  });
});

describe("curl's lines", () => {
  const version = { request: 'GET /version', reply: { body: { gitVersion: 'v1.36.3' } } };

  it.each([
    ['/version'],
    ['-n dev /version'],
    ['-f /version'],
    ['-k /version'],
    ['https://api.test:6443/version'],
  ])('kapi %s is kapi curl', async (line) => {
    expect(await runKapi(line, { replies: [version] })).toMatchObject({
      code: 0,
      stdout: '{"gitVersion":"v1.36.3"}',
    });
  });

  it('headers and methods before the path', async () => {
    const run = await runKapi(['-X', 'DELETE', '-H', 'X-Y: z', '/api/v1/namespaces/default/pods/web'], {
      replies: [{ request: 'DELETE /api/v1/namespaces/default/pods/web', reply: { body: {} } }],
    });
    expect(run).toMatchObject({ code: 0, stdout: '{}' });
  });

  it('another host is refused as in kapi curl', async () => {
    const run = await runKapi('https://elsewhere.test/version');
    expect(run).toMatchObject({ code: 2, stdout: '', requests: [] });
  });

  it('a format after a path does not write a file with that name', async () => {
    expect(await runKapi('/version -o json')).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        'error: -o json may be a format or the name of a file\nhint: `kapi get /version -o json` prints the format, `kapi curl /version -o ./json` writes the file\n',
    });
    expect(await runKapi('/version -oyaml')).toMatchObject({ code: 2, requests: [] });
  });

  it('a wrong flag gets its hint', async () => {
    expect(await runKapi('/version --slient')).toMatchObject({
      code: 2,
      stderr: 'error: unknown flag: --slient\nhint: did you mean --silent? see `kapi curl --help`\n',
    });
  });
});
