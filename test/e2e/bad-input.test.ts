// User errors: each ends in one clear error, nothing on stdout, and the exit code of the table.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { describeOnServer, kapi, makeFolder, testServer, type Result, type RunOptions } from './kapi.ts';

type Tree = Record<string, unknown>;

/** Writes a changed copy of the administrator's kubeconfig to `file` in a new directory. */
function changed(change: (config: ReturnType<typeof read>) => void, file = 'config'): string {
  const config = read();
  change(config);
  return written(JSON.stringify(config), file);
}

function read(): {
  clusters: [{ cluster: Tree }];
  users: [{ user: Tree }];
  contexts: [{ context: Tree }];
  'current-context': string;
} {
  return JSON.parse(readFileSync(testServer().kubeconfigs.admin, 'utf8')) as ReturnType<typeof read>;
}

function written(text: string, file = 'config'): string {
  const path = join(makeFolder(), file);
  writeFileSync(path, text);
  return path;
}

async function listPods(options: RunOptions, ...flags: readonly string[]): Promise<Result> {
  return kapi(['list', 'pods', ...flags], options);
}

function failure(stderr: string, code: number): Result {
  return { stdout: '', stderr, code, signal: undefined };
}

describeOnServer('configuration that cannot be used: exit 3', () => {
  it('a kubeconfig that is not YAML', async () => {
    const kubeconfig = written('apiVersion: v1\nclusters: [\n - x: {\n');
    const { stdout, stderr, code } = await listPods({ kubeconfig });
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      new RegExp(`^error: loading config file "${kubeconfig}": line 3, column 2: .*\nhint: .*\n$`),
    );
    expect(code).toBe(3);
  });

  it('a kubeconfig of the wrong shape', async () => {
    const { stderr, code } = await listPods({ kubeconfig: written('clusters: 7\n') });
    expect(stderr).toMatch(/^error: loading config file ".*": clusters/);
    expect(code).toBe(3);
  });

  it('--kubeconfig with a missing file', async () => {
    expect(await listPods({}, '--kubeconfig', '/no/such/file')).toEqual(
      failure(
        'error: loading config file "/no/such/file": no such file or directory\nhint: the file comes from --kubeconfig\n',
        3,
      ),
    );
  });

  it('no configuration at all: never localhost:8080', async () => {
    const HOME = makeFolder();
    expect(await listPods({ kubeconfig: null, env: { HOME } })).toEqual(
      failure(
        'error: no configuration has been provided: no flag, file or variable names a server\n' +
          `${HOME}/.kube/config does not exist (kapi's default)\n` +
          'not in a pod: KUBERNETES_SERVICE_HOST is not set\n' +
          'hint: name a kubeconfig with --kubeconfig or KUBECONFIG, or a server with --server; `kapi sandbox -- bash` starts a practice server\n',
        3,
      ),
    );
  });

  it('a context, cluster or user that does not exist', async () => {
    const { admin } = testServer().kubeconfigs;
    expect(await listPods({}, '--context', 'nope')).toEqual(
      failure(
        `error: context "nope" does not exist (named by --context)\nhint: contexts in ${admin}: e2e; choose one with --context\n`,
        3,
      ),
    );
    const cluster = await listPods({}, '--cluster', 'nope');
    expect(cluster.stderr).toBe(
      `error: cluster "nope" does not exist (named by --cluster)\nhint: clusters in ${admin}: e2e\n`,
    );
    expect(cluster.code).toBe(3);
    const user = await listPods({}, '--user', 'nope');
    expect(user.stderr).toMatch(/^error: user "nope" does not exist \(named by --user\)\nhint: /);
    expect(user.code).toBe(3);
  });

  it('a context with missing entries', async () => {
    const noCluster = changed((config) => (config.contexts[0].context['cluster'] = 'gone'));
    const first = await listPods({ kubeconfig: noCluster });
    expect(first.stderr).toMatch(
      new RegExp(
        `^error: no server found for cluster "gone": it does not exist, but is named in ${noCluster}, context "e2e"\nhint: `,
      ),
    );
    expect(first.code).toBe(3);
    const noUser = changed((config) => (config.contexts[0].context['user'] = 'gone'));
    const second = await listPods({ kubeconfig: noUser });
    expect(second.stderr).toMatch(
      new RegExp(`^error: user "gone" does not exist \\(named by ${noUser}, context "e2e"\\)\nhint: `),
    );
    expect(second.code).toBe(3);
    const noContext = changed((config) => (config['current-context'] = 'gone'));
    const third = await listPods({ kubeconfig: noContext });
    expect(third.stderr).toMatch(
      new RegExp(
        `^error: context "gone" does not exist \\(named by ${noContext}, current-context\\)\nhint: `,
      ),
    );
    expect(third.code).toBe(3);
  });

  it('files and data of certificates that cannot be read', async () => {
    const noBase64 = changed((config) => (config.clusters[0].cluster['certificate-authority-data'] = '!!!'));
    const first = await listPods({ kubeconfig: noBase64 });
    expect(first.stderr).toMatch(
      new RegExp(
        `^error: loading config file "${noBase64}": clusters\\[0\\]\\.cluster\\.certificate-authority-data \\(cluster "e2e"\\) is not base64\n`,
      ),
    );
    expect(first.code).toBe(3);

    const noAuthority = changed((config) => {
      config.clusters[0].cluster = { server: testServer().url, 'certificate-authority': 'nope.crt' };
    });
    const second = await listPods({ kubeconfig: noAuthority });
    expect(second.stderr).toMatch(
      /^error: unable to read certificate-authority .*\/nope\.crt for .*: no such file or directory \(named by .*, cluster "e2e"\)\n/,
    );
    expect(second.code).toBe(3);

    const noCertificate = changed((config) => {
      delete config.users[0].user['client-certificate-data'];
      config.users[0].user['client-certificate'] = 'nope.crt';
    });
    const third = await listPods({ kubeconfig: noCertificate });
    expect(third.stderr).toMatch(
      /^error: unable to read client-cert .*\/nope\.crt for me: no such file or directory \(named by .*, user "me"\)\n/,
    );
    expect(third.code).toBe(3);

    const garbage = changed((config) => {
      config.users[0].user['client-certificate-data'] = Buffer.from('no certificate').toString('base64');
    });
    const fourth = await listPods({ kubeconfig: garbage });
    expect(fourth.stderr).toMatch(/^error: /);
    expect(fourth.code).toBe(3);

    const foreignKey = changed((config) => {
      config.users[0].user['client-key-data'] = readFileSync(testServer().otherAuthority.keyFile).toString(
        'base64',
      );
    });
    const fifth = await listPods({ kubeconfig: foreignKey });
    expect(fifth.stderr).toMatch(/^error: /);
    expect(fifth.code).toBe(3);
  });

  it('exec plugins that are missing or fail', async () => {
    const exec = (entry: Tree): string =>
      changed(
        (config) =>
          (config.users[0].user = {
            exec: { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', ...entry },
          }),
      );
    const missing = await listPods({
      kubeconfig: exec({ command: 'no-such-plugin', installHint: 'apt install it' }),
    });
    expect(missing.stdout).toBe('');
    expect(missing.stderr).toContain('no-such-plugin');
    expect(missing.stderr).toContain('apt install it');
    expect(missing.code).toBe(3);
    const failing = await listPods({
      kubeconfig: exec({ command: 'sh', args: ['-c', 'echo sorry >&2; exit 7'] }),
    });
    expect(failing.stderr).toContain('sorry');
    expect(failing.stderr).toContain('7');
    expect(failing.code).toBe(3);
    const garbage = await listPods({ kubeconfig: exec({ command: 'echo', args: ['hello'] }) });
    expect(garbage.stderr).toMatch(/^error: /);
    expect(garbage.code).toBe(3);
  });
});

