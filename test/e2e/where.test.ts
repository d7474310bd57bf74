// --where: conditions in CEL on lists and watches of a real server, and the same expressions in a
// ValidatingAdmissionPolicy of the real kube-apiserver.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { celExpressions, celObject, type CelResult } from '../cel-expressions.ts';
import { cleanEnvironment, describeOnServer, kapi, kapiFile, testServer, until } from './kapi.ts';
import { createAdminClient, type AdminClient } from './server/admin-client.ts';

const group = 'cel.kapi.test';
const crd = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
const bindings = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings';
const merge = 'application/merge-patch+json';
const samples = `/apis/${group}/v1/namespaces/default/samples`;

/** Warnings of one response have a limited length, so few expressions share a policy. */
const perPolicy = 10;

function adminOfServer(): AdminClient {
  const server = testServer();
  return createAdminClient(server.url, readFileSync(server.caFile, 'utf8'), server.tokens.admin);
}

async function makeSampleType(admin: AdminClient): Promise<void> {
  const names = { plural: 'samples', singular: 'sample', kind: 'Sample' };
  const schema = {
    openAPIV3Schema: {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          'x-kubernetes-preserve-unknown-fields': true,
          properties: { nothing: { type: 'string', nullable: true } },
        },
        status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
  };
  await admin.send('POST', crd, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `samples.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names,
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  });
  await until('the type is served', async () => (await kapi(['list', `samples.${group}`, '-A'])).code === 0);
  await admin.send('POST', samples, celObject);
}

/**
 * Returns the API server's result of an expression over the same object, from the warnings of a
 * policy.
 */
async function verdictsOf(
  admin: AdminClient,
  expressions: readonly string[],
): Promise<ReadonlyMap<string, CelResult>> {
  const verdicts = new Map<string, CelResult>(expressions.map((text) => [text, true]));
  const groups = Array.from({ length: Math.ceil(expressions.length / perPolicy) }, (_, at) =>
    expressions.slice(at * perPolicy, (at + 1) * perPolicy),
  );
  for (const [at, texts] of groups.entries()) {
    const name = `cel${at}.kapi.test`;
    const rule = { apiGroups: [group], apiVersions: ['*'], operations: ['CREATE'], resources: ['*'] };
    const objectSelector = { matchLabels: { policy: `p${at}` } };
    await admin.send('POST', policies, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        matchConstraints: { objectSelector, resourceRules: [rule] },
        // The first warning shows that the policy is in effect.
        validations: ['false', ...texts].map((expression, index) => ({
          expression,
          message: `no-${index}.`,
        })),
      },
    });
    await admin.send('POST', bindings, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Warn'] },
    });
  }
  for (const [at, texts] of groups.entries()) {
    const metadata = celObject['metadata'] as Record<string, object>;
    const labels = { ...metadata['labels'], policy: `p${at}` };
    const input = JSON.stringify({ ...celObject, metadata: { ...metadata, name: `try-${at}`, labels } });
    let warnings: readonly string[] = [];
    await until('the policy is in force', async () => {
      const { stderr } = await kapi(['curl', '-X', 'POST', '-d', '@-', `${samples}?dryRun=All`], { input });
      warnings = stderr.split('\n');
      return warnings.some((line) => line.includes('no-0.'));
    });
    for (const [index, text] of texts.entries()) {
      if (warnings.some((line) => line.includes(`no-${index + 1}.`))) verdicts.set(text, false);
      const quoted = text.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`);
      const failure = warnings.find((line) =>
        [text, quoted].some((one) => line.includes(`expression '${one}' resulted in error`)),
      );
      if (failure === undefined) continue;
      const isMissing = /resulted in error: (?:no such key|index out of bounds)/.test(failure);
      verdicts.set(text, isMissing ? 'missing' : 'failed');
    }
  }
  return verdicts;
}

