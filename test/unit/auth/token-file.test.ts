import { describe, expect, it } from 'vitest';

import { openTokenFile } from '../../../src/auth/token-file.ts';
import { Secret } from '../../../src/model/secret.ts';
import { failureOf, fileError } from '../config/memory-files.ts';

/** A file and a clock that the test controls. */
function opened(
  content: string | Error,
  fallback?: string,
): {
  auth: ReturnType<typeof openTokenFile>;
  file: { content: string | Error; reads: number; path: string };
  clock: { seconds: number };
} {
  const file = { content, reads: 0, path: '' };
  const clock = { seconds: 0 };
  const auth = openTokenFile(
    {
      kind: 'token-file',
      path: '/token',
      fallback: fallback === undefined ? undefined : new Secret(fallback),
      origin: { kind: 'kubeconfig', text: '/kc, user "u"' },
    },
    {
      now: () => new Date(Date.UTC(2026, 10, 22) + clock.seconds * 1000),
      readFile: (path) => {
        file.reads += 1;
        file.path = path;
        return typeof file.content === 'string'
          ? Promise.resolve(file.content)
          : Promise.reject(file.content);
      },
    },
  );
  return { auth, file, clock };
}

describe('tokenFile takes precedence over token unless it is missing or empty; the file’s content is trimmed', () => {
  it.each<[string, string | Error, string]>([
    ['content', ' a\n', 'Bearer a'],
    ['empty', '', 'Bearer beside'],
    ['blank', ' \n', 'Bearer beside'],
    ['missing', fileError('ENOENT'), 'Bearer beside'],
    ['unreadable', fileError('EACCES'), 'Bearer beside'],
  ])('%s', async (_, content, header) => {
    const { auth, file } = opened(content, 'beside');
    expect([await auth.authorization(), file.path]).toEqual([header, '/token']);
  });

  it.each<[string, string | Error, string]>([
    ['empty', '', '3 TokenFileEmpty: read empty token from file "/token" (named by /kc, user "u")'],
    [
      'missing',
      fileError('ENOENT'),
      '3 TokenFileUnreadable: unable to read the token file /token: no such file or directory (named by /kc, user "u")',
    ],
    [
      'unreadable',
      fileError('EACCES'),
      '3 TokenFileUnreadable: unable to read the token file /token: permission denied (named by /kc, user "u")',
    ],
    ['of two lines', 'SECRET\nSECRET', '3 TokenInvalid: the token in /token contains a line end'],
    [
      'with other characters',
      'SECRET\u0007',
      '3 TokenInvalid: the token in /token contains a character that no header may have',
    ],
  ])('%s, without a token', async (_, content, message) => {
    expect(await failureOf(opened(content).auth.authorization())).toBe(message);
  });
});

describe('tokenFile re-read while running', () => {
  it('when the last read is five seconds old', async () => {
    const { auth, file, clock } = opened('a');
    const headers = [await auth.authorization()];
    file.content = 'b';
    clock.seconds = 4.9;
    headers.push(await auth.authorization());
    clock.seconds = 5;
    headers.push(await auth.authorization());
    expect([headers, file.reads]).toEqual([['Bearer a', 'Bearer a', 'Bearer b'], 2]);
  });

  it('when the clock has been set back', async () => {
    const { auth, file, clock } = opened('a');
    await auth.authorization();
    file.content = 'b';
    clock.seconds = -3600;
    expect(await auth.authorization()).toBe('Bearer b');
  });

  it('after a 401', async () => {
    const { auth, file } = opened('a');
    await auth.authorization();
    expect(await auth.renew('Bearer a')).toBe(false);
    file.content = 'b';
    expect([await auth.renew('Bearer a'), await auth.authorization()]).toEqual([true, 'Bearer b']);
    // Another request that was sent with the old token: the new one has been read already.
    expect(await auth.renew('Bearer a')).toBe(true);
    expect(await auth.renew()).toBe(false);
  });

  it.each<[string, string | Error]>([
    ['empty', ''],
    ['gone', fileError('ENOENT')],
  ])('and keeps the last token while the file is %s', async (_, content) => {
    const { auth, file, clock } = opened('a', 'beside');
    await auth.authorization();
    file.content = content;
    clock.seconds = 10;
    expect([await auth.authorization(), await auth.renew('Bearer a')]).toEqual(['Bearer a', false]);
  });
});
