// The output of --curl, pasted into a shell, gets the same response as kapi: every command, every
// kind of credential.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import {
  describeOnServer,
  kapi,
  kapiFile,
  makeFolder,
  run,
  testServer,
  type Result,
  type RunOptions,
} from './kapi.ts';
import { startServer } from './loopback.ts';
import { mountNamespace, podEnvironment, runInPod, writeServiceAccount } from './pod.ts';
import { kubeconfigText } from './server/kubeconfigs.ts';
import { wordsOf } from './words.ts';

/** The checked part of a response. */
interface Answer {
  readonly kind?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly message: string;
  readonly gitVersion: string;
  readonly paths: readonly string[];
  readonly items?: readonly (Answer & { readonly versions: readonly { readonly version: string }[] })[];
  readonly rows: readonly { readonly cells: readonly unknown[] }[];
  readonly status: { readonly allowed?: boolean; readonly userInfo?: { readonly username: string } };
  /** Of a watch event. */
  readonly type: string;
  readonly object: Answer;
}

function parse(text: string): Answer {
  const answer: Answer = JSON.parse(text);
  return answer;
}

/** Compares the response of curl with the output of kapi. */
type Comparison = (ours: Result, pasted: readonly string[]) => void;

let toolbox: string | undefined;

/** Returns a PATH with `kapi` on it, as on a user's machine. */
function pathWithKapi(): string {
  if (toolbox === undefined) {
    toolbox = makeFolder();
    writeFileSync(join(toolbox, 'kapi'), `#!/bin/sh\nexec '${process.execPath}' '${kapiFile}' "$@"\n`);
    chmodSync(join(toolbox, 'kapi'), 0o755);
  }
  return `${toolbox}:${process.env['PATH'] ?? ''}`;
}

interface Printed extends Result {
  /** One command for each request. */
  readonly commands: readonly string[];
}

async function print(words: readonly string[], options: RunOptions): Promise<Printed> {
  const printed = await kapi([...words, '--curl'], options);
  expect(printed.code, printed.stderr).toBe(0);
  const commands = printed.stdout.split(/\n(?=curl |printf )/).filter((text) => text !== '');
  return { ...printed, commands };
}

/** Runs the printed commands as if pasted, in sh unless they need another shell. */
async function paste({ commands, stderr }: Printed, options: RunOptions): Promise<string[]> {
  const shell = stderr.includes('needs bash') ? 'bash' : 'sh';
  const kubeconfig = options.kubeconfig === undefined ? testServer().kubeconfigs.admin : options.kubeconfig;
  const env = {
    PATH: pathWithKapi(),
    ...(kubeconfig === null ? {} : { KUBECONFIG: kubeconfig }),
    ...options.env,
  };
  const answers: string[] = [];
  for (const command of commands) {
    const { stdout, stderr: complaints, code } = await run(shell, ['-c', command], { ...options, env });
    expect(code, `${command}\n${complaints}`).toBe(0);
    answers.push(stdout);
  }
  return answers;
}

async function expectSameAnswer(
  words: readonly string[],
  same: Comparison,
  options: RunOptions = {},
): Promise<void> {
  const printed = await print(words, options);
  const [ours, pasted] = [await kapi(words, options), await paste(printed, options)];
  same(ours, pasted);
}

const sameText: Comparison = ({ stdout }, [text]) => {
  expect(stdout).not.toBe('');
  expect(stdout.trimEnd()).toBe(text?.trimEnd());
};

const sameJson: Comparison = ({ stdout }, [text = '']) => {
  expect(comparable(stdout)).toEqual(comparable(text));
};

/** The same objects by name: the form of lists differs. */
const sameNames: Comparison = ({ stdout, stderr }, answers) => {
  const named = answers.flatMap(namesIn);
  const shown = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^[^/\s]*\//, ''));
  expect(shown, stderr).toEqual(named);
  expect(named.length).toBeGreaterThan(0);
};

