import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { contentIn, describeCommand, describePath, describeWords } from '../../../src/model/path-value.ts';

const pem = `-----BEGIN PRIVATE KEY-----\n${randomBytes(120).toString('base64')}\n-----END PRIVATE KEY-----\n`;

describe('contentIn', () => {
  it.each([
    ['PEM', pem],
    ['PEM', pem.replaceAll('\n', ' ')],
    ['PEM', pem.replaceAll('\n', '\\n')],
    ['a kubeconfig', 'apiVersion: v1\nkind: Config\n'],
    ['a kubeconfig', '{"kind":"Config","clusters":[]}'],
    ['a kubeconfig', 'users: [{name: a}]'],
    ['JSON', '{"token": "x"}'],
    ['several lines', 'one\ntwo'],
    ['several lines', 'one\u2028two'],
    ['binary data', 'a\0b'],
    ['a JSON Web Token', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2ln'],
    ['base64', Buffer.from(pem).toString('base64')],
    ['base64', Buffer.from('apiVersion: v1').toString('base64')],
    ['base64', 'c2VjcmV0LXRva2Vu/dG9rZW4tc2VjcmV0/c2VjcmV0cw=='],
    ['a URL', 'https://jane:password@host/path'],
    ['too long for a path', 'ab/'.repeat(1_400)],
    ['too long for a path', `dir/${'x'.repeat(256)}`],
    ['too long for a path', 'é'.repeat(128)],
  ])('%s', (content, value) => {
    expect(contentIn(value)).toBe(content);
    expect(contentIn(`/home/jane/.kube/${value}`)).toBe(content);
  });

  /** Bytes that are the same in every run. */
  const bytesOf = (length: number): Buffer =>
    Buffer.concat(
      Array.from({ length: Math.ceil(length / 32) }, (_, part) =>
        createHash('sha256').update(`${length} ${part}`).digest(),
      ),
    ).subarray(0, length);

  it('random base64 of every length from 32 bytes', () => {
    for (let bytes = 32; bytes < 232; bytes++) {
      expect(contentIn(bytesOf(bytes).toString('base64')), String(bytes)).toBe('base64');
      expect(contentIn(`/home/jane/.kube/${bytesOf(bytes).toString('base64')}`), String(bytes)).toBe(
        'base64',
      );
    }
  });

  it.each([
    '/home/jane/.kube/config',
    '/home/jane/clusters:/home/jane/users:/home/jane/contexts',
    './ca.crt',
    'C:\\Users\\jane\\.kube\\config',
    '/var/run/secrets/kubernetes.io/serviceaccount',
    '/var/lib/kubelet/pods/0b4c2e8e-6a3f-4a55-9c62-6d1c7f0f0a11/volumes/kubernetes.io~projected/token',
    '/var/folders/9x/zyxvpxvq6csfxvn_n0000000000000/T/kubeconfig.yaml',
    '/home/jane/.cache/da39a3ee5e6b4b0d3255bfef95601890afd80709/kubeconfig',
    '/dev/fd/63',
    '/proc/self/fd/11',
    '/Users/JaneDoe/Library/Application Support/MyCompany/ClusterCredentials2026/ClientCertificate.pem',
    '/srv/kubeconfig-production-eu-west-1-blue-2026-11-29.yaml',
    '/home/김/설정/클러스터.yaml',
    'tmp.Xa8sKd02jZ',
  ])('%s is a path', (path) => {
    expect(contentIn(path)).toBeUndefined();
    expect(describePath(path)).toBe(path);
  });
});

describe('in messages', () => {
  it('no part of the content', () => {
    expect(describePath(`/home/jane/${pem}`)).toBe('(not shown: it looks like the content of a file, PEM)');
  });

  it.each([
    ['aws', 'aws'],
    ['/usr/bin/aws-iam-authenticator', '/usr/bin/aws-iam-authenticator'],
    ['aws eks get-token --token s3cret', 'aws…'],
    ['-token=s3cret', '-token…'],
    [pem, '(not shown: it looks like PEM, not like a program)'],
  ])('of the command %j: %s', (command, shown) => {
    expect(describeCommand(command)).toBe(shown);
  });

  it('of a command line the flags, without values that are content', () => {
    expect(describeWords(['list', 'pods', '--client-key', pem, `--kubeconfig=${pem}`, '-n=dev'])).toEqual([
      ...['list', 'pods', '--client-key', '…', '--kubeconfig=…', '-n=dev'],
    ]);
  });
});
