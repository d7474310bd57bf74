// One aggregated API whose server is gone: a warning at most, never a failure of anything else.
import { afterAll, beforeAll, expect, it } from 'vitest';

import { curl, describeOnServer, kapi, makeFolder, until } from './kapi.ts';

const path = '/apis/apiregistration.k8s.io/v1/apiservices';
const broken = {
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1.broken.test' },
  spec: {
    group: 'broken.test',
    version: 'v1',
    groupPriorityMinimum: 100,
    versionPriority: 100,
    insecureSkipTLSVerify: true,
    service: { namespace: 'default', name: 'no-such-service' },
  },
};

/** Groups in the aggregated discovery document, with whether they are stale. */
async function discovered(): Promise<string> {
  const accept = 'Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  return (await curl('/apis', '-H', accept)).stdout;
}

describeOnServer('with a broken aggregated API', () => {
  beforeAll(async () => {
    await curl(path, '-X', 'POST', '-H', 'Content-Type: application/json', '-d', JSON.stringify(broken));
    await until('the server calls the group stale', async () =>
      /"broken.test"[^]*"Stale"/.test(await discovered()),
    );
  });

  afterAll(async () => {
    await curl(`${path}/v1.broken.test`, '-X', 'DELETE');
    await until('the group is gone', async () => !(await discovered()).includes('broken.test'));
  });

  it('well-known types are listed without a word about it', async () => {
    const { stdout, stderr, code } = await kapi(['list', 'pods', '-n', 'dev', '-o', 'name']);
    expect(stdout).toBe('pod/api-0\npod/api-1\npod/worker\n');
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('custom resources are found all the same', async () => {
    const HOME = makeFolder();
    const { stdout, code } = await kapi(['list', 'wg', '-o', 'name'], { env: { HOME } });
    expect(stdout).toContain('widget.kapi.test/alpha\n');
    expect(code).toBe(0);
  });

  it('resources prints the rest and warns', async () => {
    const { stdout, stderr, code } = await kapi(['resources', '-o', 'name']);
    expect(stdout).toContain('pods\n');
    expect(stdout).toContain('widgets.kapi.test\n');
    expect(stderr).toMatch(/^Warning: .*broken\.test/);
    expect(code).toBe(0);
  });

  it('groups marks it', async () => {
    const { stdout, code } = await kapi(['groups', 'broken.test', '--no-headers']);
    expect(stdout).toMatch(/^broken\.test .*stale.*\/apis\/broken\.test\n$/);
    expect(code).toBe(0);
  });

  it('its own path is a failure of the server', async () => {
    const { stdout, stderr, code } = await kapi(['get', '/apis/broken.test/v1/things']);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Error from server \(ServiceUnavailable\): /);
    expect(code).toBe(5);
  });

  it('an unknown type is said to be unknown, with the warning that something may be missing', async () => {
    const { stdout, stderr, code } = await kapi(['list', 'things']);
    expect(stdout).toBe('');
    expect(stderr).toContain('error: the server doesn\'t have a resource type "things"\n');
    expect(stderr).toContain('broken.test');
    expect(code).toBe(2);
  });
});
