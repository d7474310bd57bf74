import { describe, expect, it } from 'vitest';
import { askRefusedName, askWhoAmI, refusedName } from '../../../src/api/self-review.ts';
import { RefusedError } from '../../../src/errors.ts';
import { exchangeOf, recorded } from '../../recorded.ts';
import { scriptedSend, type Exchange } from '../../scripted-send.ts';

const path = (version: string): string => `POST /apis/authentication.k8s.io/${version}/selfsubjectreviews`;

const notServed: Exchange['reply'] = {
  status: 404,
  headers: { 'content-type': 'text/plain' },
  body: '404 page not found\n',
};

function forbidden(message: string, kind: string): Exchange['reply'] {
  return {
    status: 403,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message,
      reason: 'Forbidden',
      details: { kind },
      code: 403,
    },
  };
}

async function ask(...exchanges: Exchange[]): ReturnType<typeof askWhoAmI> {
  const script = scriptedSend(exchanges, { order: 'strict' });
  const answer = await askWhoAmI(script.send);
  script.verify();
  return answer;
}

describe('askWhoAmI', () => {
  it('sends the review that a real server answered', async () => {
    const { body } = recorded('access/whoami-jane').request as { body?: unknown };
    const answer = await ask({ ...exchangeOf('access/whoami-jane'), body });
    expect(answer).toMatchObject({
      kind: 'user',
      user: {
        username: 'jane',
        uid: '',
        groups: ['dev', 'system:authenticated'],
        extra: {
          'authentication.kubernetes.io/credential-id': [
            'X509SHA256=23eb73ae702def6ce2407058199e2d2963d8aa84fa3b00cf19d3ef5ece67a94b',
          ],
        },
      },
    });
  });

  it.each([
    ['whoami-bob', 'bob', 'bob-uid'],
    [
      'whoami-serviceaccount',
      'system:serviceaccount:default:default',
      '491bfb07-8795-4e17-9bf9-34e478b47f60',
    ],
    ['impersonated-whoami', 'alice', ''],
  ])('reads %s', async (name, username, uid) => {
    expect(await ask(exchangeOf(`access/${name}`))).toMatchObject({ kind: 'user', user: { username, uid } });
  });

  it('reads the name of the anonymous user from the refusal', async () => {
    expect(await ask(exchangeOf('access/whoami-anonymous'))).toMatchObject({
      kind: 'forbidden',
      username: 'system:anonymous',
    });
  });

  it('falls back to the older versions', async () => {
    const { body } = recorded('access/whoami-bob').response;
    const answer = await ask(
      { request: path('v1'), reply: notServed },
      { request: path('v1beta1'), reply: notServed },
      {
        request: path('v1alpha1'),
        body: { apiVersion: 'authentication.k8s.io/v1alpha1', kind: 'SelfSubjectReview' },
        reply: { status: 201, body },
      },
    );
    expect(answer).toMatchObject({ kind: 'user', user: { username: 'bob' } });
  });

  it('reports that no version is served', async () => {
    const answer = await ask(
      ...['v1', 'v1beta1', 'v1alpha1'].map((version) => ({ request: path(version), reply: notServed })),
    );
    expect(answer.kind).toBe('missing');
  });

  it.each([
    [
      'since 1.36',
      'cannot impersonate-on:user-info:create resource "selfsubjectreviews"',
      'selfsubjectreviews',
    ],
    ['before 1.36', 'cannot impersonate resource "users"', 'users'],
  ])('does not accept a refused impersonation as an answer, %s', async (_, words, kind) => {
    const message = `${kind} is forbidden: User "bob" ${words} in API group "" at the cluster scope`;
    const failing = ask({ request: path('v1'), reply: forbidden(message, kind) });
    await expect(failing).rejects.toBeInstanceOf(RefusedError);
  });

  it('throws a 401', async () => {
    const { status, headers, body } = recorded('error/unauthorized-401').response;
    const failing = ask({ request: path('v1'), reply: { status, headers, body } });
    await expect(failing).rejects.toMatchObject({ code: 'Unauthorized' });
  });
});

describe('askRefusedName', () => {
  const nowhere = 'GET /kapi-asks-for-its-name';

  it('reads the name from a refusal', async () => {
    const message = 'forbidden: User "jane" cannot get path "/kapi-asks-for-its-name"';
    const script = scriptedSend([{ request: nowhere, reply: forbidden(message, '') }]);
    expect(await askRefusedName(script.send)).toBe('jane');
    script.verify();
  });

  it('returns nothing if nothing is refused', async () => {
    const script = scriptedSend([{ request: nowhere, reply: notServed }]);
    expect(await askRefusedName(script.send)).toBeUndefined();
    script.verify();
  });
});

describe('refusedName', () => {
  it.each([
    ['pods is forbidden: User "a\\"b" cannot list resource "pods" in API group ""', 'a"b'],
    ['pods is forbidden: User "a\\x00b" cannot list resource "pods" in API group ""', 'a\\x00b'],
    ['admission webhook says User "x" cannot have this', undefined],
  ])('of %s is %s', (message, name) => {
    const facts = {
      httpStatus: 403,
      reason: 'Forbidden',
      method: 'GET',
      path: '/api/v1/pods',
      status: { kind: 'Status', message },
    };
    expect(refusedName(new RefusedError(message, { code: 'Forbidden', facts }))).toBe(name);
  });
});
