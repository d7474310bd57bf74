// `kapi get -o yaml --owners` compared with the server: for generated objects with three appliers,
// an apply that changes every field is refused with conflicts that name, for each field, the
// managers that kapi printed before its line.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OwnedPlace } from '../../src/model/field-owners.ts';
import type { Json, JsonObject, KubeObject } from '../../src/model/object.ts';
import { withoutManagedFields } from '../../src/output/documents.ts';
import { ownedYamlLines } from '../../src/output/owned-yaml.ts';
import { describeOnServer, kapi, testServer } from './kapi.ts';
import { ownedObjects, type OwnedObject } from './owned-objects.ts';
import { createAdminClient, type AdminClient } from './server/admin-client.ts';

const namespace = 'field-owners-e2e';
const count = 40;
const apply = 'application/apply-patch+yaml';

function seeded(seed: number): () => number {
  let state = seed * 7_919 + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Fields that identify an element of a list: an apply of a part of it must contain them. */
const keyFields = new Set([
  'name',
  'key',
  'port',
  'protocol',
  'containerPort',
  'mountPath',
  'ip',
  'topologyKey',
  'type',
  'whenUnsatisfiable',
]);

/**
 * Returns random fields of an object. Keeps or drops lists as a whole, because it does not know
 * which are atomic.
 */
function prune(value: Json | undefined, random: () => number, isTop = true): Json | undefined {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as JsonObject).flatMap(
    ([key, inner]): [string, Json | undefined][] => {
      const isKept = isTop || keyFields.has(key) || random() < 0.6;
      return isKept ? [[key, prune(inner, random, false)]] : [];
    },
  );
  return Object.fromEntries(entries);
}

/** A server can parse quantities before it checks for conflicts. */
const quantityFields = new Set(['cpu', 'memory', 'storage', 'ephemeral-storage', 'sizeLimit']);

/** Replaces every scalar by another one of its type, except names of list elements. */
function changeAll(value: Json | undefined, isBase64: boolean, key = ''): Json | undefined {
  if (Array.isArray(value)) return (value as Json[]).map((item) => changeAll(item, isBase64, key) ?? null);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value as JsonObject).map(([name, inner]) => [name, changeAll(inner, isBase64, name)]),
    );
  }
  if (keyFields.has(key) || quantityFields.has(key)) return value;
  if (typeof value === 'string') return isBase64 ? 'eA==' : `${value}x`;
  if (typeof value === 'number') return value + 1;
  return typeof value === 'boolean' ? !value : value;
}

/** The path of each line: `spec.ports[0].port`. */
function pathPlace(path: string): OwnedPlace<string> {
  return {
    owners: [path],
    field: (name) => pathPlace(`${path}.${name}`),
    element: (_, index) => pathPlace(`${path}[${index}]`),
  };
}

