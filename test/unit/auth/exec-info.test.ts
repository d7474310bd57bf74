import { describe, expect, it } from 'vitest';

import { buildExecInfo } from '../../../src/auth/exec-info.ts';
import type { Overrides } from '../../../src/config/input.ts';
import { base64, certificate, filesWith, kubeconfig, load } from '../config/memory-files.ts';

const exec = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: 'p',
  interactiveMode: 'Never',
  provideClusterInfo: true,
};

async function info(
  cluster: Record<string, unknown>,
  overrides: Overrides = {},
  env: Record<string, string> = {},
): Promise<unknown> {
  const config = await load(filesWith(kubeconfig({ cluster, user: { exec } })), overrides, env);
  if (config.authorization.kind !== 'exec') throw new Error('no exec');
  return JSON.parse(buildExecInfo(config.authorization.exec, config, true));
}

describe('provideClusterInfo passes server, CA data, tls-server-name, insecure, proxy-url and the extension', () => {
  it('all of them, CA data also from a file', async () => {
    const cluster = {
      server: 'https://h/prefix/',
      'certificate-authority': 'ca.pem',
      'tls-server-name': 'n',
      'proxy-url': 'http://jane:pw@p:1',
      'disable-compression': true,
      extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } }],
    };
    expect(await info(cluster)).toEqual({
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1',
      spec: {
        cluster: {
          server: 'https://h/prefix/',
          'tls-server-name': 'n',
          'certificate-authority-data': base64(certificate),
          'proxy-url': 'http://jane:pw@p:1',
          'disable-compression': true,
          config: { audience: 'x' },
        },
        interactive: true,
      },
    });
  });

  it('the minimum; the environment’s proxy is not passed on', async () => {
    expect(await info({ server: 'https://h' }, {}, { HTTPS_PROXY: 'http://p' })).toMatchObject({
      spec: { cluster: { server: 'https://h', config: null }, interactive: true },
    });
    expect(JSON.stringify(await info({}, {}, { HTTPS_PROXY: 'http://p' }))).not.toContain('proxy-url');
  });

  it('flags honoured', async () => {
    const overrides = { server: 'https://s', insecureSkipTlsVerify: true, tlsServerName: 'm' };
    expect(
      await info({ 'certificate-authority': 'ca.pem', 'tls-server-name': 'n' }, overrides),
    ).toMatchObject({
      spec: {
        cluster: {
          server: 'https://s',
          'insecure-skip-tls-verify': true,
          'tls-server-name': 'm',
          config: null,
        },
      },
    });
  });

  it('byte for byte what kubectl passes', async () => {
    const config = await load(
      filesWith(kubeconfig({ user: { exec: { ...exec, provideClusterInfo: false } } })),
    );
    if (config.authorization.kind !== 'exec') throw new Error('no exec');
    expect(buildExecInfo(config.authorization.exec, config, false)).toBe(
      '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"interactive":false}}',
    );
  });
});