/** A refusal in the same words, with kapi's exit code for it. */
function sameRefusal(code: number): Comparison {
  return (ours, [text = '']) => {
    const { message } = parse(text);
    expect(message).not.toBe('');
    expect(ours.stderr).toContain(message);
    expect(ours.code).toBe(code);
  };
}

/** The response contains what kapi prints as text. */
function tells(pattern: RegExp, of: (answer: Answer) => unknown): Comparison {
  return ({ stdout, stderr }, answers) => {
    const told = pattern.exec(stdout)?.[1];
    expect(told, stdout + stderr).toBeDefined();
    for (const text of answers) expect(of(parse(text))).toBe(told);
  };
}

/**
 * Parses a response without managedFields, which kapi hides, and without the uid and times of each
 * creation.
 */
function comparable(text: string): Answer {
  const answer = parse(text);
  const own = new Set(['managedFields', 'uid', 'creationTimestamp', 'resourceVersion']);
  const metadata = Object.entries(answer.metadata ?? {}).filter(([name]) => !own.has(name));
  return { ...answer, metadata: Object.fromEntries(metadata) };
}

function namesIn(text: string): unknown[] {
  const answer = parse(text);
  if (answer.kind === 'Table') return answer.rows.map(({ cells }) => cells[0]);
  return (answer.items ?? [answer]).map(({ metadata }) => metadata?.['name']);
}

const nastyData = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"printed"},"data":{"a":"it's \\"quoted\\" $HOME \`id\` \\\\ \\n!! über 😀"}}`;
const nastyYaml =
  "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: printed\ndata:\n  a: 'it''s'\n  b: |\n    two\n    \"lines\" $X\n";

const questions: readonly (readonly [line: string, same: Comparison])[] = [
  ['get /version', sameJson],
  ['get /api', sameJson],
  ['get /apis', sameJson],
  ['get /apis/apps/v1', sameJson],
  ['get /readyz', sameText],
  ['get /openapi/v3', sameJson],
  ['get /api/v1/namespaces/default/pods/completed', sameJson],
  [
    "get '/api/v1/namespaces/default/pods?labelSelector=app%3Dweb&fieldSelector=status.phase%3DRunning'",
    sameJson,
  ],
  ['get pod completed', sameJson],
  ['get deploy/web', sameJson],
  ['get deploy web --subresource scale', sameJson],
  ['get node node-a', sameJson],
  ['get cm characters -n odd', sameJson],
  ['get widget/alpha', sameJson],
  ['get pods completed pending -o name', sameNames],
  ['list pods -o name', sameNames],
  ['list pods -n dev -o name', sameNames],
  ['list pods -l app=web -o name', sameNames],
  ["list pods -l 'app in (web,other),tier!=x' -o name", sameNames],
  ['list pods --field-selector status.phase=Running -o name', sameNames],
  ['list pods --limit 2 -o name', sameNames],
  ['list pods -o jsonpath=\'{range .items[*]}{.metadata.name}{"\\n"}{end}\'', sameNames],
  ['list nodes,namespaces -o name', sameNames],
  ['list wg -o name', sameNames],
  ['list configmaps -n odd -o name', sameNames],
  ['version', tells(/^Server: (\S+)/m, ({ gitVersion }) => gitVersion)],
  [
    'paths',
    ({ stdout }, [text = '']) => {
      expect(stdout).toBe(`${parse(text).paths.join('\n')}\n`);
    },
  ],
  [
    'groups -o name',
    ({ stdout }, [, apis = '']) => {
      const versions = (parse(apis).items ?? []).flatMap(({ metadata, versions: all }) =>
        all.map(({ version }) => `${String(metadata?.['name'])}/${version}`),
      );
      for (const version of versions) expect(stdout.split('\n')).toContain(version);
      expect(versions.length).toBeGreaterThan(5);
    },
  ],
  [
    'whoami -o json',
    ({ stdout }, [text = '']) => {
      expect(stdout).toContain(JSON.stringify(parse(text).status.userInfo?.username));
    },
  ],
  ['can-i get pods', tells(/^(yes|no)/, ({ status }) => (status.allowed === true ? 'yes' : 'no'))],
  ['curl /version', sameJson],
  ['curl -s pods/completed', sameJson],
  ['curl deploy/web/scale', sameJson],
  ['curl -X OPTIONS -s -o /dev/null -w "%{http_code}" /version', sameText],
  ['curl -s -o /dev/null -w "%{http_code} %{content_type}\\n" /api/v1/nodes', sameText],
  ['curl -G --data-urlencode "labelSelector=app in (web)" -d limit=1 pods', sameJson],
  [
    "curl -H 'Accept: application/json;as=Table;g=meta.k8s.io;v=v1' pods/completed",
    ({ stdout }, [text = '']) => {
      // Only names, because ages change.
      expect(namesIn(stdout)).toEqual(['completed']);
      expect(namesIn(text)).toEqual(['completed']);
    },
  ],
  [`curl --dry-run --json '${nastyData.replaceAll("'", `'"'"'`)}' configmaps`, sameJson],
  [`curl --dry-run -d "${nastyYaml.replaceAll(/["\\]/g, '\\$&')}" configmaps`, sameJson],
  ['curl --dry-run --type merge -d "spec: {replicas: 7}" deploy/web', sameJson],
  ['curl --dry-run --type strategic -d \'{"metadata":{"labels":{"x":"y"}}}\' deploy/web', sameJson],
  [
    'curl --dry-run --type json -d \'[{"op":"add","path":"/metadata/annotations","value":{"a":"b"}}]\' deploy/web',
    sameJson,
  ],
  [`curl --dry-run --type apply -d '${nastyData.replaceAll("'", `'"'"'`)}' cm/printed`, sameJson],
  ['curl --dry-run -X DELETE cm/settings', sameJson],
];