describeOnServer('a command line that cannot be: exit 2', () => {
  const cases: readonly (readonly [args: readonly string[], stderr: string])[] = [
    [
      ['lst', 'pods'],
      'error: unknown command "lst" for "kapi"\nhint: did you mean `kapi list pods` or `kapi ls pods`?\n',
    ],
    [
      ['list', 'pods', '--outptu', 'json'],
      'error: unknown flag: --outptu\nhint: did you mean --output? see `kapi list --help`\n',
    ],
    [['list', 'pods', '-Q'], "error: unknown shorthand flag: 'Q' in -Q\nhint: see `kapi list --help`\n"],
    [
      ['list', 'podz'],
      'error: the server doesn\'t have a resource type "podz"\nhint: did you mean `kapi list pods`?\n      `kapi resources` lists what the server has\n',
    ],
    [
      ['list', 'pods', '--chunk-size', 'x'],
      'error: invalid value "x" of --chunk-size: it takes a whole number\n',
    ],
    [['list', 'pods', '--limit=-1'], 'error: invalid value "-1" of --limit: it takes a whole number\n'],
    [
      ['list', 'pods', '--request-timeout', 'banana'],
      'error: Invalid timeout value "banana" of --request-timeout. Timeout must be a single integer in seconds, or an integer ' +
        'followed by a corresponding time unit (e.g. 1s | 2m | 3h)\n',
    ],
    [
      ['list', 'pods', '-o', 'foo'],
      'error: unable to match a printer suitable for the output format "foo", allowed formats are: csv,custom-columns,' +
        'custom-columns-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,ndjson,table,wide,yaml\n',
    ],
    [
      ['list', 'pods', 'web'],
      'error: list takes types, not names of objects\nhint: `kapi get pods web -o table`\n',
    ],
    [['get', '/version', 'more'], 'error: give a path alone: "more" is too much\n'],
    [
      ['list', 'pods', '--username', 'a', '--token', 'b'],
      'error: more than one authentication method found in the flags: a token and a user name or password, only one is allowed\n' +
        'hint: send either a token or a user name with a password\n',
    ],
    [
      ['list', 'pods', '--certificate-authority', '/dev/null', '--insecure-skip-tls-verify'],
      'error: specifying a root certificates file with the insecure flag is not allowed\n' +
        'hint: give either --certificate-authority or --insecure-skip-tls-verify\n',
    ],
  ];
  it.concurrent.each(cases)('kapi %j', async (args, stderr) => {
    expect(await kapi(args)).toEqual(failure(stderr, 2));
  });

  it('a command without its arguments', async () => {
    for (const command of ['list', 'get']) {
      const { stdout, stderr, code } = await kapi([command]);
      expect(stdout).toBe('');
      expect(stderr).toMatch(new RegExp(`^error: .* is missing: .*\nhint: usage: kapi ${command} `));
      expect(code).toBe(2);
    }
  });
});

