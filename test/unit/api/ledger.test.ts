// How a new list differs from what was reported before.
import { describe, expect, it } from 'vitest';
import { Ledger } from '../../../src/api/ledger.ts';
import { objectOf, type Change } from '../../../src/model/change.ts';
import { nameOf } from '../../../src/model/fields.ts';
import { objectAt } from '../../../src/model/object.ts';
import type { Page } from '../../../src/model/page.ts';
import { column, objectPage, pods, tablePage } from '../output/things.ts';

interface Thing {
  readonly name: string;
  readonly rv: string;
  readonly uid?: string;
  readonly namespace?: string;
}

function metadataOf({ name, rv, uid = `uid-${name}`, namespace = 'dev' }: Thing): Record<string, string> {
  return { name, namespace, uid, resourceVersion: rv };
}

const objects = (...things: readonly Thing[]): Page =>
  objectPage(pods, ...things.map((thing) => ({ metadata: metadataOf(thing) })));

const columns = [column('Name'), column('Status')];

const rows = (...things: readonly Thing[]): Page =>
  tablePage(
    pods,
    columns,
    things.map((thing) => ({
      cells: [thing.name, `state-${thing.rv}`],
      object: { metadata: { ...metadataOf(thing), labels: { app: thing.name } } },
    })),
  );

function listed(ledger: Ledger, ...pages: readonly Page[]): Change[] {
  ledger.beginList();
  return [...pages.flatMap((page) => ledger.list(page)), ...ledger.endList()];
}

const told = (changes: readonly Change[]): string[] =>
  changes.map(({ change, name, uid, resourceVersion }) => `${change} ${name} ${uid} ${resourceVersion}`);

