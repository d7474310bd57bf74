// An aggregated API whose server is gone causes at most a warning, and no failure of anything else.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { parseFault } from '../../src/sandbox/faults.ts';
import { kubeconfigOf } from '../../src/sandbox/files.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';
import { curl, describeOnServer, kapi, makeFolder, testServer, until, type RunOptions } from './kapi.ts';

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

/** Returns the groups in the aggregated discovery document, and whether they are stale. */
async function discovered(): Promise<string> {
  const accept = 'Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  return (await curl('/apis', '-H', accept)).stdout;
}

/** A server in that state: options to reach it, and its custom type. */
interface BrokenServer {
  readonly options: RunOptions;
  readonly customType: string;
  readonly customGroup: string;
  readonly end: () => Promise<void>;
}

/**
 * Breaks an API of the real server, which marks the group as stale as soon as its server does not
 * respond.
 */
async function breakRealServer(): Promise<BrokenServer> {
  await curl(path, '-X', 'POST', '-H', 'Content-Type: application/json', '-d', JSON.stringify(broken));
  await until('the server calls the group stale', async () =>
    /"broken.test"[^]*"Stale"/.test(await discovered()),
  );
  return {
    options: {},
    customType: 'wg',
    customGroup: 'kapi.test',
    end: async () => {
      await curl(`${path}/v1.broken.test`, '-X', 'DELETE');
      await until('the group is gone', async () => !(await discovered()).includes('broken.test'));
    },
  };
}

/**
 * Opens a sandbox of its own with the fault, because faults are set at the start. It contains the
 * default objects of a sandbox.
 */
async function openBrokenSandbox(): Promise<BrokenServer> {
  const sandbox = await openSandbox({
    port: 0,
    faults: [parseFault('unavailable=broken.test/v1')],
    objects: [],
    pods: 0,
    lively: false,
    now: () => new Date(),
  });
  const kubeconfig = join(makeFolder(), 'config');
  writeFileSync(kubeconfig, kubeconfigOf(sandbox));
  return {
    options: { kubeconfig },
    customType: 'ct',
    customGroup: 'stable.example.com',
    end: () => sandbox.close(),
  };
}

describeOnServer('with a broken aggregated API', () => {
  let server: BrokenServer;
  beforeAll(async () => {
    server = testServer().kind === 'sandbox' ? await openBrokenSandbox() : await breakRealServer();
  });
  afterAll(() => server.end());

  it('well-known types are listed without a warning', async () => {
    const { stdout, stderr, code } = await kapi(['list', 'pods', '-A', '-o', 'name'], server.options);
    expect(stdout).toMatch(/^(pod\/\S+\n){3,}$/);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('custom resources are found anyway', async () => {
    const { stdout, code } = await kapi(['list', server.customType, '-A', '-o', 'name'], {
      ...server.options,
      env: { HOME: makeFolder() },
    });
    expect(stdout).toMatch(new RegExp(`^(\\w+\\.${server.customGroup}/\\S+\n)+$`));
    expect(code).toBe(0);
  });

  it('resources prints the rest and warns', async () => {
    const { stdout, stderr, code } = await kapi(['resources', '-o', 'name'], server.options);
    expect(stdout).toContain('pods\n');
    expect(stdout).toContain(`.${server.customGroup}\n`);
    expect(stderr).toBe(
      'Warning: the types of broken.test/v1 could not be read: the server calls its description stale, so the API behind it does not answer\n',
    );
    expect(code).toBe(0);
  });

  it('groups marks it', async () => {
    const { stdout, code } = await kapi(['groups', 'broken.test', '--no-headers'], server.options);
    expect(stdout).toMatch(/^broken\.test +v1 +v1 \(stale, stable\) +\/apis\/broken\.test\n$/);
    expect(code).toBe(0);
  });

  it('its own path is a failure of the server', async () => {
    const { stdout, stderr, code } = await kapi(['get', '/apis/broken.test/v1/things'], server.options);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^Error from server \(ServiceUnavailable\): .*\nhint: group broken\.test may be served by an API behind/,
    );
    expect(code).toBe(5);
  });

  it.each(['things', 'things.broken.test', 'things.v1.broken.test', 'things.broken'])(
    'not known is not absent: list %s',
    async (name) => {
      const { stdout, stderr, code } = await kapi(['list', name], server.options);
      expect(stdout).toBe('');
      expect(stderr).toMatch(
        /^error: the types of broken\.test\/v1 could not be read: .*\nhint: so it is not known whether the server has a resource type "things"\n/,
      );
      expect(code).toBe(5);
    },
  );

  it('a type of another group is absent if that group was read', async () => {
    const { stderr, code } = await kapi(['list', 'things.apps'], server.options);
    expect(stderr).toMatch(/^error: the server doesn't have a resource type "things" in group "apps"\n/);
    expect(code).toBe(2);
  });

  it('requests for other types get no warning', async () => {
    const { customType, customGroup, options } = server;
    for (const words of [
      ['explain', customType],
      ['resources', customGroup],
      ['groups', 'apps'],
      ['resources', 'apps'],
    ]) {
      expect(await kapi(words, options)).toMatchObject({ stderr: '', code: 0 });
    }
  });

  it('resources of its group alone are a failure', async () => {
    const { stdout, stderr, code } = await kapi(['resources', 'broken.test'], server.options);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: the types of broken\.test\/v1 could not be read: /);
    expect(code).toBe(5);
  });
});