/** Expressions that the API server refuses in a policy. */
async function refusedOf(admin: AdminClient, expressions: readonly string[]): Promise<ReadonlySet<string>> {
  const rule = { apiGroups: [group], apiVersions: ['*'], operations: ['CREATE'], resources: ['*'] };
  const body = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'refused.kapi.test' },
    spec: {
      matchConstraints: { resourceRules: [rule] },
      validations: expressions.map((expression) => ({ expression })),
    },
  };
  const { body: answer } = await admin.send('POST', `${policies}?dryRun=All`, body);
  const text = JSON.stringify(answer);
  return new Set(expressions.filter((_, at) => text.includes(`spec.validations[${at}].expression`)));
}

describeOnServer('an expression is to --where what it is to a ValidatingAdmissionPolicy', () => {
  const isReal = testServer().kind === 'kube-apiserver';
  const reason = 'the sandbox has no admission policies';

  beforeAll(async () => {
    if (!isReal) {
      console.log(`skipped: ${reason}`);
      return;
    }
    await makeSampleType(adminOfServer());
  });

  afterAll(async () => {
    if (!isReal) return;
    const admin = adminOfServer();
    const count = Math.ceil(celExpressions.length / perPolicy);
    const names = Array.from({ length: count }, (_, at) => `cel${at}.kapi.test`);
    for (const name of names) {
      await admin.send('DELETE', `${policies}/${name}`);
      await admin.send('DELETE', `${bindings}/${name}`);
    }
    await admin.send('DELETE', `${crd}/samples.${group}`);
  });

  it.skipIf(!isReal)('the results in test/cel-expressions.ts are those of the API server', async () => {
    const admin = adminOfServer();
    const refused = await refusedOf(
      admin,
      celExpressions.map(([, text]) => text),
    );
    const expectedRefused = celExpressions.filter(([result]) => result === 'invalid').map(([, text]) => text);
    expect([...refused].sort()).toEqual([...expectedRefused].sort());
    const valid = celExpressions.filter(([, text]) => !refused.has(text));
    const verdicts = await verdictsOf(
      admin,
      valid.map(([, text]) => text),
    );
    expect(valid.map(([, text]) => [verdicts.get(text), text])).toEqual(valid);
  });

  // Every fourth: the unit test has all of them.
  const asked = celExpressions.filter((_, at) => at % 4 === 0);
  it.skipIf(!isReal).concurrent.each(asked)('%s: kapi list --where %s', async (result, text) => {
    const run = await kapi(['list', `samples.${group}`, '-n', 'default', '--where', text, '-o', 'name']);
    const isMatch = run.stdout === `sample.${group}/sample-1\n`;
    expect({ code: run.code, isMatch }).toEqual({
      code: result === 'invalid' || result === 'failed' ? 2 : 0,
      isMatch: result === true,
    });
    expect(run.stderr.includes('because a field is missing')).toBe(result === 'missing');
  });
});

