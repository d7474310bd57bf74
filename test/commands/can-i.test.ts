// can-i with a scripted server: answers, tables, files, lists, reasons, suggestions, exit codes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConnectionError } from '../../src/errors.ts';
import { exchangeOf, replyOf } from '../recorded.ts';
import type { Exchange } from '../scripted-send.ts';
import { runKapi } from './run-kapi.ts';

const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** A review with these attributes, empty ones left out, and its answer. */
function review(attributes: Record<string, string>, status: Record<string, unknown>): Exchange {
  const key = 'path' in attributes ? 'nonResourceAttributes' : 'resourceAttributes';
  const spec = { [key]: attributes };
  const kind = 'SelfSubjectAccessReview';
  const apiVersion = 'authorization.k8s.io/v1';
  return {
    request: `POST ${path}`,
    body: { apiVersion, kind, spec },
    reply: { status: 201, body: { apiVersion, kind, metadata: {}, spec, status } },
  };
}

const yes = { allowed: true };
const no = { allowed: false };
const inDefault = { namespace: 'default', resource: 'pods' };

describe('can-i with one question', () => {
  it.each([
    [yes, 'yes\n', 0],
    [no, 'no\n', 1],
    [{ allowed: false, reason: 'not today' }, 'no - not today\n', 1],
    [{ allowed: false, reason: 'a', evaluationError: 'b' }, 'no - a - b\n', 1],
  ])('prints what kubectl prints for %o', async (status, stdout, code) => {
    const run = await runKapi('can-i list pods', {
      replies: [review({ ...inDefault, verb: 'list' }, status)],
    });
    expect(run).toMatchObject({ stdout, stderr: '', code });
  });

  it('prints nothing with -q and still answers', async () => {
    const run = await runKapi('can-i create pods/exec -q', {
      replies: [review({ ...inDefault, verb: 'create', subresource: 'exec' }, no)],
    });
    expect(run).toMatchObject({ stdout: '', stderr: '', code: 1 });
  });

  it('says which of two types it asked about', async () => {
    const run = await runKapi('can-i create pods/exec', {
      replies: [review({ ...inDefault, verb: 'create', subresource: 'exec' }, yes)],
    });
    expect(run).toMatchObject({
      stdout: 'yes\n',
      stderr:
        'note: checked the subresource pods/exec; for one named "exec": `kapi can-i create pods exec`\n',
      code: 0,
    });
  });

  it('asks about all namespaces with -A', async () => {
    const run = await runKapi('can-i list pods -A', {
      replies: [review({ resource: 'pods', verb: 'list' }, yes)],
    });
    expect(run).toMatchObject({ stdout: 'yes\n', code: 0 });
  });

  it('asks about a path', async () => {
    const run = await runKapi('can-i get /metrics', {
      replies: [review({ path: '/metrics', verb: 'get' }, yes)],
    });
    expect(run).toMatchObject({ stdout: 'yes\n', code: 0 });
  });

  it('asks about a URL of the server, and refuses one of another server', async () => {
    const config = {
      server: { value: 'https://a.test:6443/prefix', origin: { kind: 'flag', text: '-s' } },
    } as const;
    const run = await runKapi(
      'can-i get https://a.test:6443/prefix/metrics?x=1,2,HTTPS://a.test:6443/prefix/version',
      {
        replies: ['/metrics', '/version'].map((path) => review({ path, verb: 'get' }, yes)),
        config,
      },
    );
    expect(run).toMatchObject({
      stdout: expect.stringMatching(/metrics +yes\n.*version +yes\n$/) as unknown,
      code: 0,
    });
    const other = await runKapi('can-i get https://b.test/metrics', { config });
    expect(other).toMatchObject({ stdout: '', code: 2 });
    expect(other.stderr).toContain('`kapi can-i get /metrics');
  });

  it('warns about an unknown verb and asks anyway, unless --strict', async () => {
    const run = await runKapi('can-i frob pods', { replies: [review({ ...inDefault, verb: 'frob' }, yes)] });
    expect(run).toMatchObject({
      stdout: 'yes\n',
      stderr: "Warning: verb 'frob' is not a known verb\n",
      code: 0,
    });
    expect(await runKapi('can-i lst pods --strict')).toMatchObject({
      stdout: '',
      stderr: "error: verb 'lst' is not a known verb\nhint: did you mean list?\n",
      code: 2,
    });
  });

  it('prints the review as JSON, with the question as text', async () => {
    const run = await runKapi('can-i list pods -o json', {
      replies: [review({ ...inDefault, verb: 'list' }, { allowed: false, reason: 'x' })],
    });
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toEqual({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      question: 'list pods in namespace "default"',
      spec: { resourceAttributes: { ...inDefault, verb: 'list' } },
      status: { allowed: false, reason: 'x' },
    });
  });

  it('distinguishes a question that was not answered from a no', async () => {
    const cut = new ConnectionError('refused', { code: 'ConnectionRefused' });
    expect(
      await runKapi('can-i list pods', { replies: [{ request: `POST ${path}`, reply: cut }] }),
    ).toMatchObject({
      stdout: '',
      code: 6,
    });
    const refused = await runKapi('can-i list pods', {
      replies: [{ request: `POST ${path}`, reply: replyOf('error/unauthorized-401') }],
    });
    expect(refused).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('Unauthorized)\nno credentials were sent\n'),
      code: 4,
    });
  });

  it.each([
    ['can-i', 'you must specify two arguments: verb resource or verb resource/resourceName.'],
    ['can-i get', 'you must specify two arguments: verb resource or verb resource/resourceName.'],
    ['can-i --list get pods', 'list option must be specified with no arguments'],
    [
      'can-i --list -A',
      "list option can't be specified with neither quiet, all-namespaces nor subresource options",
    ],
    ['can-i get /metrics --subresource x', '--subresource can not be used with NonResourceURL'],
    ['can-i -f x get pods', 'questions come from --filename or from arguments, not from both'],
  ])('refuses %s', async (line, message) => {
    expect(await runKapi(line)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`error: ${message}\n`),
    });
  });
});

