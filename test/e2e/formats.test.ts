// -o kyaml compared with kubectl, byte for byte, over 200 generated objects; -o csv compared with
// the table.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

import { kyamlText } from '../../src/output/kyaml.ts';
import { arrayAt, isJsonObject, objectAt, type Json, type JsonObject } from '../../src/model/object.ts';
import type { Recording } from '../recorded.ts';
import { describeAgainstKubectl, describeOnServer, kapi, kubectl, makeFolder } from './kapi.ts';

/**
 * Texts that some YAML parser reads as another type, or that are hard to quote. Without U+0085,
 * which kubectl turns into a space.
 */
const texts = [
  ...[
    '',
    'a',
    'no',
    'yes',
    'true',
    '1',
    '1.5',
    '0x1F',
    '012',
    '1e3',
    '1_000',
    '.inf',
    'NaN',
    'null',
    '~',
    'y',
    'N',
  ],
  ...[
    '2024-01-02',
    '2024-1-2 3:4:5',
    '2024-01-02T03:04:05Z',
    '2024-13-02',
    '11:00',
    '12:30:45',
    '08',
    '0o17',
    '0b11',
  ],
  ...[
    'multi\nline\n',
    '  lead\n\tTab\nend',
    '\n',
    'a\n\nb',
    '"q"\\',
    'tab\there',
    'trailing \n',
    '\r\n',
    '\u00a0nb\n\u00a0x',
  ],
  ...['üñí😀', '\u2028x', '\u202ebidi', 'e\u0301', '１２', 'Ⅷ', '²', 'é', '\u0001'],
  ...[
    'a: b',
    '{x}',
    '-',
    'a-b',
    'a.b/c',
    '-a',
    'a-',
    '*',
    '&x',
    '<<',
    '=',
    'a b',
    'a_b',
    '_',
    '__',
    '1__',
    '0x1p4',
  ],
  ...[
    '9223372036854775808',
    '1e999',
    '+1',
    '-1',
    '-0',
    '1.',
    '.5',
    '5.e1',
    'infinity',
    '+.inf',
    't',
    'F',
    'x'.repeat(100),
  ],
];
const others: readonly Json[] = [
  0,
  1,
  -5,
  1.5,
  1e21,
  123456789012345,
  true,
  false,
  null,
  1e-7,
  100000000,
  2.5e10,
];

/** Returns a generator of numbers from 0 to 1, the same in every run. */
function openRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function makeObjects(count: number): readonly Json[] {
  const random = openRandom(7);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const map = (make: () => Json): Json =>
    Object.fromEntries(Array.from({ length: Math.floor(random() * 5) }, () => [pick(texts), make()]));
  const value = (depth: number): Json => {
    const kind = random();
    if (depth > 4 || kind < 0.4) return pick(texts);
    if (kind < 0.5) return pick(others);
    if (kind < 0.75) return Array.from({ length: Math.floor(random() * 4) }, () => value(depth + 1));
    return map(() => value(depth + 1));
  };
  return Array.from({ length: count }, (_, at) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `n${at}`, namespace: 'default', annotations: map(() => pick(texts)) },
    data: map(() => pick(texts)),
    x: value(0),
    y: [value(1), value(1)],
  }));
}

/** Returns the objects in the recorded responses of a real API server, each with one more label. */
function recordedObjects(): readonly JsonObject[] {
  const found = new Map<string, JsonObject>();
  const add = (object: JsonObject): void => {
    const metadata = objectAt(object, 'metadata');
    if (metadata?.['name'] === undefined) return;
    const labels = { ...objectAt(metadata, 'labels'), recorded: 'yes' };
    const labelled = { ...object, metadata: { ...metadata, labels } };
    found.set(JSON.stringify(labelled), labelled);
  };
  const visit = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isJsonObject(value)) return;
    const { apiVersion, kind, items } = value;
    if (typeof kind === 'string' && typeof apiVersion === 'string') {
      if (!kind.endsWith('List')) add(value);
      else
        for (const item of arrayAt(value, 'items'))
          if (isJsonObject(item)) add({ apiVersion, kind: kind.slice(0, -4), ...item });
    }
    for (const [key, inner] of Object.entries(value)) if (inner !== items || key !== 'items') visit(inner);
  };
  const folder = fileURLToPath(new URL('../fixtures/recorded', import.meta.url));
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.json')) continue;
    const { response } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording;
    visit(response.body as Json);
  }
  return [...found.values()];
}

describeAgainstKubectl('-o kyaml prints what kubectl prints', () => {
  it('of the recorded objects', async () => {
    const objects = recordedObjects();
    expect(objects.length).toBeGreaterThan(20);
    const file = join(makeFolder(), 'recorded.json');
    writeFileSync(file, objects.map((object) => JSON.stringify(object)).join('\n'));
    // The label makes kubectl print what it reads, and nothing is sent.
    const args = ['label', '--local', '--overwrite', 'recorded=yes', '--show-managed-fields', '-o', 'kyaml'];
    const { stdout } = await kubectl([...args, '-f', file]);
    expect(objects.map((object) => `---\n${kyamlText(object)}\n`).join('')).toBe(stdout);
  });

  it('of 200 generated objects', async () => {
    const objects = makeObjects(200);
    const file = join(makeFolder(), 'objects.json');
    writeFileSync(file, objects.map((object) => JSON.stringify(object)).join('\n'));
    const args = ['create', '--dry-run=client', '--validate=false', '-o', 'kyaml', '-f', file];
    const { stdout } = await kubectl(args);
    expect(objects.map((object) => `---\n${kyamlText(object)}\n`).join('')).toBe(stdout);
  });

  it.concurrent.each(['pods -A', 'deployments,services -n default', 'nodes', 'configmaps -n nowhere'])(
    'of a list: %s',
    async (line) => {
      const words = [...line.split(' '), '-o', 'kyaml'];
      const [ours, theirs] = await Promise.all([kapi(['list', ...words]), kubectl(['get', ...words])]);
      expect(ours.stdout).toBe(theirs.stdout);
    },
  );
});

describeOnServer('-o csv', () => {
  it('has the columns of the table, and a record for each row', async () => {
    const [csv, table] = await Promise.all([
      kapi(['list', 'namespaces', '-o', 'csv']),
      kapi(['list', 'namespaces']),
    ]);
    const records = csv.stdout
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    expect(records[0]).toEqual(['NAME', 'STATUS', 'AGE']);
    const names = table.stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(/\s+/)[0]);
    expect(records.slice(1).map(([name]) => name)).toEqual(names);
  });
});
