// Authentication over the wire: certificates, tokens of every kind, impersonation, plain HTTP at
// the TLS port.

import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { objectAt, stringAt, type JsonObject } from '../../../../src/model/object.ts';
import { openWire, type Ask, type Wire } from '../wire.ts';

let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
});
afterAll(() => wire.close());

const review = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

async function whoami(ask: Ask): Promise<JsonObject | undefined> {
  const answer = await wire.ask(review, { ...ask, method: 'POST', body: {} });
  return objectAt(objectAt(answer.body, 'status'), 'userInfo');
}

test('a static token', async () => {
  expect(await whoami({ as: 'admin-token' })).toEqual({
    username: 'admin',
    groups: ['system:masters', 'system:authenticated'],
  });
});

test('a requested token is valid for its audience, and expires with its pod', async () => {
  const pod = await wire.ask('/api/v1/namespaces/default/pods/curl');
  const { name, uid } = objectAt(pod.body, 'metadata') ?? {};
  const request = (spec: JsonObject): Promise<string> =>
    wire
      .ask('/api/v1/namespaces/default/serviceaccounts/default/token', { method: 'POST', body: { spec } })
      .then((answer) => stringAt(objectAt(answer.body, 'status'), 'token'));
  const bearer = (token: string): Ask => ({ as: 'anonymous', headers: { authorization: `Bearer ${token}` } });

  const foreign = await request({ audiences: ['elsewhere'] });
  expect((await wire.ask('/version', bearer(foreign))).status).toBe(401);
  const bound = await request({ boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid } });
  expect(objectAt(await whoami(bearer(bound)), 'extra')).toMatchObject({
    'authentication.kubernetes.io/pod-name': ['curl'],
  });
  await wire.ask('/api/v1/namespaces/default/pods/curl?gracePeriodSeconds=0', { method: 'DELETE' });
  expect((await wire.ask('/version', bearer(bound))).status).toBe(401);
});

test('impersonation needs permission, and a user', async () => {
  expect(
    await whoami({
      headers: { 'impersonate-user': 'eve', 'impersonate-group': 'a', 'impersonate-extra-x%2fy': 'z' },
    }),
  ).toEqual({ username: 'eve', groups: ['a', 'system:authenticated'], extra: { 'x/y': ['z'] } });
  expect(await whoami({ headers: { 'impersonate-user': 'system:serviceaccount:dev:default' } })).toEqual({
    username: 'system:serviceaccount:dev:default',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:dev', 'system:authenticated'],
  });
  const jane = await wire.ask('/version', { as: 'jane', headers: { 'impersonate-user': 'admin' } });
  expect([jane.status, jane.body['message']]).toEqual([
    403,
    'users "admin" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope',
  ]);
  const nobody = await wire.ask('/version', { headers: { 'impersonate-group': 'a' } });
  expect([nobody.status, nobody.body['message']]).toEqual([
    400,
    'requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"a"}, Extra:map[string][]string(nil)} without impersonating a user name',
  ]);
});

test('no user can grant permissions that they do not have', async () => {
  const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/dev/roles';
  await wire.ask(roles, {
    method: 'POST',
    body: {
      metadata: { name: 'roles' },
      rules: [{ apiGroups: ['*'], resources: ['roles'], verbs: ['create'] }],
    },
  });
  await wire.ask('/apis/rbac.authorization.k8s.io/v1/namespaces/dev/rolebindings', {
    method: 'POST',
    body: {
      metadata: { name: 'roles' },
      roleRef: { kind: 'Role', name: 'roles' },
      subjects: [{ kind: 'User', name: 'jane' }],
    },
  });
  const rules = (verbs: readonly string[]): JsonObject => ({
    metadata: { name: verbs.join('-') },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs }],
  });
  const granted = await wire.ask(roles, { as: 'jane', method: 'POST', body: rules(['get']) });
  expect([granted.status, granted.body['message']]).toEqual([201, undefined]);
  const refused = await wire.ask(roles, { as: 'jane', method: 'POST', body: rules(['delete']) });
  expect([refused.status, refused.body['message']]).toEqual([
    403,
    'roles.rbac.authorization.k8s.io "delete" is forbidden: user "jane" (groups=["readers" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}',
  ]);
});

test('plain HTTP at the TLS port', async () => {
  const text = await new Promise<string>((resolve) => {
    const socket = connect(wire.sandbox.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n\r\n'));
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('end', () => {
      socket.destroy();
      resolve(answer);
    });
  });
  expect(text).toBe('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');
});

test('a broken handshake ends its own connection only', async () => {
  await new Promise<void>((resolve) => {
    const socket = connect(wire.sandbox.port, '127.0.0.1', () =>
      socket.write(Buffer.from([0x16, 3, 1, 0, 5, 0xff, 0, 0, 1, 0])),
    );
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
  });
  expect(await whoami({ as: 'admin' })).toMatchObject({ username: 'admin' });
});

test('discovery is not sent again to a client that has it', async () => {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const first = await wire.ask('/apis', { accept });
  const again = await wire.ask('/apis', {
    accept,
    headers: { 'if-none-match': String(first.headers['etag']) },
  });
  expect([again.status, again.text]).toEqual([304, '']);
});