describe('can-i with many questions', () => {
  it('prints a matrix and ends with 1 unless all are allowed', async () => {
    const deployments = { namespace: 'default', group: 'apps', resource: 'deployments' };
    const cells = [
      review({ ...inDefault, verb: 'get' }, yes),
      review({ ...inDefault, verb: 'list' }, yes),
      review({ ...deployments, verb: 'get' }, yes),
      review({ ...deployments, verb: 'list' }, no),
    ];
    const run = await runKapi('can-i get,list pods,deploy', { replies: cells });
    expect(run).toMatchObject({
      stdout: [
        'RESOURCE           GET   LIST',
        'pods               yes   yes',
        'deployments.apps   yes   no',
        '',
      ].join('\n'),
      stderr: '',
      code: 1,
    });
  });

  it('prints one review per line with -o ndjson', async () => {
    const run = await runKapi('can-i get,list pods -o ndjson', {
      replies: ['get', 'list'].map((verb) => review({ ...inDefault, verb }, yes)),
    });
    const questions = run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { question: string }).question);
    expect(questions).toEqual(['get pods in namespace "default"', 'list pods in namespace "default"']);
    expect(run.code).toBe(0);
  });

  it('reads questions from standard input; a ! expects no', async () => {
    const input = 'get pods -n dev\n! delete secrets db -A\nget /metrics\n';
    const replies = [
      review({ namespace: 'dev', verb: 'get', resource: 'pods' }, yes),
      review({ verb: 'delete', resource: 'secrets', name: 'db' }, no),
      review({ verb: 'get', path: '/metrics' }, no),
    ];
    const run = await runKapi('can-i -f -', { replies, input });
    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(run.stdout).toBe(
      [
        'VERB     RESOURCE   NAME   NAMESPACE   ANSWER   EXPECTED   RESULT',
        'get      pods              dev         yes      yes        ok',
        'delete   secrets    db     *           no       no         ok',
        'get      /metrics                      no       yes        unexpected',
        '',
      ].join('\n'),
    );
    const fine = await runKapi('can-i -f - -q', {
      replies: [review({ verb: 'delete', resource: 'secrets' }, no)],
      input: '! delete secrets -A',
    });
    expect(fine).toMatchObject({ code: 0, stdout: '' });
  });

  it('is one failure, not many, if the server cannot be reached', async () => {
    const cut = new ConnectionError('refused', { code: 'ConnectionRefused' });
    const run = await runKapi('can-i get,list pods', {
      replies: [
        { request: `POST ${path}`, reply: cut },
        { request: `POST ${path}`, reply: cut },
      ],
    });
    expect(run).toMatchObject({ stdout: '', stderr: 'error: refused\n', code: 6 });
  });
});

