// Identity and permissions on a real server: whoami and doctor with every kind of credential, can-i
// compared with kubectl, and suggested roles that make the refused command succeed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

import { jwtOf } from '../jwt.ts';
import {
  describeAgainstKubectl,
  describeOnServer,
  kapi,
  kubectl,
  makeFolder,
  testServer,
  type Result,
  type RunOptions,
} from './kapi.ts';
import { startServer } from './loopback.ts';
import { podEnvironment, writeServiceAccount } from './pod.ts';
import { kubeconfigText } from './server/kubeconfigs.ts';
import { wordsOf } from './words.ts';

function kubeconfigOf(user: Record<string, unknown>): string {
  const file = join(makeFolder(), 'config');
  const cluster = { server: testServer().url, 'certificate-authority': testServer().caFile };
  writeFileSync(file, kubeconfigText(cluster, user, 'dev'));
  return file;
}

/** Writes a plugin that prints this credential. */
function pluginOf(status: Record<string, unknown>): string {
  const answer = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
  return kubeconfigOf({
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['-e', `console.log(${JSON.stringify(JSON.stringify(answer))})`],
      interactiveMode: 'Never',
    },
  });
}

interface Case {
  readonly options: RunOptions;
  readonly flags?: readonly string[];
  /** Lines of `whoami` with single spaces between the columns. */
  readonly whoami: readonly (string | RegExp)[];
  readonly whoamiCode?: number;
  /** Steps of `doctor` that are not ok. */
  readonly notOk?: readonly string[];
  readonly doctorCode?: number;
}

function linesOf({ stdout }: Result): string[] {
  return stdout.split('\n').map((line) => line.replaceAll(/ {3,}/g, ' '));
}

async function check({
  options,
  flags = [],
  whoami,
  whoamiCode = 0,
  notOk = [],
  doctorCode = 0,
}: Case): Promise<void> {
  const [who, doctor] = await Promise.all([
    kapi(['whoami', ...flags], options),
    kapi(['doctor', '-o', 'json', ...flags], options),
  ]);
  const lines = linesOf(who);
  for (const expected of whoami) {
    if (typeof expected === 'string') expect(lines, who.stderr).toContain(expected);
    else
      expect(
        lines.some((line) => expected.test(line)),
        `${expected.source}\n${who.stdout}`,
      ).toBe(true);
  }
  expect(who.code, who.stderr).toBe(whoamiCode);
  const { steps, exitCode } = JSON.parse(doctor.stdout) as {
    steps: { name: string; state: string; message: string }[];
    exitCode: number;
  };
  expect(steps.filter(({ state }) => state !== 'ok').map(({ name, state }) => `${name} ${state}`)).toEqual(
    notOk,
  );
  expect([doctor.code, exitCode]).toEqual([doctorCode, doctorCode]);
}

