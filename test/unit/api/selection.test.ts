// Which objects a query cannot have selected, as far as the objects show it.
import { describe, expect, it } from 'vitest';
import { Ledger } from '../../../src/api/ledger.ts';
import { compileExclusion, removeExcluded, includeObjectFor } from '../../../src/api/selection.ts';
import type { JsonObject } from '../../../src/model/object.ts';
import type { Page } from '../../../src/model/page.ts';
import { column, objectPage, pods, tablePage } from '../output/things.ts';

const pod: JsonObject = {
  metadata: { name: 'a', namespace: 'dev', labels: { app: 'web', tier: '3' } },
  spec: { nodeName: 'node-1', hostNetwork: true, containers: [] },
  status: { phase: 'Running' },
};

describe('compileExclusion', () => {
  it.each([
    ['app=web', '', false],
    ['app=api', '', true],
    ['app', 'status.phase=Running', false],
    ['!app', '', true],
    ['app in (api,web),tier>2', '', false],
    ['app notin (web)', '', true],
    ['', 'metadata.name=a', false],
    ['', 'metadata.name=b', true],
    ['', 'metadata.name!=a', true],
    ['', 'metadata.namespace=dev,metadata.name==a', false],
    ['', 'metadata.namespace=other', true],
    ['', 'status.phase=Pending', true],
    ['', 'status.phase!=Pending', false],
    ['', 'spec.hostNetwork=true', false],
    ['', 'spec.hostNetwork=false', true],
    ['', 'spec.nodeName=', true],
    ['app=web', 'spec.nodeName=node-2', true],
  ])('-l %j --field-selector %j', (labels, fields, isExcluded) => {
    expect(compileExclusion(labels, fields)?.(pod)).toBe(isExcluded);
  });

  it.each([
    ['', 'status.podIP=10.0.0.1'],
    ['', 'status.successful=1'],
    ['', 'spec.containers=x'],
    ['', 'metadata.labels=x'],
    ['', 'toString=x'],
  ])('trusts the server for what the object does not show: -l %j --field-selector %j', (labels, fields) => {
    expect(compileExclusion(labels, fields)?.(pod)).toBe(false);
  });

  it.each([
    ['', ''],
    [' ', undefined],
    ['a b', undefined],
    [undefined, 'a'],
  ])('has no terms to check: -l %j --field-selector %j', (labels, fields) => {
    expect(compileExclusion(labels, fields)).toBeUndefined();
  });

  it('does not check a row without metadata', () => {
    expect(compileExclusion('app=web', '')?.({})).toBe(false);
  });
});

describe('a ledger with a selection', () => {
  const entry = (name: string, rv: string, app: string): { metadata: JsonObject } => ({
    metadata: { name, namespace: 'dev', uid: name, resourceVersion: rv, labels: { app } },
  });
  const objects = (...all: readonly ReturnType<typeof entry>[]): Page => objectPage(pods, ...all);
  const rows = (...all: readonly ReturnType<typeof entry>[]): Page =>
    tablePage(
      pods,
      [column('Name')],
      all.map((object) => ({ cells: [object.metadata['name'] as string], object })),
    );

  it.each([
    ['objects', objects],
    ['rows', rows],
  ])('drops %s that the server should not have sent', (_, page) => {
    const ledger = new Ledger('dev', true, undefined, compileExclusion('app=web', undefined));
    const told = (changes: readonly { change: string; name: string }[]): string[] =>
      changes.map(({ change, name }) => `${change} ${name}`);
    ledger.beginList();
    expect(told(ledger.list(page(entry('a', '1', 'web'), entry('b', '2', 'api'))))).toEqual(['ADDED a']);
    expect(told(ledger.endList())).toEqual([]);
    expect(ledger.hasExcluded).toBe(true);
    expect(ledger.size).toBe(1);
    expect(told(ledger.event('MODIFIED', page(entry('b', '3', 'api'))))).toEqual([]);
    expect(told(ledger.event('DELETED', page(entry('b', '4', 'api'))))).toEqual([]);
    // It joins, and leaves again: only kapi notices.
    expect(told(ledger.event('MODIFIED', page(entry('b', '5', 'web'))))).toEqual(['MODIFIED b']);
    expect(told(ledger.event('MODIFIED', page(entry('b', '6', 'api'))))).toEqual(['DELETED b']);
    expect(told(ledger.event('MODIFIED', page(entry('a', '7', 'web'))))).toEqual(['MODIFIED a']);
    expect(told(ledger.event('DELETED', page(entry('a', '8', 'web'))))).toEqual(['DELETED a']);
  });

  it('passes on the deletion of an object that left the selection, whatever its state', () => {
    const ledger = new Ledger('dev', true, undefined, compileExclusion('app=web', undefined));
    ledger.beginList();
    ledger.list(objects(entry('a', '1', 'web')));
    ledger.endList();
    expect(ledger.event('DELETED', objects(entry('a', '2', 'api')))).toHaveLength(1);
    expect(ledger.hasExcluded).toBe(false);
  });
});

describe('includeObjectFor', () => {
  it.each([
    [undefined, undefined, 'None'],
    ['', '', 'None'],
    ['app=web', undefined, 'Metadata'],
    ['', 'metadata.name=a,metadata.namespace=b', 'Metadata'],
    ['app=web', 'metadata.name=a,status.phase=Running', 'Object'],
    ['', 'type=Opaque', 'Object'],
  ])('-l %j --field-selector %j: %s', (labels, fields, shown) => {
    expect(includeObjectFor(labels, fields)).toBe(shown);
  });
});

describe('removeExcluded', () => {
  const excludes = compileExclusion('', 'metadata.name!=b') ?? (() => false);
  const object = (name: string): { apiVersion: string; kind: string; metadata: { name: string } } => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
  });

  it('leaves objects and rows out, and keeps rows that it cannot judge', () => {
    const objects = objectPage(pods, object('a'), object('b'));
    expect(removeExcluded(objects, excludes)).toEqual(objectPage(pods, object('a')));
    const a = { cells: ['a'], object: object('a') };
    const b = { cells: ['b'], object: object('b') };
    const bare = { cells: ['b'] };
    const page = tablePage(pods, [column('Name')], [a, b, bare]);
    expect(removeExcluded(page, excludes)).toEqual(tablePage(pods, [column('Name')], [a, bare]));
  });

  it('gives the same page where nothing is left out', () => {
    const page: Page = objectPage(pods, object('a'));
    expect(removeExcluded(page, excludes)).toBe(page);
  });
});
