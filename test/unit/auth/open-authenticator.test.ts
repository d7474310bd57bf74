import { describe, expect, it } from 'vitest';

import {
  certificate,
  failureOf,
  fileError,
  filesWith,
  kubeconfig,
  load,
  memoryFiles,
  privateKey,
} from '../config/memory-files.ts';
import { open } from './plugin-files.ts';

type Fields = Record<string, unknown>;

async function openFor(user: Fields, cluster: Fields = {}): Promise<ReturnType<typeof open>> {
  const config = await load(filesWith(kubeconfig({ user, cluster })));
  return open(config, { readFile: memoryFiles({ '/home/jane/.kube/token': 'from-file\n' }) });
}

describe('openAuthenticator', () => {
  it.each<[string, Fields, string | undefined]>([
    ['nothing', {}, undefined],
    ['a token', { token: 't' }, 'Bearer t'],
    ['a token with spaces around it, as it stands', { token: ' t ' }, 'Bearer  t '],
    ['a token file', { tokenFile: 'token' }, 'Bearer from-file'],
    ['a missing token file beside a token', { tokenFile: 'missing', token: 't' }, 'Bearer t'],
    [
      'basic',
      { username: 'jane', password: 'pä:ss' },
      `Basic ${Buffer.from('jane:pä:ss').toString('base64')}`,
    ],
  ])('%s', async (_, user, header) => {
    const auth = await openFor(user);
    expect([await auth.authorization(), await auth.clientCertificate()]).toEqual([header, undefined]);
    expect(await auth.renew(header)).toBe(false);
  });

  it.each<[string, Fields, string | undefined]>([
    ['alone', {}, undefined],
    ['with a token', { token: 't' }, 'Bearer t'],
    ['with a token file', { tokenFile: 'token' }, 'Bearer from-file'],
  ])('a certificate %s', async (_, more, header) => {
    const auth = await openFor({ 'client-certificate': 'client.pem', 'client-key': 'client.key', ...more });
    expect([await auth.authorization(), await auth.clientCertificate()]).toEqual([
      header,
      { certificate, key: privateKey },
    ]);
  });

  it.each<[string, Fields]>([
    ['token', { token: 't' }],
    ['token file', { tokenFile: 'missing' }],
    [
      'exec',
      {
        exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'missing', interactiveMode: 'Never' },
      },
    ],
    ['certificate', { 'client-certificate': 'client.pem', 'client-key': 'client.key' }],
  ])('over plain http nothing is sent, read or run: %s', async (_, user) => {
    const auth = await openFor(user, { server: 'http://h' });
    expect([await auth.authorization(), await auth.clientCertificate()]).toEqual([undefined, undefined]);
  });

  it('a line end in a token field is an error that does not show it', async () => {
    const auth = await openFor({ token: 'SECRET\n' });
    expect(await failureOf(auth.authorization())).toBe(
      '3 TokenInvalid: the token from /home/jane/.kube/config, user "u" contains a line end',
    );
  });

  it('reads the token file of a pod', async () => {
    const directory = '/var/run/secrets/kubernetes.io/serviceaccount';
    const files = { [`${directory}/token`]: 'pod\n', [`${directory}/ca.crt`]: fileError('ENOENT') };
    const env = { KUBERNETES_SERVICE_HOST: 'h', KUBERNETES_SERVICE_PORT: '1' };
    const auth = open(await load(files, {}, env), { readFile: memoryFiles(files) });
    expect(await auth.authorization()).toBe('Bearer pod');
  });
});
