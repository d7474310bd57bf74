// The store: revisions, order, snapshots of the past, the window of changes.

import { expect, test } from 'vitest';
import { stringAt, type KubeObject } from '../../../../src/model/object.ts';
import { keyOf, RevisionGone, revisionOf, Store } from '../../../../src/sandbox/store/store.ts';

const object = (name: string, data = ''): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'dev' },
  data,
});
const put = (store: Store, name: string, data = ''): KubeObject =>
  store.put('configmaps', keyOf('dev', name), object(name, data));
const listed = (store: Store, revision?: number): readonly string[] =>
  [...store.snapshot('configmaps', revision).entries('dev/', '')].map(
    ([key, entry]) => `${key}=${stringAt(entry, 'data')}`,
  );

test('one revision counts all types', () => {
  const store = new Store();
  const first = put(store, 'a');
  const second = store.put('pods', 'dev/a', object('a'));
  expect(revisionOf(second)).toBe(revisionOf(first) + 1);
  expect(store.revision).toBe(revisionOf(second));
});

test('keys are in byte order, in whatever order they were added', () => {
  const store = new Store();
  for (const name of ['b', 'a', 'a-b', 'c', 'aa']) put(store, name);
  expect(listed(store)).toEqual(['dev/a=', 'dev/a-b=', 'dev/aa=', 'dev/b=', 'dev/c=']);
  expect([...store.snapshot('configmaps').entries('dev/', 'dev/aa\0')].map(([key]) => key)).toEqual([
    'dev/b',
    'dev/c',
  ]);
  expect(store.snapshot('configmaps').count('dev/', 'dev/aa\0')).toBe(2);
});

test('past revisions can be read as far back as the window reaches', () => {
  const store = new Store(2);
  put(store, 'a', '1');
  const revision = store.revision;
  put(store, 'a', '2');
  put(store, 'b', '1');
  expect(listed(store, revision)).toEqual(['dev/a=1']);
  store.remove('configmaps', 'dev/a');
  expect(listed(store)).toEqual(['dev/b=1']);
  expect(() => store.snapshot('configmaps', revision - 1)).toThrow(RevisionGone);
});

test('changes are reported in order, and a reader that falls behind gets an error', () => {
  const store = new Store(2);
  const start = store.revision;
  put(store, 'a', '1');
  put(store, 'a', '2');
  store.remove('configmaps', 'dev/a');
  const verbs: string[] = [];
  for (let at = start; ;) {
    const event = store.changeAfter('configmaps', at);
    if (event === undefined) break;
    verbs.push(event.verb);
    at = event.revision;
  }
  expect(verbs).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
  for (let round = 0; round < 5; round += 1) put(store, `x${round}`);
  expect(() => store.changeAfter('configmaps', start)).toThrow(RevisionGone);
});

test('compaction drops old states and keeps the remembered changes', () => {
  const store = new Store();
  put(store, 'a');
  const { revision } = store;
  put(store, 'b');
  store.compact();
  expect(store.changeAfter('configmaps', revision)).toMatchObject({ verb: 'ADDED', key: 'dev/b' });
  expect(() => store.snapshot('configmaps', revision)).toThrow(RevisionGone);
  expect(() => store.snapshot('secrets', revision)).toThrow(RevisionGone);
  expect([...store.snapshot('configmaps', store.revision).entries('', '')]).toHaveLength(2);
});

test('a server that forgets has neither old states nor remembered changes', () => {
  const store = new Store();
  const { revision } = store;
  put(store, 'a');
  store.forget();
  expect(() => store.snapshot('configmaps', revision)).toThrow(RevisionGone);
  expect(() => store.changeAfter('configmaps', revision)).toThrow(RevisionGone);
  expect(store.changeAfter('configmaps', store.revision)).toBeUndefined();
});

test('waiting ends with a change, the timeout or the reader', async () => {
  const store = new Store();
  const { signal } = new AbortController();
  const waiting = store.waitForChange('configmaps', 60_000, signal);
  put(store, 'a');
  await waiting;
  await store.waitForChange('configmaps', 1, signal);
  await store.waitForChange('configmaps', 60_000, AbortSignal.abort());
});