describeOnServer('whoami and doctor', () => {
  it('by certificate', async () => {
    await check({
      options: { kubeconfig: testServer().kubeconfigs.jane },
      whoami: [
        'Username jane',
        'Groups [readers system:authenticated]',
        /^Extra: authentication\.kubernetes\.io\/credential-id \[X509SHA256=/,
        /^Namespace dev \(from .*jane\.kubeconfig, context "e2e"\)$/,
        'Certificate CN jane',
        'Certificate O readers',
        /^Certificate expires \d{4}-.*Z, in \d+d$/,
      ],
    });
  });

  it('by static token', async () => {
    await check({
      options: { kubeconfig: testServer().kubeconfigs.bob },
      whoami: [
        'Username bob',
        /^Credential token \(from .*bob\.kubeconfig, user "me"\)$/,
        'Token opaque: it says nothing of itself',
      ],
    });
  });

  it('by exec plugin', async () => {
    await check({
      options: { kubeconfig: pluginOf({ token: testServer().tokens.bob }) },
      whoami: ['Username bob', /^Credential exec plugin .*node \(from .*config, user "me"\)$/],
    });
  });

  it('by service account in a pod', async () => {
    const { host, port } = testServer();
    await check({
      options: { kubeconfig: null, env: await podEnvironment(host, port) },
      flags: ['--service-account-dir', await writeServiceAccount()],
      whoami: [
        'Username system:serviceaccount:default:default',
        'Token subject system:serviceaccount:default:default',
        /^Token issuer https:/,
        /^Token audience https:/,
        /^Token expires \d{4}-.*Z, in \d+[mhd]/,
        /^Namespace default \(from .*namespace/,
      ],
      // The name does not resolve outside a cluster.
      notOk: ['name warn'],
    });
  });

  it('as someone else', async () => {
    await check({
      options: {},
      flags: ['--as', 'alice', '--as-group', 'team-a', '-n', 'dev'],
      whoami: ['Username alice', 'Groups [team-a system:authenticated]', 'Impersonating alice (from --as)'],
    });
  });

  it('a user without permission to impersonate gets an error', async () => {
    await check({
      options: { kubeconfig: testServer().kubeconfigs.bob },
      flags: ['--as', 'alice'],
      whoami: [/^Username unknown \(the server did not confirm it\)$/],
      whoamiCode: 4,
      notOk: ['authentication fail', 'authorization skip', 'discovery skip'],
      doctorCode: 4,
    });
  });

  it('anonymous', async () => {
    await check({
      options: { kubeconfig: testServer().kubeconfigs.anonymous },
      whoami: ['Username system:anonymous (the name in the refusal of the server)', 'Credential anonymous'],
      notOk: ['credentials warn', 'authentication warn', 'authorization warn', 'discovery warn'],
    });
  });

  const refused = {
    whoamiCode: 4,
    notOk: ['authentication fail', 'authorization skip', 'discovery skip'],
    doctorCode: 4,
  };

  it('by basic authentication, which API servers no longer take', async () => {
    const options = { kubeconfig: kubeconfigOf({ username: 'jane', password: 'm4rked-password' }) };
    await check({
      options,
      whoami: ['Username system:anonymous (the name in the refusal of the server)', /^Credential basic jane/],
      notOk: ['authentication warn', 'authorization warn', 'discovery warn'],
    });
    expect((await kapi(['whoami', '-o', 'name'], options)).stderr).toBe(
      'the server treats you as anonymous although kapi sent credentials: it does not accept this kind of credential\n',
    );
  });

  it('by an expired certificate', async () => {
    const options = { kubeconfig: testServer().kubeconfigs.expired };
    await check({
      options,
      whoami: [
        'Username jane (claimed by the client certificate; the server did not confirm it)',
        /^Certificate expires 2024-02-01T00:00:00Z, \d+[yd].* ago$/,
      ],
      ...refused,
      notOk: ['credentials warn', ...refused.notOk],
    });
    const { stderr } = await kapi(['list', 'pods'], options);
    expect(stderr).toMatch(
      /^error: You must be logged in to the server \(Unauthorized\)\nthe client certificate in .* expired 2024-02-01T00:00:00Z, .* ago \(from .*\)\nhint: get new credentials /,
    );
  });

  it('by an expired token', async () => {
    const token = jwtOf({ sub: 'system:serviceaccount:dev:robot', iat: 1_700_000_000, exp: 1_700_003_600 });
    await check({
      options: { kubeconfig: kubeconfigOf({ token }) },
      whoami: [
        'Username system:serviceaccount:dev:robot (claimed by the token; the server did not confirm it)',
        /^Token expires 2023-11-14T23:13:20Z, \d+[yd].* ago$/,
      ],
      ...refused,
      notOk: ['credentials warn', ...refused.notOk],
    });
  });

  it.each([404, 403])('-o name fails if the server does not tell the name: %i', async (code) => {
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'no', code };
    const server = await startServer((_, response) =>
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(status)),
    );
    const result = await kapi(['whoami', '-o', 'name', '-s', server], { kubeconfig: null });
    expect([result.code, result.stdout]).toEqual([4, '']);
    expect(result.stderr).not.toBe('');
  });

  it('as system:anonymous: the name is of --as, and no credential is at fault', async () => {
    const { stdout, stderr } = await kapi(['whoami', '--as', 'system:anonymous']);
    expect(stdout).toContain('system:anonymous');
    expect(`${stdout}${stderr}`).not.toContain('although kapi sent credentials');
  });

  it('config show names a client certificate as the credential', async () => {
    const { stdout } = await kapi(['config', 'show']);
    expect(stdout).toMatch(/client certificate/i);
    expect(stdout).not.toMatch(/^credential +none/im);
  });

  it('doctor names the step that fails', async () => {
    const failing = async (...flags: string[]): Promise<unknown[]> => {
      const { stdout, code } = await kapi(['doctor', '-o', 'json', ...flags], {});
      const { steps } = JSON.parse(stdout) as { steps: { name: string; state: string }[] };
      return [code, steps.find(({ state }) => state === 'fail')?.name];
    };
    expect(await failing('-s', 'https://127.0.0.1:1')).toEqual([6, 'tcp']);
    expect(await failing('-s', 'https://no-such-host.invalid')).toEqual([6, 'name']);
    expect(await failing('--tls-server-name', 'other.example')).toEqual([6, 'tls']);
    expect(await failing('--context', 'nope')).toEqual([3, 'configuration']);
  });
});

/** Questions that kubectl asks correctly, for each user. */
const questions = [
  'get pods',
  'list pods -n dev',
  'list pods -A',
  'delete pods -n dev',
  'get po/api-0 -n dev',
  'get deploy -n dev',
  'list deployments.apps -n dev',
  'list deployments.v1.apps -n dev',
  'watch jobs.batch -n dev',
  'get wg -n dev',
  'list widgets.kapi.test -n dev',
  'create configmaps -n dev',
  "'*' '*'",
  "get '*' -n dev",
  'get pods --subresource=log -n dev',
  'create pods --subresource=exec -n dev',
  'get pods/api-0 --subresource=log -n dev',
  'impersonate users -A',
  'get nodes -A',
  'list namespaces -A',
  'get /healthz',
  'get /metrics',
  'post /metrics',
  'frob pods -n dev',
  'get nosuchtype -n dev',
  'approve certificatesigningrequests.certificates.k8s.io -A',
];