describe('can-i -f FILE', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kapi-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('reads YAML', async () => {
    const file = join(folder, 'rights.yaml');
    writeFileSync(file, '- get pods\n- {verb: list, resource: pods, namespace: dev, expect: no}\n');
    const run = await runKapi(['can-i', '-f', file, '-o', 'json'], {
      replies: [
        review({ ...inDefault, verb: 'get' }, yes),
        review({ namespace: 'dev', verb: 'list', resource: 'pods' }, yes),
      ],
    });
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout).items).toMatchObject([
      { expected: 'yes', asExpected: true },
      { expected: 'no', asExpected: false },
    ]);
  });

  it('names a missing file', async () => {
    expect(await runKapi(['can-i', '-f', join(folder, 'nope')])).toMatchObject({
      code: 3,
      stderr: `error: the file ${join(folder, 'nope')} of --filename cannot be read: no such file or directory\n`,
    });
  });
});

describe('can-i --list', () => {
  const inDev = { namespace: { value: 'dev', origin: { kind: 'flag', text: '--namespace' } } } as const;

  it('prints the rules of the namespace', async () => {
    const run = await runKapi('can-i --list', {
      replies: [exchangeOf('access/rules-jane-dev')],
      config: inDev,
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout.split('\n').slice(0, 3)).toEqual([
      'Resources                                       Non-Resource URLs   Resource Names   Verbs',
      'deployments.apps                                []                  []               [*]',
      'selfsubjectreviews.authentication.k8s.io        []                  []               [create]',
    ]);
  });

  it('says if the list is not complete, and prints the review as JSON', async () => {
    const request = 'POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
    const status = {
      resourceRules: [],
      nonResourceRules: [],
      incomplete: true,
      evaluationError: 'node authorizer',
    };
    const run = await runKapi('can-i --list -o json', {
      replies: [{ request, reply: { status: 201, body: { kind: 'SelfSubjectRulesReview', status } } }],
      config: inDev,
    });
    expect(run.stderr).toBe('Warning: the list may be incomplete: node authorizer\n');
    expect(JSON.parse(run.stdout)).toEqual({ kind: 'SelfSubjectRulesReview', status });
  });
});

describe('can-i --why', () => {
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const forbidden: Exchange['reply'] = {
    status: 403,
    body: { kind: 'Status', status: 'Failure', reason: 'Forbidden', message: 'no', code: 403 },
  };

  it('names the bindings that grant it', async () => {
    const run = await runKapi('can-i list pods --why', {
      replies: [
        exchangeOf('access/whoami-jane'),
        review({ ...inDefault, verb: 'list' }, { allowed: true, reason: 'RBAC: allowed' }),
        { request: `GET ${rbac}/clusterrolebindings`, reply: forbidden },
        {
          request: `GET ${rbac}/namespaces/default/rolebindings`,
          reply: {
            body: {
              items: [
                {
                  metadata: { name: 'jane-reads', namespace: 'default' },
                  roleRef: { kind: 'Role', name: 'reader' },
                  subjects: [{ kind: 'User', name: 'jane' }],
                },
              ],
            },
          },
        },
        {
          request: `GET ${rbac}/namespaces/default/roles/reader`,
          reply: { body: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }] } },
        },
      ],
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toBe(
      [
        'yes',
        'reason: RBAC: allowed',
        'granted by RoleBinding default/jane-reads to User jane through Role reader: get, list on pods',
        'you may not read clusterrolebindings: further bindings may grant it',
        '',
      ].join('\n'),
    );
  });

  it('explains a no as far as it is known', async () => {
    const run = await runKapi('can-i list pods --why', {
      replies: [exchangeOf('access/whoami-jane'), review({ ...inDefault, verb: 'list' }, no)],
    });
    expect(run).toMatchObject({ code: 1, stdout: 'no\nreason: no rule allows it\n' });
  });
});

const roleText = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: kapi-delete-pods
  namespace: default
rules:
- apiGroups:
  - ""
  resources:
  - pods
  verbs:
  - delete
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: kapi-delete-pods-jane
  namespace: default
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: kapi-delete-pods
subjects:
- apiGroup: rbac.authorization.k8s.io
  kind: User
  name: jane