describe('Ledger', () => {
  it('reports everything in the first list as ADDED', () => {
    const ledger = new Ledger();
    expect(told(listed(ledger, objects({ name: 'a', rv: '1' }), objects({ name: 'b', rv: '2' })))).toEqual([
      'ADDED a uid-a 1',
      'ADDED b uid-b 2',
    ]);
    expect(ledger.size).toBe(2);
  });

  it.each([
    ['objects', objects],
    ['rows', rows],
  ])('reports the differences of a later list of %s', (_, page) => {
    const ledger = new Ledger();
    listed(ledger, page({ name: 'same', rv: '1' }, { name: 'changed', rv: '2' }, { name: 'gone', rv: '3' }));
    const later = listed(
      ledger,
      page({ name: 'changed', rv: '8' }, { name: 'same', rv: '1' }),
      page({ name: 'new', rv: '9' }),
    );
    expect(told(later)).toEqual([
      'MODIFIED changed uid-changed 8',
      'ADDED new uid-new 9',
      'DELETED gone uid-gone 3',
    ]);
  });

  it('reports an object that was recreated under its name as DELETED and ADDED', () => {
    const ledger = new Ledger();
    listed(ledger, objects({ name: 'a', rv: '1', uid: 'old' }));
    expect(told(listed(ledger, objects({ name: 'a', rv: '9', uid: 'new' })))).toEqual([
      'DELETED a old 1',
      'ADDED a new 9',
    ]);
  });

  it('counts the events between two lists', () => {
    const ledger = new Ledger();
    listed(ledger, objects({ name: 'a', rv: '1' }, { name: 'b', rv: '2' }));
    ledger.event('MODIFIED', objects({ name: 'a', rv: '3' }));
    ledger.event('DELETED', objects({ name: 'b', rv: '4' }));
    ledger.event('ADDED', objects({ name: 'c', rv: '5' }));
    expect(listed(ledger, objects({ name: 'a', rv: '3' }, { name: 'c', rv: '5' }))).toEqual([]);
  });

  it('distinguishes objects of the same name in two namespaces', () => {
    const ledger = new Ledger();
    listed(ledger, objects({ name: 'a', rv: '1' }, { name: 'a', rv: '2', namespace: 'prod', uid: 'u2' }));
    expect(told(listed(ledger, objects({ name: 'a', rv: '1' })))).toEqual(['DELETED a u2 2']);
  });

  it('resumes a list that broke off: nothing twice, nothing lost', () => {
    const ledger = new Ledger();
    ledger.beginList();
    expect(told(ledger.list(objects({ name: 'a', rv: '1' })))).toEqual(['ADDED a uid-a 1']);
    expect(told(listed(ledger, objects({ name: 'a', rv: '1' }, { name: 'b', rv: '2' })))).toEqual([
      'ADDED b uid-b 2',
    ]);
  });

  it('passes events on, but not a state that was reported before', () => {
    const ledger = new Ledger();
    listed(ledger, objects({ name: 'a', rv: '1' }));
    expect(ledger.event('ADDED', objects({ name: 'a', rv: '1' }))).toEqual([]);
    expect(told(ledger.event('MODIFIED', objects({ name: 'a', rv: '2' })))).toEqual(['MODIFIED a uid-a 2']);
    expect(ledger.event('MODIFIED', objects({ name: 'a', rv: '2' }))).toEqual([]);
    expect(told(ledger.event('DELETED', objects({ name: 'a', rv: '3' })))).toEqual(['DELETED a uid-a 3']);
  });

  it('drops what a server repeats from an earlier time, whatever it was', () => {
    const ledger = new Ledger();
    listed(ledger, objects({ name: 'a', rv: '95' }, { name: 'c', rv: '90' }));
    const history = [
      ['MODIFIED', { name: 'a', rv: '101' }],
      ['ADDED', { name: 'b', rv: '102' }],
      ['MODIFIED', { name: 'a', rv: '103' }],
      ['DELETED', { name: 'b', rv: '104' }],
      ['DELETED', { name: 'c', rv: '105' }],
      ['ADDED', { name: 'c', rv: '106', uid: 'anew' }],
      ['MODIFIED', { name: 'c', rv: '1000', uid: 'anew' }],
    ] as const;
    const play = (from: number): string[] =>
      told(history.slice(from).flatMap(([change, thing]) => ledger.event(change, objects(thing))));
    expect(play(0)).toHaveLength(history.length);
    for (let from = 0; from < history.length; from++) expect(play(from)).toEqual([]);
    expect(ledger.size).toBe(2);
  });

  it('reports again what comes back into a selection, with a newer version', () => {
    const ledger = new Ledger();
    listed(ledger, objects({ name: 'a', rv: '5' }));
    ledger.event('DELETED', objects({ name: 'a', rv: '8' }));
    expect(told(ledger.event('ADDED', objects({ name: 'a', rv: '9' })))).toEqual(['ADDED a uid-a 9']);
  });

  it('reports an event of another UID as a deletion and a creation', () => {
    const ledger = new Ledger();
    listed(ledger, objects({ name: 'a', rv: '5' }));
    expect(told(ledger.event('MODIFIED', objects({ name: 'a', rv: '9', uid: 'anew' })))).toEqual([
      'DELETED a uid-a 5',
      'ADDED a anew 9',
    ]);
  });

  it('drops nothing if versions have no order or are counted for each object', () => {
    const ledger = new Ledger();
    listed(ledger, objects({ name: 'a', rv: 'x9' }));
    expect(told(ledger.event('MODIFIED', objects({ name: 'a', rv: 'x1' })))).toEqual(['MODIFIED a uid-a x1']);
    ledger.event('DELETED', objects({ name: 'a', rv: '7' }));
    expect(told(ledger.event('ADDED', objects({ name: 'a', rv: '1', uid: 'anew' })))).toEqual([
      'ADDED a anew 1',
    ]);
  });

  it('believes a new list, also with older versions', () => {
    const ledger = new Ledger();
    listed(ledger, objects({ name: 'a', rv: '50' }, { name: 'b', rv: '60' }));
    ledger.event('DELETED', objects({ name: 'b', rv: '70' }));
    expect(told(listed(ledger, objects({ name: 'a', rv: '20' }, { name: 'b', rv: '30' })))).toEqual([
      'MODIFIED a uid-a 20',
      'ADDED b uid-b 30',
    ]);
    expect(told(ledger.event('MODIFIED', objects({ name: 'a', rv: '21' })))).toHaveLength(1);
  });

  it('passes on what a restored store reports again after a new list', () => {
    const ledger = new Ledger();
    listed(ledger, objects({ name: 'a', rv: '50' }));
    ledger.event('DELETED', objects({ name: 'a', rv: '70' }));
    expect(listed(ledger, objects())).toEqual([]);
    expect(told(ledger.event('ADDED', objects({ name: 'a', rv: '30' })))).toEqual(['ADDED a uid-a 30']);
  });

  it('is about one name if the query has one', () => {
    const ledger = new Ledger(undefined, true, 'web');
    expect(told(listed(ledger, objects({ name: 'a', rv: '1' }, { name: 'web', rv: '2' })))).toEqual([
      'ADDED web uid-web 2',
    ]);
    expect(ledger.event('DELETED', objects({ name: 'a', rv: '3' }))).toEqual([]);
  });

  it('drops rows of other names only if their metadata or a column says the name', () => {
    const ledger = new Ledger(undefined, true, 'web');
    expect(told(listed(ledger, rows({ name: 'a', rv: '1' }, { name: 'web', rv: '2' })))).toEqual([
      'ADDED web uid-web 2',
    ]);
    expect(ledger.event('ADDED', tablePage(pods, columns, [['a', 'x']]))).toEqual([]);
    const unnamed = [column('Host'), column('Status')];
    const metadata = metadataOf({ name: 'a', rv: '3' });
    expect(ledger.event('ADDED', tablePage(pods, unnamed, [{ cells: ['x'], object: { metadata } }]))).toEqual(
      [],
    );
    // The first cell can be something other than the name, so this can be a row of `web`.
    expect(told(ledger.event('ADDED', tablePage(pods, unnamed, [['a', 'x']])))).toEqual(['ADDED a  1']);
  });

  it('returns the last row, with its labels, of an object that was removed between two lists', () => {
    const ledger = new Ledger();
    listed(ledger, rows({ name: 'a', rv: '1' }));
    expect(listed(ledger, rows())).toEqual([
      {
        change: 'DELETED',
        type: pods,
        namespace: 'dev',
        name: 'a',
        uid: 'uid-a',
        resourceVersion: '1',
        entry: {
          kind: 'row',
          columns,
          row: {
            cells: ['a', 'state-1'],
            object: {
              apiVersion: 'v1',
              kind: 'Pod',
              metadata: {
                name: 'a',
                namespace: 'dev',
                labels: { app: 'a' },
                resourceVersion: '1',
                uid: 'uid-a',
              },
            },
          },
        },
      },
    ]);
  });

  it('does not store labels that nothing reads', () => {
    const ledger = new Ledger(undefined, false);
    listed(ledger, rows({ name: 'a', rv: '1' }));
    const [deletion] = listed(ledger, rows());
    expect(deletion?.entry).toMatchObject({
      row: { cells: ['a', 'state-1'], object: { metadata: { name: 'a' } } },
    });
    expect(deletion === undefined ? undefined : objectOf(deletion)).toBeDefined();
    expect(deletion && objectOf(deletion)).not.toHaveProperty('metadata.labels');
  });

  it('returns only the identity of an object that was removed between two lists', () => {
    const ledger = new Ledger();
    listed(ledger, objectPage(pods, { metadata: { name: 'a', uid: 'u', resourceVersion: '1' }, spec: {} }));
    expect(listed(ledger, objects())).toMatchObject([
      { entry: { object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', uid: 'u' } } } },
    ]);
  });

  it('keeps the first columns, and takes others when they differ', () => {
    const ledger = new Ledger();
    const [first] = listed(ledger, rows({ name: 'a', rv: '1' }));
    const bare = tablePage(
      pods,
      [],
      [{ cells: ['a', 'x'], object: { metadata: metadataOf({ name: 'a', rv: '2' }) } }],
    );
    const [later] = ledger.event('MODIFIED', bare);
    expect(later?.entry).toMatchObject({ kind: 'row' });
    expect(later?.entry.kind === 'row' && later.entry.columns).toBe(
      first?.entry.kind === 'row' && first.entry.columns,
    );
    const wider = tablePage(
      pods,
      [...columns, column('Age')],
      [{ cells: ['a', 'x', '1s'], object: { metadata: metadataOf({ name: 'a', rv: '3' }) } }],
    );
    const [other] = ledger.event('MODIFIED', wider);
    expect(other?.entry.kind === 'row' && other.entry.columns.length).toBe(3);
  });

  it('finds the name in the cells of a row without metadata', () => {
    const ledger = new Ledger();
    const [change] = listed(ledger, tablePage(pods, columns, [['a', 'x']]));
    expect(change).toMatchObject({ change: 'ADDED', namespace: '', name: 'a', uid: '' });
  });

  it('knows an object again whose first row had no metadata', () => {
    const ledger = new Ledger('dev');
    listed(ledger, tablePage(pods, columns, [['a', 'x']]));
    expect(told(ledger.event('MODIFIED', rows({ name: 'a', rv: '3' })))).toEqual(['MODIFIED a uid-a 3']);
  });

  it('keeps every state while the memory of replaced and removed ones is freed', () => {
    const ledger = new Ledger();
    const names = Array.from({ length: 1_000 }, (_, at) => `pod-${at}`);
    const page = (rv: number, tail: string): Page =>
      rows(
        ...names.map((name) => ({
          name,
          rv: `${rv}`,
          namespace: `ns-${Number(name.slice(4)) % 7}`,
          uid: `${name}-${tail}`,
        })),
      );
    listed(ledger, page(1, 'x'));
    // Each UID is longer than the last, so that no text fits where it was: several megabytes of
    // waste.
    for (let round = 2; round < 20; round++) listed(ledger, page(round, 'x'.repeat(round * 20)));
    expect(listed(ledger, page(19, 'x'.repeat(380)))).toEqual([]);
    expect(ledger.size).toBe(names.length);
    const left = listed(ledger, rows());
    expect(
      new Set(left.map(({ change, name, resourceVersion }) => `${change} ${name} ${resourceVersion}`)),
    ).toEqual(new Set(names.map((name) => `DELETED ${name} 19`)));
    expect(left).toHaveLength(names.length);
    expect(told(listed(ledger, objects({ name: 'a', rv: '20' })))).toEqual(['ADDED a uid-a 20']);
  });

  it('keeps the state of an object that no longer fits where it was stored', () => {
    const ledger = new Ledger();
    const page = (rv: string, text: string): Page =>
      tablePage(pods, columns, [{ cells: ['a', text], object: { metadata: metadataOf({ name: 'a', rv }) } }]);
    listed(ledger, page('1', 'short'));
    expect(told(listed(ledger, page('2', 'x'.repeat(500))))).toEqual(['MODIFIED a uid-a 2']);
    expect(listed(ledger, page('2', 'x'.repeat(500)))).toEqual([]);
    expect(told(listed(ledger, rows()))).toEqual(['DELETED a uid-a 2']);
  });

  it('returns the removal of a cluster-scoped object without a namespace', () => {
    const ledger = new Ledger();
    listed(ledger, objectPage(pods, { metadata: { name: 'node', uid: 'u', resourceVersion: '1' } }));
    const [change] = listed(ledger, objects());
    expect(objectAt(change && objectOf(change), 'metadata')).toEqual({
      name: 'node',
      uid: 'u',
      resourceVersion: '1',
    });
  });

  it.each([
    ['a state that was not reported, up to the version', 'a', '4', true],
    ['a state that was not reported, of the version', 'a', '5', true],
    ['the reported state', 'a', '3', false],
    ['a newer state', 'a', '6', false],
    ['a state without an order', 'a', 'x', false],
    ['an object that was not reported', 'b', '4', true],
    ['a newer object that was not reported', 'b', '6', false],
  ])('says whether a list contradicts what was reported up to version 5: %s', (_, name, rv, expected) => {
    const ledger = new Ledger();
    listed(ledger, objects({ name: 'a', rv: '3' }));
    expect(ledger.contradicts(metadataOf({ name, rv }), '5')).toBe(expected);
  });

  it('is contradicted only by objects that the query can have selected', () => {
    const byName = new Ledger(undefined, true, 'a');
    expect(byName.contradicts(metadataOf({ name: 'b', rv: '4' }), '5')).toBe(false);
    expect(byName.contradicts(metadataOf({ name: 'a', rv: '4' }), '5')).toBe(true);
    const selecting = new Ledger(undefined, true, undefined, (object) => nameOf(object) === 'b');
    expect(selecting.contradicts(metadataOf({ name: 'b', rv: '4' }), '5')).toBe(false);
    expect(selecting.contradicts(metadataOf({ name: 'a', rv: '4' }), '5')).toBe(true);
  });

  it('remembers the last thousand deletions, so that a repeated one is recognized', () => {
    const ledger = new Ledger();
    const thing = (at: number): Thing => ({ name: `pod-${at}`, rv: `${at + 1}` });
    listed(ledger, objects(...Array.from({ length: 1_001 }, (_, at) => thing(at))));
    for (let at = 0; at < 1_001; at++) ledger.event('DELETED', objects({ ...thing(at), rv: '5000' }));
    expect(ledger.event('ADDED', objects(thing(1)))).toEqual([]);
    expect(ledger.event('ADDED', objects(thing(1_000)))).toEqual([]);
    // The oldest one is removed.
    expect(told(ledger.event('ADDED', objects(thing(0))))).toEqual(['ADDED pod-0 uid-pod-0 1']);
  });

  it('remembers a deletion longer if the object is deleted again', () => {
    const ledger = new Ledger();
    const remove = (name: string, rv: string): void => {
      ledger.event('DELETED', objects({ name, rv }));
    };
    remove('again', '10');
    for (let at = 0; at < 999; at++) remove(`pod-${at}`, '20');
    remove('again', '30');
    remove('one-more', '40');
    expect(ledger.event('ADDED', objects({ name: 'again', rv: '25' }))).toEqual([]);
    expect(ledger.event('ADDED', objects({ name: 'pod-0', rv: '15' }))).toHaveLength(1);
  });

  it('knows what another watch reported: the first list gives the differences', () => {
    const ledger = new Ledger();
    const [a, b, c] = listed(
      new Ledger(),
      objects({ name: 'a', rv: '1' }, { name: 'b', rv: '2' }, { name: 'c', rv: '3' }),
    );
    for (const change of [a, b, c]) if (change !== undefined) ledger.know(change);
    expect(ledger.size).toBe(3);
    // The version that the other watch saw is not that of this type's list: every existing object
    // is reported once.
    expect(
      listed(ledger, objects({ name: 'a', rv: '1' }, { name: 'b', rv: '9' })).map(
        ({ change, name }) => `${change} ${name}`,
      ),
    ).toEqual(['MODIFIED a', 'MODIFIED b', 'DELETED c']);
  });
});