describeOnServer('what the server refuses: exit 4', () => {
  it('401: an unknown token', async () => {
    const { bob } = testServer().kubeconfigs;
    const { stdout, stderr, code } = await listPods({ kubeconfig: bob }, '--token', 'nonsense');
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^error: You must be logged in to the server \(Unauthorized\)\ntoken was sent \(from --token\)\nnot sent because of --token: token \(from .*\)\nhint: /,
    );
    expect(stderr).not.toContain('nonsense');
    expect(code).toBe(4);
  });

  it('401: an expired client certificate, with its date', async () => {
    const { stdout, stderr, code } = await listPods({ kubeconfig: testServer().kubeconfigs.expired });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: You must be logged in to the server \(Unauthorized\)\n/);
    expect(stderr).toContain('2024-02-01');
    expect(code).toBe(4);
  });

  it('403: names the missing rule', async () => {
    const { jane } = testServer().kubeconfigs;
    expect(await kapi(['list', 'secrets'], { kubeconfig: jane })).toEqual(
      failure(
        'Error from server (Forbidden): secrets is forbidden: User "jane" cannot list resource "secrets" in API group "" in the namespace "dev"\n' +
          'hint: you need verb "list" on resource "secrets" in namespace "dev"; `kapi list secrets --suggest-rbac` prints the role and binding that grant it; `kapi can-i list secrets -n dev --why` asks the server for its reason\n',
        4,
      ),
    );
    expect(await kapi(['get', '/metrics'], { kubeconfig: jane })).toEqual(
      failure(
        'Error from server (Forbidden): forbidden: User "jane" cannot get path "/metrics"\n' +
          'hint: you need verb "get" on path "/metrics"; `kapi get /metrics --suggest-rbac` prints the role and binding that grant it; `kapi can-i get /metrics --why` asks the server for its reason\n',
        4,
      ),
    );
  });

  it('403: without credentials, and as another user', async () => {
    const anonymous = await listPods({ kubeconfig: testServer().kubeconfigs.anonymous });
    expect(anonymous.stderr).toContain('User "system:anonymous" cannot list resource "pods"');
    expect(anonymous.code).toBe(4);
    const impersonated = await listPods({}, '--as', 'joe', '--as-group', 'nobodies');
    expect(impersonated.stderr).toContain('User "joe" cannot list resource "pods"');
    expect(impersonated.code).toBe(4);
    const forbidden = await listPods({ kubeconfig: testServer().kubeconfigs.jane }, '--as', 'admin');
    expect(forbidden.stderr).toContain('User "jane" cannot impersonate');
    expect(forbidden.code).toBe(4);
  });

  it('403 for one of several types does not affect the others', async () => {
    const { stdout, stderr, code } = await kapi(['list', 'secrets,pods', '-o', 'name'], {
      kubeconfig: testServer().kubeconfigs.jane,
    });
    expect(stdout).toBe('pod/api-0\npod/api-1\npod/worker\n');
    expect(stderr).toContain('secrets is forbidden');
    expect(code).toBe(4);
  });

  it('404: of an object, with where to look', async () => {
    expect(await kapi(['get', 'pod', 'nope'])).toEqual(
      failure(
        'Error from server (NotFound): pods "nope" not found\n' +
          'hint: looked in namespace "default"; `kapi list pods -A --field-selector metadata.name=nope` looks in all of them\n',
        4,
      ),
    );
  });

  it('404: of a path of an object', async () => {
    const { stdout, stderr, code } = await kapi(['get', '/api/v1/namespaces/default/pods/nope']);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Error from server \(NotFound\): pods "nope" not found\n/);
    expect(code).toBe(4);
  });

  it('as one line of JSON', async () => {
    const { stdout, stderr, code } = await kapi(['get', 'pod', 'nope', '--error-format', 'json']);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stderr)).toMatchObject({
      error: {
        code: 'NotFound',
        exitCode: 4,
        httpStatus: 404,
        reason: 'NotFound',
        method: 'GET',
        path: '/api/v1/namespaces/default/pods/nope',
      },
    });
    expect(code).toBe(4);
  });
});

describe('nothing secret', () => {
  describeOnServer('is shown', () => {
    it('with -vv, in every failure', async () => {
      const { tokens, serviceAccountToken, kubeconfigs } = testServer();
      const runs = await Promise.all([
        kapi(['list', 'pods', '-vv'], { kubeconfig: kubeconfigs.bob }),
        kapi(['list', 'secrets', '-vv'], { kubeconfig: kubeconfigs.serviceAccount }),
        kapi(['config', 'show', '-o', 'json'], { kubeconfig: kubeconfigs.bob }),
        kapi(['list', 'pods', '-vv', '--token', tokens.bob, '--context', 'nope']),
        kapi(['list', 'pods', '-vv', '--token', tokens.bob, '--tls-server-name', 'wrong.example']),
      ]);
      for (const { stdout, stderr } of runs) {
        for (const secret of [tokens.bob, serviceAccountToken]) {
          expect(stdout).not.toContain(secret);
          expect(stderr).not.toContain(secret);
        }
      }
      expect(runs[0].stderr).toMatch(/> GET \/api\/v1\/namespaces\/dev\/pods/);
      expect(runs[0].stderr).toMatch(/< HTTP\/1\.1 200/);
    });
  });
});
