import { describe, expect, it } from 'vitest';
import { decodeVersion, readVersion, skewWarning } from '../../../src/api/version.ts';
import { exchangeOf } from '../../recorded.ts';
import { scriptedSend } from '../../scripted-send.ts';

describe('readVersion', () => {
  it('reads a real server', async () => {
    const script = scriptedSend([exchangeOf('root/version')]);
    expect(await readVersion(script.send)).toMatchObject({ gitVersion: 'v1.36.2', major: 1, minor: 36 });
    script.verify();
  });

  it('drops what providers append', () => {
    const source = { server: 'https://api.test', method: 'GET', path: '/version' };
    expect(decodeVersion({ major: '1', minor: '30+', gitVersion: 'v1.30.1-eks' }, source).minor).toBe(30);
    expect(decodeVersion({ major: '', minor: 'x', gitVersion: 'v0' }, source)).toMatchObject({
      major: undefined,
      minor: undefined,
    });
    expect(() => decodeVersion({ version: '2.4' }, source)).toThrow('no version of a Kubernetes API server');
  });
});

describe('skewWarning', () => {
  it.each([
    [36, 36, false],
    [36, 35, false],
    [36, 37, false],
    [36, 34, true],
    [33, 36, true],
  ])('client 1.%i, server 1.%i: %s', (client, server, warns) => {
    const warning = skewWarning({ major: 1, minor: client }, { major: 1, minor: server });
    expect(warning).toBe(
      warns
        ? `WARNING: version difference between client (1.${client}) and server (1.${server}) exceeds the supported minor version skew of +/-1`
        : undefined,
    );
  });

  it('is silent about a server without a version', () => {
    expect(skewWarning({ major: 1, minor: 36 }, { major: undefined, minor: undefined })).toBeUndefined();
  });
});