describeAgainstKubectl('can-i beside kubectl', () => {
  it.concurrent.for(
    (['jane', 'bob', 'admin', 'serviceAccount'] as const).flatMap((user, at) =>
      // All questions for the first two users, and some for the others.
      questions.filter((_, index) => at < 2 || index % 5 === 0).map((question) => ({ user, question })),
    ),
  )('$user: $question', async ({ user, question }) => {
    const options = { kubeconfig: testServer().kubeconfigs[user] };
    const [ours, theirs] = await Promise.all([
      kapi(['can-i', ...wordsOf(question)], options),
      kubectl(['auth', 'can-i', ...wordsOf(question)], options),
    ]);
    expect([ours.stdout, ours.code], ours.stderr).toEqual([theirs.stdout, theirs.code]);
    const warnings = (text: string): string[] =>
      text.split('\n').filter((line) => line.startsWith('Warning: '));
    expect(warnings(ours.stderr)).toEqual(warnings(theirs.stderr));
  });

  it.concurrent.for(['jane', 'bob', 'admin', 'serviceAccount'] as const)('--list as %s', async (user) => {
    const options = { kubeconfig: testServer().kubeconfigs[user] };
    for (const namespace of ['dev', 'default']) {
      const [ours, theirs] = await Promise.all([
        kapi(['can-i', '--list', '-n', namespace], options),
        kubectl(['auth', 'can-i', '--list', '-n', namespace], options),
      ]);
      expect(ours.stdout).toBe(`${[...new Set(theirs.stdout.trimEnd().split('\n'))].join('\n')}\n`);
    }
  });

  it('is right where kubectl is not: pods/exec is the subresource', async () => {
    const options = { kubeconfig: testServer().kubeconfigs.jane };
    const [ours, named, theirs] = await Promise.all([
      kapi(['can-i', 'get', 'pods/exec', '-n', 'dev'], options),
      kapi(['can-i', 'get', 'pods', 'exec', '-n', 'dev'], options),
      kubectl(['auth', 'can-i', 'get', 'pods/exec', '-n', 'dev'], options),
    ]);
    expect([ours.stdout, ours.code]).toEqual(['no\n', 1]);
    expect([named.stdout, named.code]).toEqual([theirs.stdout, theirs.code]);
    expect(theirs.stdout).toBe('yes\n');
  });

  it('asks a table of ten verbs by twenty types', async () => {
    const verbs = 'get,list,watch,create,update,patch,delete,deletecollection,bind,escalate';
    const types =
      'pods,services,configmaps,secrets,events,nodes,namespaces,endpoints,serviceaccounts,limitranges,deployments,replicasets,daemonsets,statefulsets,jobs,cronjobs,ingresses,roles,rolebindings,widgets';
    const options = { kubeconfig: testServer().kubeconfigs.bob };
    const { stdout, stderr, code } = await kapi(['can-i', verbs, types, '-n', 'dev'], options);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/\s+/));
    expect([rows.length, rows[0]?.length, code], stderr).toEqual([21, 11, 1]);
    expect(rows[1]).toEqual(['pods', 'yes', 'yes', 'yes', ...Array.from({ length: 7 }, () => 'no')]);
  });
});

describeAgainstKubectl('--suggest-rbac', () => {
  const applied: string[] = [];
  afterAll(async () => {
    for (const input of applied) await kubectl(['delete', '--ignore-not-found', '-f', '-'], { input });
  });

  it.for([
    { user: 'bob', line: 'list secrets -n empty' },
    { user: 'bob', line: 'get secret/none -n empty --ignore-not-found' },
    { user: 'bob', line: 'list nodes' },
    { user: 'jane', line: 'list deployments.apps -n empty' },
    { user: 'jane', line: 'list configmaps -A' },
    { user: 'jane', line: 'get /metrics' },
    { user: 'jane', line: 'can-i create pods/exec api-0 -n dev' },
    { user: 'jane', line: 'can-i get,update deployments,deployments/scale -n empty' },
    { user: 'serviceAccount', line: 'list widgets.kapi.test -n empty' },
    { user: 'bob', line: 'get /version --as carol --as-group nobodies' },
  ] as const)('$user: $line', async ({ user, line }) => {
    const options = { kubeconfig: testServer().kubeconfigs[user] };
    const refused = await kapi([...wordsOf(line), '--suggest-rbac'], options);
    expect(refused.code, refused.stdout).toBe(line.startsWith('can-i') ? 1 : 4);
    applied.push(refused.stdout);
    const apply = await kubectl(['apply', '-f', '-'], { input: refused.stdout });
    expect(apply.code, apply.stderr).toBe(0);
    // The authorizer sees a new role a moment after it was stored.
    for (let attempt = 1; ; attempt++) {
      const { code, stderr } = await kapi(wordsOf(line), options);
      if (code === 0) break;
      expect(attempt, stderr).toBeLessThan(200);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
});
