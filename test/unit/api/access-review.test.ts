import { describe, expect, it } from 'vitest';
import { askAccess, askRules, buildAccessReview } from '../../../src/api/access-review.ts';
import { accessRows } from '../../../src/api/access-rules.ts';
import type { RequestInfo, ResourceRequest } from '../../../src/model/request-info.ts';
import { ServerError } from '../../../src/errors.ts';
import { exchangeOf, recorded } from '../../recorded.ts';
import { scriptedSend } from '../../scripted-send.ts';

function pods(more: Partial<ResourceRequest>): ResourceRequest {
  const nothing = { subresource: '', namespace: '', name: '' };
  return { kind: 'resource', verb: 'list', group: '', version: 'v1', resource: 'pods', ...nothing, ...more };
}

describe('askAccess', () => {
  const cases: [string, RequestInfo, boolean, string][] = [
    ['can-i-no', pods({ namespace: 'default' }), false, ''],
    [
      'can-i-yes',
      pods({ namespace: 'dev' }),
      true,
      'RBAC: allowed by RoleBinding "jane-reads-pods/dev" of Role "pod-reader" to User "jane"',
    ],
    [
      'can-i-subresource',
      pods({ verb: 'get', subresource: 'log', namespace: 'dev' }),
      true,
      'RBAC: allowed by RoleBinding "jane-reads-pods/dev" of Role "pod-reader" to User "jane"',
    ],
    [
      'can-i-nonresource',
      { kind: 'path', verb: 'get', path: '/metrics' },
      true,
      'RBAC: allowed by ClusterRoleBinding "bob-metrics" of ClusterRole "metrics-reader" to User "bob"',
    ],
  ];

  it.each(cases)('asks and reads %s as recorded', async (name, question, allowed, reason) => {
    const { body } = recorded(`access/${name}`).request as { body?: unknown };
    const script = scriptedSend([{ ...exchangeOf(`access/${name}`), body }]);
    const answer = await askAccess(script.send, question);
    expect(answer).toMatchObject({ allowed, reason, evaluationError: '' });
    expect(answer.document).not.toHaveProperty('metadata');
    script.verify();
  });

  it('sends group and name, and never the version', () => {
    const { body } = buildAccessReview(pods({ group: 'apps', resource: 'deployments', name: 'web' }));
    expect(JSON.parse(typeof body === 'string' ? body : '')).toEqual({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'list', group: 'apps', resource: 'deployments', name: 'web' } },
    });
  });

  it('sends selectors as text', () => {
    const { body } = buildAccessReview(pods({ labelSelector: 'a in (b)', fieldSelector: 'spec.nodeName=n' }));
    expect(JSON.parse(typeof body === 'string' ? body : '')).toHaveProperty('spec.resourceAttributes', {
      verb: 'list',
      resource: 'pods',
      fieldSelector: { rawSelector: 'spec.nodeName=n' },
      labelSelector: { rawSelector: 'a in (b)' },
    });
  });

  it('does not accept anything else as an answer', async () => {
    const { request } = exchangeOf('access/can-i-no');
    const script = scriptedSend([
      { request, reply: { status: 201, body: { kind: 'SelfSubjectAccessReview' } } },
    ]);
    await expect(askAccess(script.send, pods({}))).rejects.toThrow(ServerError);
    script.verify();
  });
});

describe('accessRows', () => {
  it('shows the rules of a user as kubectl does, each once', async () => {
    const script = scriptedSend([exchangeOf('access/rules-jane-dev')]);
    const { rules, incomplete } = await askRules(script.send, 'dev');
    expect(incomplete).toBe(false);
    expect(
      accessRows(rules).map(({ resource, paths, names, verbs }) =>
        [resource, paths.join(' '), names.join(' '), verbs.join(' ')].join('|'),
      ),
    ).toEqual([
      'deployments.apps|||*',
      'selfsubjectreviews.authentication.k8s.io|||create',
      'selfsubjectaccessreviews.authorization.k8s.io|||create',
      'selfsubjectrulesreviews.authorization.k8s.io|||create',
      'pods/log|||get list watch',
      'pods|||get list watch',
      '|/.well-known/*||get',
      '|/.well-known||get',
      '|/api/*||get',
      '|/api||get',
      '|/apis/*||get',
      '|/apis||get',
      '|/healthz||get',
      '|/livez||get',
      '|/openapi/*||get',
      '|/openapi||get',
      '|/readyz||get',
      '|/version/||get',
      '|/version||get',
      'secrets||db|get',
    ]);
  });

  it('puts the group before the subresource and joins the verbs of several roles', () => {
    const nothing = { resourceNames: [], nonResourceURLs: [] };
    const rows = accessRows([
      { verbs: ['get'], apiGroups: ['apps'], resources: ['deployments/scale'], ...nothing },
      { verbs: ['update', 'get'], apiGroups: ['apps'], resources: ['deployments/scale'], ...nothing },
    ]);
    expect(rows).toEqual([
      { resource: 'deployments.apps/scale', paths: [], names: [], verbs: ['get', 'update'] },
    ]);
  });
});