`;

describe('--suggest-rbac', () => {
  it('prints the role that is missing on stdout and the answer on stderr', async () => {
    const run = await runKapi('can-i delete pods --suggest-rbac', {
      replies: [review({ ...inDefault, verb: 'delete' }, no), exchangeOf('access/whoami-jane')],
    });
    expect(run).toMatchObject({ code: 1, stdout: roleText, stderr: 'no\n' });
  });

  it('prints nothing for an allowed request', async () => {
    const run = await runKapi('can-i delete pods --suggest-rbac', {
      replies: [review({ ...inDefault, verb: 'delete' }, yes)],
    });
    expect(run).toMatchObject({ code: 0, stdout: '', stderr: 'yes\n' });
  });

  it('works for any command that was refused, without a further request', async () => {
    const run = await runKapi('list pods --suggest-rbac -o name', {
      replies: [
        {
          request: 'GET /api/v1/namespaces/default/pods?limit=1000&includeObject=None',
          reply: replyOf('error/forbidden-jane-pods-default'),
        },
      ],
    });
    expect(run.code).toBe(4);
    expect(run.stdout).toBe(roleText.replaceAll('delete', 'list'));
    expect(run.stderr).toMatch(
      /^Error from server \(Forbidden\): pods is forbidden: User "jane" cannot list/,
    );
  });
});

describe('how the words of a question are read', () => {
  it('the path of objects is a question about the objects', async () => {
    const run = await runKapi('can-i get /api/v1/namespaces/dev/secrets', {
      replies: [review({ namespace: 'dev', verb: 'list', resource: 'secrets' }, no)],
    });
    expect(run).toMatchObject({
      code: 1,
      stdout: 'no\n',
      stderr:
        'note: checked "list secrets in namespace "dev"", which is what the server checks for get /api/v1/namespaces/dev/secrets\n',
    });
  });

  it('two paths of one type are two rows', async () => {
    const paths = ['a', 'b'].map((namespace) => `/api/v1/namespaces/${namespace}/pods`);
    const run = await runKapi(`can-i get ${paths.join(',')}`, {
      replies: [
        review({ namespace: 'a', verb: 'list', resource: 'pods' }, yes),
        review({ namespace: 'b', verb: 'list', resource: 'pods' }, no),
      ],
    });
    expect(run).toMatchObject({
      code: 1,
      stdout: `RESOURCE                    GET\n${paths[0] ?? ''}   yes\n${paths[1] ?? ''}   no\n`,
    });
  });

  it('create with a name is asked without it, and --strict refuses it', async () => {
    const run = await runKapi('can-i create pod one', {
      replies: [review({ ...inDefault, verb: 'create' }, yes)],
    });
    expect(run).toMatchObject({
      code: 0,
      stderr: 'note: checked "create pods" without the name "one", which the server does not check\n',
    });
    expect(await runKapi('can-i create pod one --strict')).toMatchObject({ code: 2, requests: [] });
  });

  it('a note names a command with the flags of the line', async () => {
    const run = await runKapi('can-i create pods/exec -n default --context jane', {
      replies: [review({ ...inDefault, verb: 'create', subresource: 'exec' }, no)],
    });
    expect(run.stderr).toContain('`kapi can-i create pods exec -n default --context jane`');
  });

  it('a conditional answer is never yes', async () => {
    for (const field of ['conditionalDecisionChain', 'conditions', 'conditionSetChain']) {
      const run = await runKapi('can-i list pods', {
        replies: [review({ ...inDefault, verb: 'list' }, { allowed: true, [field]: [{ id: 'a' }] })],
      });
      expect(run).toMatchObject({
        code: 1,
        stdout: 'no - it depends on the content of the request (conditional authorization)\n',
      });
    }
    const none = await runKapi('can-i list pods', {
      replies: [review({ ...inDefault, verb: 'list' }, { allowed: true, conditionalDecisionChain: [] })],
    });
    expect(none).toMatchObject({ code: 0, stdout: 'yes\n' });
  });

  it('a question that could not be evaluated is in the table', async () => {
    const run = await runKapi('can-i get,list pods', {
      replies: [
        review({ ...inDefault, verb: 'get' }, yes),
        review({ ...inDefault, verb: 'list' }, { allowed: false, evaluationError: 'role "x" not found' }),
      ],
    });
    expect(run).toMatchObject({
      code: 1,
      stdout: 'RESOURCE   GET   LIST   NOTE\npods       yes   no     role "x" not found\n',
    });
  });
});

describe('an unknown word in a file of questions', () => {
  const surface = [exchangeOf('discovery/aggregated-api'), exchangeOf('discovery/aggregated-apis')];

  it.each([
    ['get podz', `standard input, line 1: the server doesn't have a resource type "podz"`, surface],
    ['! get podz', `standard input, line 1: the server doesn't have a resource type "podz"`, surface],
    ['# a\n\ngett pods', "standard input, line 3: verb 'gett' is not a known verb", []],
    ['list /metrics', "standard input, line 1: verb 'list' is not a known verb", []],
    ['get pods a --subresource logg', "a subresource 'logg' of 'pods'", surface],
    ['- verb: get\n  resource: podz', 'standard input, item 1: the server', surface],
  ])('%j is exit 2', async (input, message, replies) => {
    const run = await runKapi('can-i -f -', { input, replies });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });

  it('is a warning on the command line', async () => {
    const run = await runKapi('can-i gett pods', {
      replies: [review({ ...inDefault, verb: 'gett' }, no)],
    });
    expect(run).toMatchObject({ code: 1, stderr: "Warning: verb 'gett' is not a known verb\n" });
  });
});

