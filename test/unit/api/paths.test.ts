import { describe, expect, it } from 'vitest';
import { fetchSurface } from '../../../src/api/discovery.ts';
import { assemblePaths, readPaths } from '../../../src/api/paths.ts';
import type { ApiGroup } from '../../../src/api/groups.ts';
import { exchangeOf, replyOf } from '../../recorded.ts';
import { scriptedSend } from '../../scripted-send.ts';

function group(name: string, ...versions: readonly string[]): ApiGroup {
  const [preferredVersion = ''] = versions;
  return {
    name,
    preferredVersion,
    versions: versions.map((version) => ({ version, stale: false, types: [], parents: [] })),
  };
}

const groups = [group('', 'v1'), group('apps', 'v1'), group('autoscaling', 'v2', 'v1')];

describe('readPaths', () => {
  it('uses the list of the server', async () => {
    const script = scriptedSend([exchangeOf('root/paths')]);
    const { paths, assembled } = await readPaths(script.send, () => Promise.reject(new Error('not needed')));
    script.verify();
    expect(assembled).toBe(false);
    expect(paths.length).toBeGreaterThan(100);
    expect(paths[0]).toBe('/.well-known/openid-configuration');
  });

  it('assembles one if it is forbidden', async () => {
    const script = scriptedSend([exchangeOf('error/forbidden-anonymous-root')]);
    expect(await readPaths(script.send, () => Promise.resolve(groups))).toEqual({
      assembled: true,
      paths: [
        '/.well-known/openid-configuration',
        '/api',
        '/api/v1',
        '/apis',
        '/apis/apps',
        '/apis/apps/v1',
        '/apis/autoscaling',
        '/apis/autoscaling/v1',
        '/apis/autoscaling/v2',
        '/healthz',
        '/livez',
        '/logs',
        '/metrics',
        '/openapi/v2',
        '/openapi/v3',
        '/openid/v1/jwks',
        '/readyz',
        '/version',
      ],
    });
    script.verify();
  });

  it('falls back to the paths of every server if discovery is forbidden too', async () => {
    const script = scriptedSend([
      exchangeOf('error/forbidden-anonymous-root'),
      { request: 'GET /api', reply: replyOf('error/forbidden-anonymous-root') },
      { request: 'GET /apis', reply: replyOf('error/forbidden-anonymous-root') },
    ]);
    const groupsOf = async (): Promise<readonly ApiGroup[]> =>
      (await fetchSurface(script.send)).surface.groups;
    const { paths, groupsRefused } = await readPaths(script.send, groupsOf);
    script.verify();
    expect(paths.slice(0, 4)).toEqual(['/.well-known/openid-configuration', '/api', '/apis', '/healthz']);
    expect(groupsRefused?.facts.httpStatus).toBe(403);
  });

  it('throws every other refusal', async () => {
    const script = scriptedSend([{ request: 'GET /', reply: { status: 401, body: 'who?' } }]);
    await expect(readPaths(script.send, () => Promise.resolve(groups))).rejects.toThrow(
      'You must be logged in',
    );
    const html = scriptedSend([{ request: 'GET /', reply: { body: { paths: 'none' } } }]);
    await expect(readPaths(html.send, () => Promise.resolve(groups))).rejects.toThrow(
      'unexpected answer of https://api.test:6443 to GET /: no list of paths',
    );
  });
});

describe('assemblePaths', () => {
  it('names nothing that a real server lacks', async () => {
    const script = scriptedSend([exchangeOf('root/paths')]);
    const { paths } = await readPaths(script.send, () => Promise.resolve([]));
    // `/logs` is served if it is enabled.
    expect(assemblePaths(groups).filter((path) => !paths.includes(path))).toEqual(['/logs']);
  });
});