describeOnServer('--curl, pasted into a shell', () => {
  it.concurrent.each(questions)('%s', async (line, same) => {
    await expectSameAnswer(wordsOf(line), same, { kubeconfig: testServer().kubeconfigs.adminFiles });
  });

  it('is the same for kubeconfigs with files, inline data, tokens, and anonymous', async () => {
    const { admin, adminFiles, jane, bob, serviceAccount, anonymous } = testServer().kubeconfigs;
    for (const kubeconfig of [admin, adminFiles, jane, bob])
      await expectSameAnswer(wordsOf('list pods -n dev -o name'), sameNames, { kubeconfig });
    await expectSameAnswer(wordsOf('list pods -n default -o name'), sameNames, {
      kubeconfig: serviceAccount,
    });
    await expectSameAnswer(wordsOf('get /version'), sameJson, { kubeconfig: anonymous });
  });

  it('refuses what kapi is refused', async () => {
    const { jane, bob, anonymous } = testServer().kubeconfigs;
    await expectSameAnswer(wordsOf('get pod nope -n dev'), sameRefusal(4), { kubeconfig: jane });
    await expectSameAnswer(wordsOf('list nodes'), sameRefusal(4), { kubeconfig: bob });
    await expectSameAnswer(wordsOf('get /api/v1/pods'), sameRefusal(4), { kubeconfig: anonymous });
    await expectSameAnswer(wordsOf('list pods --field-selector spec.foo=1'), sameRefusal(2));
  });

  it('has the flags of the run', async () => {
    const { url, caFile, tokens, kubeconfigs, serviceAccountTokenFile } = testServer();
    const nobody = { kubeconfig: null };
    await expectSameAnswer(
      ['whoami', '-o', 'json', '--kubeconfig', kubeconfigs.jane, '--context', 'e2e'],
      isUser('jane'),
      nobody,
    );
    await expectSameAnswer(
      ['whoami', '-o', 'json', '--kubeconfig', kubeconfigs.bob, '--user', 'me'],
      isUser('bob'),
      nobody,
    );
    const server = ['--server', url, '--cacert', caFile];
    await expectSameAnswer(['whoami', '-o', 'json', ...server, '--token', tokens.bob], isUser('bob'), {
      ...nobody,
      env: { TOKEN: tokens.bob },
    });
    await expectSameAnswer(
      ['whoami', '-o', 'json', '-s', url, '-k', '--token-file', serviceAccountTokenFile],
      isUser('system:serviceaccount:default:default'),
      nobody,
    );
    await expectSameAnswer(
      [
        'whoami',
        '-o',
        'json',
        '--as',
        "it's me",
        '--as-group',
        'a b',
        '--as-group',
        'c',
        '--as-uid',
        '7',
        '--as-user-extra',
        'example.com/Role=x',
      ],
      isUser("it's me"),
      { kubeconfig: kubeconfigs.adminFiles },
    );
    const printed = await print(['get', '/version', '--request-timeout', '20'], {
      kubeconfig: kubeconfigs.adminFiles,
    });
    expect(printed.stdout).toContain(' -m 20 ');
    await paste(printed, {});
  });

  it('runs the exec plugin again, for a token or a certificate', async () => {
    const { tokens, janeCertificate } = testServer();
    const plugin = (status: Record<string, unknown>): string =>
      kubeconfigOf({
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1beta1',
          command: 'sh',
          args: [
            '-c',
            `cat <<'END'\n${JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1beta1', kind: 'ExecCredential', status })}\nEND`,
          ],
        },
      });
    await expectSameAnswer(['whoami', '-o', 'json'], isUser('bob'), {
      kubeconfig: plugin({ token: tokens.bob }),
    });
    const status = {
      clientCertificateData: readFileSync(janeCertificate.certificateFile, 'utf8'),
      clientKeyData: readFileSync(janeCertificate.keyFile, 'utf8'),
    };
    await expectSameAnswer(['whoami', '-o', 'json'], isUser('jane'), { kubeconfig: plugin(status) });
  });

  it('reads a token file each time', async () => {
    const kubeconfig = kubeconfigOf({ tokenFile: 'the token' });
    writeFileSync(join(kubeconfig, '..', 'the token'), `${testServer().tokens.bob}\n`);
    const printed = await print(['whoami', '-o', 'json'], { kubeconfig });
    expect(printed.stdout).toContain(`$(cat '${join(kubeconfig, '..', 'the token')}')`);
    await expectSameAnswer(['whoami', '-o', 'json'], isUser('bob'), { kubeconfig });
  });

  it('in a pod uses its files', async () => {
    const { host, port } = testServer();
    const folder = await writeServiceAccount();
    const env = await podEnvironment(host, port);
    const words = ['whoami', '-o', 'json', '--service-account-dir', folder];
    await expectSameAnswer(words, isUser('system:serviceaccount:default:default'), { kubeconfig: null, env });
    const printed = await print(['get', '/version', '--service-account-dir', folder], {
      kubeconfig: null,
      env,
    });
    expect(printed.stdout).toBe(
      `curl --cacert ${folder}/ca.crt -H "Authorization: Bearer $(cat ${folder}/token)" https://${host}:${port}/version\n`,
    );
  });

  it.skipIf(mountNamespace() === undefined)('in a pod with the files where a kubelet puts them', async () => {
    const { host, port } = testServer();
    const printed = await runInPod(
      mountNamespace() ?? [],
      await writeServiceAccount(),
      ['get', '/version', '--curl'],
      {
        env: await podEnvironment(host, port),
      },
    );
    const directory = '/var/run/secrets/kubernetes.io/serviceaccount';
    expect(printed).toMatchObject({
      code: 0,
      stderr: '',
      stdout: `curl --cacert ${directory}/ca.crt -H "Authorization: Bearer $(cat ${directory}/token)" https://${host}:${port}/version\n`,
    });
  });

  it('uses the same proxy, and not those of the environment', async () => {
    const asked: string[] = [];
    const proxy = createServer((_, response) => response.writeHead(400).end());
    proxy.on('connect', (incoming, socket) => {
      asked.push(`${incoming.url ?? ''} ${incoming.headers['proxy-authorization'] ?? 'nobody'}`);
      const outgoing = connect(testServer().port, testServer().host, () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        outgoing.pipe(socket).pipe(outgoing);
      });
      outgoing.on('error', () => socket.destroy());
      socket.on('error', () => outgoing.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      proxy.close();
    });
    const address = proxy.address();
    const place = `127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
    const { host, port, tokens } = testServer();
    const through = (url: string): string => kubeconfigOf({ token: tokens.bob }, { 'proxy-url': url });

    await expectSameAnswer(['whoami', '-o', 'json'], isUser('bob'), {
      kubeconfig: through(`http://${place}`),
      env: { NO_PROXY: '127.0.0.1' },
    });
    expect(asked).toEqual([1, 2].map(() => `${host}:${port} nobody`));
    asked.length = 0;
    await expectSameAnswer(['whoami', '-o', 'json'], isUser('bob'), {
      kubeconfig: through(`http://jane:ge%3Aheim@${place}`),
      env: { PROXY_PASSWORD: 'ge%3Aheim' },
    });
    expect(asked).toEqual(
      [1, 2].map(() => `${host}:${port} Basic ${Buffer.from('jane:ge:heim').toString('base64')}`),
    );
    await expectSameAnswer(['get', '/version'], sameJson, {
      kubeconfig: testServer().kubeconfigs.adminFiles,
      env: { HTTPS_PROXY: 'http://127.0.0.1:1', ALL_PROXY: 'http://127.0.0.1:1' },
    });
  });

  it('verifies the name that kapi verifies', async () => {
    const kubeconfig = kubeconfigOf(
      { token: testServer().tokens.bob },
      { 'tls-server-name': 'kubernetes.default.svc' },
    );
    const printed = await print(['get', '/version'], { kubeconfig });
    expect(printed.stdout).toContain('--connect-to kubernetes.default.svc:');
    await expectSameAnswer(['get', '/version'], sameJson, { kubeconfig });
    const wrong = kubeconfigOf({}, { 'tls-server-name': 'other.example' });
    const { commands } = await print(['get', '/version'], { kubeconfig: wrong });
    expect(await run('sh', ['-c', commands[0] ?? ''], { kubeconfig: null })).toMatchObject({ code: 60 });
    expect(await kapi(['get', '/version'], { kubeconfig: wrong })).toMatchObject({ code: 6 });
  });

  it('keeps the path prefix of a server, and plain http', async () => {
    const { url, caFile, tokens } = testServer();
    const gateway = await startServer((incoming, outgoing) => {
      const path =
        incoming.url?.startsWith('/k8s/c-1/') === true ? incoming.url.slice('/k8s/c-1'.length) : '/none';
      const headers = { authorization: `Bearer ${tokens.bob}`, accept: incoming.headers.accept ?? '' };
      request(`${url}${path}`, { ca: readFileSync(caFile), headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      }).end();
    });
    const file = join(makeFolder(), 'config');
    writeFileSync(file, kubeconfigText({ server: `${gateway}/k8s/c-1` }, { token: 'unused' }, 'dev'));
    await expectSameAnswer(['list', 'pods', '-o', 'name'], sameNames, { kubeconfig: file });
    await expectSameAnswer(['curl', `${gateway}/k8s/c-1/version`], sameJson, { kubeconfig: file });
  });

  it('sends bodies of files and stdin', async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, "jane's map.yaml"), nastyYaml);
    const kubeconfig = testServer().kubeconfigs.adminFiles;
    const words = ['curl', '--dry-run', '-d', "@jane's map.yaml", 'cm'];
    const printed = await print(words, { kubeconfig, cwd: folder });
    expect(printed.stdout).toContain(`--data-binary '@jane'\\''s map.yaml'`);
    await expectSameAnswer(words, sameJson, { kubeconfig, cwd: folder });
    await expectSameAnswer(['curl', '--dry-run', '-d', '@-', 'cm'], sameJson, {
      kubeconfig,
      input: nastyYaml,
    });
    // Characters that a terminal would act on.
    const input =
      '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"x"},"data":{"a":"\u007f\u009b\u202e%s\\\\\'"}}';
    const piped = await print(['curl', '--dry-run', '-d', '@-', 'cm'], { kubeconfig, input });
    expect(piped.stdout).toMatch(/^printf '[\x20-\x7e]*' \| curl /);
    await expectSameAnswer(['curl', '--dry-run', '-d', '@-', 'cm'], sameJson, { kubeconfig, input });
  });

  it('follows what kapi watch follows', async () => {
    const kubeconfig = testServer().kubeconfigs.adminFiles;
    const words = ['watch', 'pods', '-n', 'dev', '-o', 'ndjson'];
    const printed = await print(words, { kubeconfig });
    expect(printed.stdout).toMatch(/^curl -N /);
    const script = `timeout 3 ${printed.commands[0] ?? ''}`;
    const { stdout } = await run('sh', ['-c', script], { kubeconfig: null });
    const added = (text: string): string[] =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map(parse)
        .filter(({ type }) => type === 'ADDED')
        .map(({ object }) => String(object.metadata?.['name']))
        .sort();
    const ours = await kapi([...words, '--for-count', '3'], { kubeconfig });
    expect(added(stdout)).toEqual(['api-0', 'api-1', 'worker']);
    expect(added(ours.stdout)).toEqual(['api-0', 'api-1', 'worker']);
  });

  it('--show-secrets makes it work without kapi', async () => {
    for (const kubeconfig of [testServer().kubeconfigs.admin, testServer().kubeconfigs.bob]) {
      const printed = await print(['list', 'pods', '-n', 'dev', '-o', 'name', '--show-secrets'], {
        kubeconfig,
      });
      expect(printed.stdout).not.toContain('kapi');
      const { stdout, code } = await run('bash', ['-c', printed.stdout], { kubeconfig: null });
      expect(code).toBe(0);
      expect(namesIn(stdout)).toEqual(['api-0', 'api-1', 'worker']);
    }
  });

  it('contains no secret otherwise, and sends nothing', async () => {
    const { kubeconfigs, tokens } = testServer();
    for (const kubeconfig of Object.values(kubeconfigs)) {
      const { stdout, stderr } = await kapi(
        ['curl', '-d', nastyData, 'configmaps', '-n', 'empty', '--curl'],
        { kubeconfig },
      );
      expect(`${stdout}${stderr}`).not.toContain(tokens.bob);
      expect(`${stdout}${stderr}`).not.toMatch(/PRIVATE KEY|eyJ/);
    }
    expect(await kapi(['get', 'cm', 'printed', '-n', 'empty'])).toMatchObject({ code: 4 });
  });

  it.concurrent.each(['sandbox', 'config show', 'completion bash', 'proxy', 'version --client'])(
    'kapi %s sends no request and refuses --curl',
    async (line) => {
      const run = await kapi([...line.split(' '), '--curl']);
      expect(run).toMatchObject({ stdout: '', code: 2 });
      expect(run.stderr).toContain('--curl');
    },
  );
});

function isUser(name: string): Comparison {
  return ({ stdout, stderr }, [text = '']) => {
    const { status } = parse(text);
    expect(status.userInfo?.username, text).toBe(name);
    expect(stdout, stderr).toContain(JSON.stringify(name));
  };
}

/** Writes a kubeconfig with this user to a new directory. */
function kubeconfigOf(user: Record<string, unknown>, more: Record<string, unknown> = {}): string {
  const file = join(makeFolder(), 'config');
  const cluster = { server: testServer().url, 'certificate-authority': testServer().caFile, ...more };
  writeFileSync(file, kubeconfigText(cluster, user, 'dev'));
  return file;
}