describe('can-i --curl', () => {
  it('prints the questions first, and with --why the other reads', async () => {
    const run = await runKapi('can-i list pods --why --curl');
    expect(run).toMatchObject({ code: 0, requests: [] });
    const urls = [...run.stdout.matchAll(/https:\/\/api\.test:6443(\S+?)'?$/gm)].map(([, url]) => url);
    expect(urls).toEqual([
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
      '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings',
    ]);
  });
});

describe('can-i with selectors', () => {
  const selected = (attributes: object): Exchange => {
    const spec = { resourceAttributes: { ...inDefault, verb: 'list', ...attributes } };
    const [kind, apiVersion] = ['SelfSubjectAccessReview', 'authorization.k8s.io/v1'];
    return {
      request: `POST ${path}`,
      body: { apiVersion, kind, spec },
      reply: { status: 201, body: { apiVersion, kind, spec, status: yes } },
    };
  };

  it.each([
    ['-l app=web', { labelSelector: { rawSelector: 'app=web' } }],
    ['-l app=web -l !canary', { labelSelector: { rawSelector: 'app=web,!canary' } }],
    ['--selector app', { labelSelector: { rawSelector: 'app' } }],
    ['--field-selector spec.nodeName=n', { fieldSelector: { rawSelector: 'spec.nodeName=n' } }],
    [
      '--field-selector a=b -l c=d',
      { fieldSelector: { rawSelector: 'a=b' }, labelSelector: { rawSelector: 'c=d' } },
    ],
  ])('%s goes to the server, from the command line and from a file', async (flags, attributes) => {
    const replies = [selected(attributes)];
    expect(await runKapi(`can-i list pods ${flags}`, { replies })).toMatchObject({
      stdout: 'yes\n',
      code: 0,
    });
    if (flags.includes('-l !')) return;
    const run = await runKapi('can-i -f - -o ndjson', { replies, input: `list pods ${flags}\n` });
    expect(run).toMatchObject({ stderr: '', code: 0 });
    expect(run.stdout).toContain('in namespace \\"default\\" with ');
  });

  it.each([
    ['can-i get pods -l a=b', 'a request with the verb get has no selector'],
    ['can-i list,delete pods -l a=b', 'a request with the verb delete has no selector'],
    ['can-i list pods -l a=(', 'the selector cannot be read'],
    ['can-i list pods --field-selector a', 'the selector cannot be read'],
    ['can-i get /metrics --field-selector a=b', 'has no selector'],
    ['can-i list /metrics --field-selector a=b', 'a selector needs a type'],
    ['can-i --list -l a=b', '--list takes no selector'],
    ['can-i -f - -l a=b', 'selectors belong into the file'],
  ])('%s is exit 2', async (line, message) => {
    const run = await runKapi(line, { input: 'list pods\n' });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });
});
