// Summaries of Secrets show keys and lengths, comparisons what differs, never values.
import { describe, expect, it } from 'vitest';
import { diffObjects } from '../../../src/model/object-diff.ts';
import type { JsonObject, KubeObject } from '../../../src/model/object.ts';
import {
  hideSecretChanges,
  hideSecretValues,
  isSecretType,
  maskSecrets,
  measureSecretChanges,
  measureSecretValues,
} from '../../../src/model/secret-values.ts';
import { fieldChangeText } from '../../../src/output/field-change.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A Secret with the value in each place that can contain it. */
function secretOf(value: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: { name: 'db', annotations: { last: value, 'a.b/c': value } },
    data: { password: base64(value), 'a.b': base64(value) },
    stringData: { more: value },
  };
}

const bare = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } };

const values = [
  ['data', { password: 'hunter2' }, { password: 'hunter3' }],
  ['stringData', { password: 'hunter2' }, { password: 'hunter3' }],
  ['metadata.annotations', { last: 'hunter2' }, { last: 'hunter3' }],
] as const;

/** A Secret with one map of values; undefined: without the map. */
function withMap(path: string, map: JsonObject | string | undefined): JsonObject {
  if (path === 'metadata.annotations')
    return { metadata: { name: 'db', ...(map === undefined ? {} : { annotations: map }) } };
  return { metadata: { name: 'db' }, ...(map === undefined ? {} : { [path]: map }) };
}

describe('hideSecretChanges', () => {
  it.each(
    values.flatMap(([path, before, after]) =>
      [
        ['changes', before, after, 'changed'],
        ['comes', undefined, after, 'added'],
        ['goes', before, undefined, 'removed'],
        ['gets a key', {}, after, 'added'],
        ['loses a key', before, {}, 'removed'],
        ['is replaced by a text', before, 'hunter4', 'changed'],
        ['was a text', 'hunter1', after, 'changed'],
      ].map(([how, from, to]) => [path, how, from, to] as const),
    ),
  )('shows no value when %s %s', (path, _how, before, after) => {
    const changes = hideSecretChanges(diffObjects(withMap(path, before), withMap(path, after)));
    expect(changes.length).toBeGreaterThan(0);
    for (const change of changes) {
      expect(change).toMatchObject({ isHidden: true });
      expect(fieldChangeText(change)).toContain(path);
      expect(fieldChangeText(change)).not.toContain('hunter');
    }
  });

  it.each(['', 'metadata'])('hides all of %j, which may contain the values', (path) => {
    const [change] = hideSecretChanges([{ path, before: undefined, after: secretOf('hunter2') }]);
    expect(change).toMatchObject({ path, isHidden: true });
  });

  it('leaves the other fields as they are', () => {
    const changes = [
      { path: 'type', before: 'Opaque', after: 'x' },
      { path: 'metadata.labels', before: undefined, after: { app: 'db' } },
      { path: 'dataset', before: 'a', after: 'b' },
    ];
    expect(hideSecretChanges(changes)).toEqual(changes);
  });

  it('names each key of an added map, quoted if it is not a plain word', () => {
    expect(
      hideSecretChanges([{ path: 'data', before: undefined, after: { plain: 'x', 'a.b': 'y' } }]).map(
        ({ path, before, after }) => ({ path, before, after }),
      ),
    ).toEqual([
      { path: 'data.plain', before: undefined, after: 'x' },
      { path: 'data["a.b"]', before: undefined, after: 'y' },
    ]);
  });
});

describe('hideSecretValues', () => {
  it('keeps the keys of all three maps and no value', () => {
    const hidden = hideSecretValues(secretOf('hunter2'));
    const text = JSON.stringify(hidden);
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain(base64('hunter2'));
    const placeholder = '(hidden, --show-secrets shows it)';
    expect(hidden).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'Opaque',
      metadata: { name: 'db', annotations: { last: placeholder, 'a.b/c': placeholder } },
      data: { password: placeholder, 'a.b': placeholder },
      stringData: { more: placeholder },
    });
  });

  it('hides a value that replaces a map, and adds no map', () => {
    const placeholder = '(hidden, --show-secrets shows it)';
    expect(hideSecretValues({ ...bare, data: 'hunter2' })).toEqual({ ...bare, data: placeholder });
    expect(hideSecretValues({ ...bare, data: null })).toEqual({ ...bare, data: null });
  });
});

describe('the lengths of values', () => {
  it('are those of the bytes that base64 encodes, and of UTF-8', () => {
    const hidden = '(hidden, --show-secrets shows it)';
    expect(
      measureSecretValues({
        ...bare,
        metadata: { name: 'a', annotations: { note: 'é' } },
        data: { one: base64('x'), seven: base64('hunter2'), odd: 1 },
        stringData: { two: 'é' },
      }),
    ).toEqual({
      ...bare,
      metadata: { name: 'a', annotations: { note: `2 bytes ${hidden}` } },
      data: { one: `1 byte ${hidden}`, seven: `7 bytes ${hidden}`, odd: hidden },
      stringData: { two: `2 bytes ${hidden}` },
    });
  });

  it('replace the values in changes', () => {
    expect(
      measureSecretChanges([
        { path: 'data.password', before: base64('hunter2'), after: base64('longer-hunter') },
        { path: 'stringData.a', before: undefined, after: 'abc' },
        { path: 'type', before: 'a', after: 'b' },
      ]),
    ).toEqual([
      { path: 'data.password', before: '7 bytes', after: '13 bytes' },
      { path: 'stringData.a', before: undefined, after: '3 bytes' },
      { path: 'type', before: 'a', after: 'b' },
    ]);
  });
});

describe('isSecretType', () => {
  it.each([
    ['', 'secrets', true],
    ['', 'configmaps', false],
    ['example.com', 'secrets', false],
  ])('group %j, resource %s: %s', (group, resource, expected) => {
    expect(isSecretType({ group, resource })).toBe(expected);
  });
});

describe('maskSecrets', () => {
  const secret = (data: Record<string, string>, more: object = {}): KubeObject => ({
    ...{
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', annotations: { copy: Object.values(data).join('') } },
    },
    ...{ data, ...more },
  });

  it('shows that values differ, and no value', () => {
    const [before, after] = maskSecrets(
      secret({ same: 'cw==', changed: 'MQ==', gone: 'Zw==' }),
      secret({ same: 'cw==', changed: 'Mg==', fresh: 'Zg==' }),
    );
    expect(before?.['data']).toEqual({ same: '***', changed: '*** (before)', gone: '***' });
    expect(after?.['data']).toEqual({ same: '***', changed: '*** (after)', fresh: '***' });
    expect(before?.metadata['annotations']).toEqual({ copy: '*** (before)' });
    expect(JSON.stringify([before, after])).not.toContain('==');
  });

  it('masks one side alone, and data that is not a map', () => {
    expect(maskSecrets(undefined, secret({ a: 'MQ==' }))[1]?.['data']).toEqual({ a: '***' });
    const [before, after] = maskSecrets(secret({ a: 'MQ==' }), secret({}, { data: 'MQ==' }));
    expect([before?.['data'], after?.['data']]).toEqual(['*** (before)', '*** (after)']);
  });
});