/** `.spec.ports[port=80,protocol="TCP"].name` of a conflict as a path of {@link pathPlace}. */
function locate(field: string, object: JsonObject): string {
  let path = '';
  let value: Json | undefined = object;
  for (const [, name, inner] of field.matchAll(
    /\.([^.[\]]+(?:\.[^.[\]]*\/[^.[\]]+)?)|\[((?:"(?:[^"\\]|\\.)*"|[^\]])*)\]/g,
  )) {
    if (name !== undefined) {
      path += `.${name}`;
      value = (value as JsonObject | undefined)?.[name];
      continue;
    }
    const text = inner ?? '';
    const list = value as readonly Json[];
    const index: number = text.startsWith('=')
      ? list.findIndex((item) => JSON.stringify(item) === text.slice(1))
      : /^\d+$/.test(text)
        ? Number(text)
        : list.findIndex((item) =>
            text.split(/,(?=[A-Za-z]+=)/).every((pair) => {
              const at = pair.indexOf('=');
              return JSON.stringify((item as JsonObject)[pair.slice(0, at)]) === pair.slice(at + 1);
            }),
          );
    path += `[${index}]`;
    value = list[index];
  }
  return path;
}

/** The managers in a label: `a (Apply) 5s ago, b (Update of status) 3s ago`. */
function managersIn(label: string): string[] {
  return [...label.matchAll(/(?:^|, )(\S+) \((?:Apply|Update)/g)].map(([, name = '']) => name).sort();
}

interface Conflict {
  readonly field: string;
  readonly message: string;
}

function placed(
  owned: OwnedObject,
  index: number,
): { path: string; object: JsonObject; type: string; name: string } {
  const collection = `/${owned.collection.replace('/namespaces/default/', `/namespaces/${namespace}/`)}`;
  const name = `${owned.object.metadata.name}-${index}`;
  const kind = owned.object.kind.toLowerCase();
  const [, group = ''] = /^\/apis\/([^/]+)\//.exec(collection) ?? [];
  return {
    path: `${collection}/${name}`,
    object: { ...owned.object, metadata: { ...owned.object.metadata, name } },
    name,
    type: group === '' ? kind : `${kind}.${group}`,
  };
}

describeOnServer('kapi get --owners', () => {
  let admin: AdminClient;
  beforeAll(async () => {
    const { url, caFile, tokens } = testServer();
    admin = createAdminClient(url, readFileSync(caFile, 'utf8'), tokens.admin);
    await admin.must('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    // The sandbox creates it itself; kube-apiserver leaves it to a controller.
    await admin.send('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, {
      metadata: { name: 'default' },
    });
  });
  afterAll(async () => {
    await admin.send('DELETE', `/api/v1/namespaces/${namespace}`);
  });

  const cases = Array.from({ length: count }, (_, index) => {
    const owned = ownedObjects[index % ownedObjects.length];
    if (owned === undefined) throw new Error('there are no objects');
    return [`${owned.object.kind} ${index}`, owned, index] as const;
  });

  it.concurrent.each(cases)(
    'names the owners of every field of %s as the conflicts do',
    async (_, owned, index) => {
      const random = seeded(index);
      const { path, object, type, name: objectName } = placed(owned, index);
      await admin.must('PATCH', `${path}?fieldManager=applier-0`, object, apply);
      for (const applier of ['applier-1', 'applier-2']) {
        const part = prune(object, random) as JsonObject;
        const query = `${path}?fieldManager=${applier}&force=true`;
        // A part of an atomic struct can be invalid: then the applier sends the whole object.
        const { status } = await admin.send('PATCH', query, part, apply);
        if (status === 422) await admin.must('PATCH', query, object, apply);
        else expect(status).toBe(200);
      }
      const live = (await admin.must('GET', path)) as JsonObject;
      const printed = await kapi(['get', type, objectName, '-n', namespace, '-o', 'yaml', '--owners']);
      expect(printed.code, printed.stderr).toBe(0);
      const lines = ownedYamlLines(withoutManagedFields(live as KubeObject), pathPlace(''), false);
      const shown = printed.stdout.trimEnd().split('\n');
      expect(shown).toHaveLength(lines.length);
      const labels = new Map(
        lines.map(({ text, owners: [at = ''] }, line) => {
          const whole = shown[line] ?? '';
          expect(whole.endsWith(text.trimEnd())).toBe(true);
          return [at, managersIn(whole.slice(0, whole.length - text.trimEnd().length))];
        }),
      );

      const { apiVersion, kind, metadata: own, ...content } = object;
      const { name, ...labelled } = own as JsonObject;
      const changed = {
        ...{ apiVersion, kind, ...(changeAll(content, kind === 'Secret') as JsonObject) },
        metadata: { name, ...(changeAll(labelled, false) as JsonObject) },
      };
      const refused = await admin.send('PATCH', `${path}?fieldManager=prober&dryRun=All`, changed, apply);
      expect(refused.status).toBe(409);
      const { details } = refused.body as { details: { causes: readonly Conflict[] } };
      const conflicts = new Map<string, Set<string>>();
      for (const { field, message } of details.causes) {
        const at = locate(field, live);
        const [, manager = ''] = /^conflicts? with "([^"]+)"/.exec(message) ?? [];
        conflicts.set(at, (conflicts.get(at) ?? new Set()).add(manager));
      }
      expect(conflicts.size).toBeGreaterThan(0);
      for (const [at, managers] of conflicts) {
        // An atomic element has no separate line: it begins on that of its first field.
        const first = [...labels].find(([line]) => line === at || line.startsWith(`${at}.`));
        expect(first?.[1], `${kind as string} ${at}`).toEqual([...managers].sort());
      }
      if (!path.includes(namespace)) await admin.send('DELETE', path);
    },
  );
});
