// `kapi describe` against `kubectl describe`: for each type that kubectl describes in its own way,
// and for a custom one, what kubectl shows of an object filled with content is in kapi's summary
// too. docs/objects.md names the exceptions.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/model/object.ts';
import { describedObjects, gadget, type DescribedObject } from './described-objects.ts';
import { describeAgainstKubectl, kapi, kubectl, testServer } from './kapi.ts';
import { createAdminClient, type AdminClient } from './server/admin-client.ts';

const namespace = 'described-facts';
const merge = 'application/merge-patch+json';

/** What kubectl shows and kapi does not, by type, with the reason. */
const exceptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Pod: {
    Running: 'kapi shows the STATUS column of the server',
    Completed: 'kapi shows the exit code 0',
    Error: 'kapi shows the exit code',
  },
  StatefulSet: { 'note-of-disk': 'annotations of a claim template' },
  HorizontalPodAutoscaler: { Value: 'the kind of target, which its value shows' },
  Secret: { 'note-of-keys': 'annotations of Secrets can hold copies of their values' },
};
/** The same for all pods and templates. */
const templateExceptions: Readonly<Record<string, string>> = {
  'plain-value': 'values of variables are often secret',
  Exists: 'the operator of a toleration without a value',
};

/** Fields whose keys are content, not names of the schema. */
const maps = new Set([
  ...['labels', 'annotations', 'nodeSelector', 'matchLabels', 'data', 'binaryData', 'parameters'],
  ...['volumeAttributes', 'capacity', 'allocatable', 'hard', 'used', 'requests', 'limits'],
  ...['min', 'max', 'default', 'defaultRequest', 'maxLimitRequestRatio', 'many'],
]);

/** The texts and numbers of an object, and the keys of its maps; without times and types. */
function factsOf(value: Json | undefined, key = ''): string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((item) => factsOf(item));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value as JsonObject).flatMap(([name, inner]) => [
      ...(maps.has(key) ? [name] : []),
      ...(name === 'apiVersion' || name === 'kind' ? [] : factsOf(inner, name)),
    ]);
  }
  if (typeof value === 'number') return value === 0 ? [] : [String(value)];
  if (typeof value !== 'string' || /^\d{4}-\d\d-\d\dT/.test(value)) return [];
  return value.split('\n').filter((line) => line !== '');
}

/** True if a text contains a fact as a word. A number may have a unit: `17s`. */
function shows(text: string, fact: string): boolean {
  const escaped = fact.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const before = /^\w/.test(fact) ? '(?<![A-Za-z0-9])' : '';
  const after = /\d$/.test(fact) ? '(?![A-Zabc-rt-z0-9])' : /\w$/.test(fact) ? '(?![A-Za-z0-9])' : '';
  return new RegExp(`${before}${escaped}${after}`).test(text);
}

function placed<Value extends JsonObject>(value: Value): Value {
  return JSON.parse(JSON.stringify(value).replaceAll('"NS"', `"${namespace}"`)) as Value;
}

const collectionOf = ({ collection }: DescribedObject): string =>
  collection.replace('/NS/', `/${namespace}/`);

describeAgainstKubectl('kapi describe and kubectl describe', () => {
  let admin: AdminClient;
  /** Objects that the server does not accept, with its answer. */
  const refused = new Map<string, string>();

  async function make(described: DescribedObject): Promise<void> {
    const collection = collectionOf(described);
    const { object, status } = described;
    const made = await admin.send('POST', collection, placed(object));
    if (made.status === 404) {
      refused.set(collection, 'the server has no such type');
      return;
    }
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    if (status !== undefined) {
      await admin.must(
        'PATCH',
        `${collection}/${object.metadata.name}/status`,
        { status: placed(status) },
        merge,
      );
    }
  }

  beforeAll(async () => {
    const { url, caFile, tokens } = testServer();
    admin = createAdminClient(url, readFileSync(caFile, 'utf8'), tokens.admin);
    await admin.must('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    // The sandbox makes it itself; kube-apiserver leaves it to a controller.
    await admin.send('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, {
      metadata: { name: 'default' },
    });
    await Promise.all(describedObjects.map(make));
    for (let attempt = 0; ; attempt += 1) {
      const { status, body } = await admin.send('POST', collectionOf(gadget), placed(gadget.object));
      if (status === 201) break;
      // The type is served a moment after it was made.
      if (status !== 404 || attempt === 400) throw new Error(JSON.stringify(body));
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    await admin.must('PATCH', `${collectionOf(gadget)}/gadget/status`, { status: gadget.status }, merge);
  });

  afterAll(async () => {
    const clusterScoped = describedObjects.filter(({ collection }) => !collection.includes('/NS/'));
    await Promise.all(
      clusterScoped.map((one) => admin.send('DELETE', `${collectionOf(one)}/${one.object.metadata.name}`)),
    );
    const claim = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/disk`;
    await admin.send('PATCH', claim, { metadata: { finalizers: null } }, merge);
    await admin.send('DELETE', `/api/v1/namespaces/${namespace}`);
  });

  const cases = [...describedObjects, gadget].map(
    (described) => [described.object['kind'] as string, described] as const,
  );
  it.concurrent.each(cases)('what kubectl shows of a %s, kapi shows', async (kind, described) => {
    const collection = collectionOf(described);
    const reason = refused.get(collection);
    if (reason !== undefined) {
      console.log(`skipped ${kind}: ${reason}`);
      return;
    }
    const [, group = ''] = /^\/apis\/([^/]+)\//.exec(collection) ?? [];
    const [, inNamespace] = /\/namespaces\/([^/]+)\//.exec(collection) ?? [];
    const { name } = described.object.metadata;
    const words = [
      ...['describe', `${collection.split('/').at(-1) ?? ''}${group === '' ? '' : `.${group}`}`, name],
      ...(inNamespace === undefined ? [] : ['-n', inNamespace]),
    ];
    const [theirs, ours] = await Promise.all([kubectl(words), kapi(words)]);
    expect([theirs.code, ours.code], theirs.stderr + ours.stderr).toEqual([0, 0]);
    const facts = new Set(factsOf(placed({ object: described.object, status: described.status ?? {} })));
    const shown = [...facts].filter((fact) => shows(theirs.stdout, fact));
    expect(shown.length).toBeGreaterThan(1);
    const allowed = { ...templateExceptions, ...exceptions[kind] };
    const missing = shown.filter((fact) => !shows(ours.stdout, fact) && allowed[fact] === undefined);
    expect(missing, ours.stdout).toEqual([]);
    // An exception is one: kapi does not show it, or it would not need to be named.
    for (const fact of Object.keys(exceptions[kind] ?? {}))
      expect(shows(ours.stdout, fact), fact).toBe(false);
  });

  it('shows the endpoints of a Service whose EndpointSlice was made by hand', async () => {
    const { stdout } = await kapi(['describe', 'service', 'service', '-n', namespace]);
    expect(stdout).toMatch(/1 ready: 10\.8\.0\.11:8081 10\.8\.0\.11:9153/);
    expect(stdout).not.toContain('NoneReady');
  });
});