describeOnServer('kapi list --where', () => {
  it('shows the server’s rows of the matching objects', async () => {
    const where = 'metadata.?labels.?app.orValue("") == "web"';
    const [chosen, selected] = await Promise.all([
      kapi(['list', 'pods', '-n', 'default', '--where', where, '--no-headers']),
      kapi(['list', 'pods', '-n', 'default', '-l', 'app=web', '--no-headers']),
    ]);
    const cells = (text: string): string[] => text.replaceAll(/\d+[smhd]\S*/g, 'AGE').split(/\s+/);
    expect(chosen.code).toBe(0);
    expect(selected.stdout).not.toBe('');
    expect(cells(chosen.stdout)).toEqual(cells(selected.stdout));
  });

  it.concurrent.each(['json', 'yaml', 'ndjson', 'name', 'wide', 'jsonpath={.items[*].metadata.name}'])(
    'prints the same objects as a field selector in -o %s',
    async (format) => {
      const [chosen, selected] = await Promise.all([
        kapi(['list', 'pods', '-A', '-o', format, '--where', 'status.phase == "Running"']),
        kapi(['list', 'pods', '-A', '-o', format, '--field-selector', 'status.phase=Running']),
      ]);
      const plain = (text: string): string => text.replaceAll(/\d+[smhd]\S*/g, 'AGE').replaceAll(/ +/g, ' ');
      expect(plain(chosen.stdout)).toBe(plain(selected.stdout));
    },
  );

  it('counts what matches', async () => {
    const none = await kapi([
      'list',
      'pods',
      '-A',
      '--where',
      'metadata.name == "nobody"',
      '--expect-count',
      '0',
    ]);
    expect(none.code).toBe(0);
    const some = await kapi(['list', 'pods', '-A', '--where', 'metadata.name != ""', '--expect-count', '0']);
    expect(some.code).toBe(1);
  });

  it('stops after --limit matches', async () => {
    const run = await kapi([
      'list',
      'pods',
      '-A',
      '--where',
      'metadata.name != ""',
      '--limit',
      '2',
      '-o',
      'name',
    ]);
    expect(run.stdout.trim().split('\n')).toHaveLength(2);
  });

  it('sends the terms that the server can select by, as --curl shows', async () => {
    const where = 'metadata.namespace == "default" && spec.nodeName == "node-1" && status.phase == "Running"';
    const run = await kapi(['list', 'pods', '-A', '--where', where, '--curl']);
    expect(run.stdout).toContain('/api/v1/namespaces/default/pods?fieldSelector=spec.nodeName%3Dnode-1');
  });

  it.concurrent.each([
    ['status.phase = "x"', '             ^'],
    ['stat.phase == "x"', '^'],
    ['metadata.nam(', '             ^'],
    ['status.phase > 1', '             ^'],
  ])('%s exits 2 and shows the place', async (where, caret) => {
    const run = await kapi(['list', 'pods', '-n', 'default', '--where', where]);
    expect(run.code).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr.split('\n').slice(1, 3)).toEqual([where, caret]);
  });
});

describeOnServer('kapi watch --where', () => {
  it('says LEFT when an object stops matching, and ADDED when it matches again', async () => {
    const admin = adminOfServer();
    const path = '/api/v1/namespaces/default/configmaps';
    const set = async (level: string): Promise<void> => {
      await admin.send('PATCH', `${path}/where-watch`, { data: { level } }, merge);
    };
    await admin.send('POST', path, { metadata: { name: 'where-watch' }, data: { level: '1' } });
    try {
      const where = 'metadata.name == "where-watch" && data.level != "2"';
      const args = ['watch', 'cm', '-n', 'default', '--where', where, '--for-count', '5', '-o', 'name'];
      const child = spawn(process.execPath, [kapiFile, ...args], {
        env: { ...cleanEnvironment(), KUBECONFIG: testServer().kubeconfigs.admin },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let events: readonly string[] = [];
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        events = text.split('\n').flatMap((line) => (line === '' ? [] : [line.split(/\s+/)[0] ?? '']));
      });
      const isOver = new Promise<number | null>((resolve) => child.once('close', resolve));
      const expected: string[] = [];
      // A level of 2 does not match; the second change is not visible.
      const steps = [['ADDED'], ['LEFT', '2'], ['ADDED', '3'], ['LEFT', '2'], ['ADDED', '4']] as const;
      for (const [event, level] of steps) {
        if (level !== undefined) await set(level);
        expected.push(event);
        await until(`the event ${event}`, () => Promise.resolve(events.length >= expected.length));
        if (level === '2')
          await admin.send(
            'PATCH',
            `${path}/where-watch`,
            { data: { more: String(expected.length) } },
            merge,
          );
      }
      expect(await isOver).toBe(0);
      expect(events).toEqual(expected);
    } finally {
      await admin.send('DELETE', `${path}/where-watch`);
    }
  });

  it('waits for cel=, and fails on it', async () => {
    const words = ['watch', 'deploy', 'web', '-n', 'default', '--timeout', '20s', '-o', 'name'];
    const met = await kapi([...words, '--until', 'cel=spec.replicas >= 1']);
    expect(met.code).toBe(0);
    expect(met.stderr).toContain('deployment.apps/web condition met');
    const failed = await kapi([
      ...words,
      '--until',
      'cel=spec.replicas > 1000',
      '--fail-on',
      'cel=spec.replicas > 0',
    ]);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('deployment.apps/web failed: spec.replicas > 0 is true');
    const bad = await kapi([...words, '--until', 'cel=spec.replicas = 1']);
    expect(bad.code).toBe(2);
  });
});
