// The request of a watch and the lines of its response.
import { describe, expect, it } from 'vitest';
import {
  buildWatchRequest,
  decodeEvent,
  NotAnEvent,
  type EventContext,
} from '../../../src/api/watch-event.ts';
import { recorded } from '../../recorded.ts';
import { deployments, nodes, pods } from '../output/things.ts';

const source = { server: 'https://api.test:6443', method: 'GET', path: '/api/v1/pods' };
const now = (): Date => new Date('2026-01-01T01:00:00Z');
const asTable: EventContext = { type: pods, as: 'table', source, now };
const asObjects: EventContext = { ...asTable, as: 'objects' };

describe('buildWatchRequest', () => {
  it('asks for rows from a version on, with bookmarks', () => {
    expect(buildWatchRequest({ type: pods, namespace: 'dev', as: 'table' }, '42')).toEqual({
      method: 'GET',
      path: '/api/v1/namespaces/dev/pods?resourceVersion=42&watch=true&allowWatchBookmarks=true',
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' },
      streaming: true,
      retry: false,
    });
  });

  it.each([
    [{ type: nodes, as: 'objects' as const }, '/api/v1/nodes?'],
    [
      { type: deployments, as: 'objects' as const, namespace: 'dev', name: 'web' },
      '/apis/apps/v1/namespaces/dev/deployments?fieldSelector=metadata.name%3Dweb&',
    ],
    [
      { type: pods, as: 'table' as const, includeObject: 'Object' as const, labelSelector: 'app=web' },
      '/api/v1/pods?labelSelector=app%3Dweb&',
    ],
  ])('chooses as the list does: %j', (query, start) => {
    expect(buildWatchRequest(query, '42').path.startsWith(start)).toBe(true);
  });

  it('begins at the current version if it has none', () => {
    expect(buildWatchRequest({ type: pods, as: 'objects' }, '').path).toBe(
      '/api/v1/pods?watch=true&allowWatchBookmarks=true',
    );
  });
});

describe('decodeEvent', () => {
  const row = (rv: string, columns: unknown): object => ({
    kind: 'Table',
    metadata: { resourceVersion: rv },
    columnDefinitions: columns,
    rows: [{ cells: ['web', '1/1'], object: { metadata: { name: 'web', resourceVersion: rv } } }],
  });

  it.each(['ADDED', 'MODIFIED', 'DELETED'])('reads %s with a row, the columns coming only once', (type) => {
    const line = JSON.stringify({ type, object: row('7', null) });
    expect(decodeEvent(line, asTable)).toMatchObject({
      kind: 'change',
      change: type,
      resourceVersion: '7',
      page: { kind: 'table', type: pods, table: { columns: [], rows: [{ cells: ['web', '1/1'] }] } },
    });
  });

  it('reads an object', () => {
    const line =
      '{"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"9"}}}';
    expect(decodeEvent(line, asObjects)).toMatchObject({
      kind: 'change',
      resourceVersion: '9',
      page: { kind: 'objects', objects: [{ metadata: { name: 'a' } }] },
    });
  });

  it('keeps integers that JavaScript cannot hold', () => {
    const line =
      '{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"1"},"spec":{"n":9007199254740993}}}';
    expect(decodeEvent(line, asObjects)).toMatchObject({
      page: { objects: [{ spec: { n: 9007199254740993n } }] },
    });
  });

  it('makes a row if a server sends objects anyway', () => {
    const metadata = { name: 'a', resourceVersion: '9', creationTimestamp: '2026-01-01T00:00:00Z' };
    const line = JSON.stringify({ type: 'ADDED', object: { kind: 'Pod', apiVersion: 'v1', metadata } });
    expect(decodeEvent(line, asTable)).toMatchObject({
      resourceVersion: '9',
      page: { kind: 'table', table: { rows: [{ cells: ['a', '60m'] }] } },
    });
  });

  it('reads a bookmark, in a table too', () => {
    const object = { kind: 'Table', metadata: { resourceVersion: '12' }, rows: [{ cells: [''] }] };
    expect(decodeEvent(JSON.stringify({ type: 'BOOKMARK', object }), asTable)).toEqual({
      kind: 'bookmark',
      resourceVersion: '12',
    });
  });

  it('reads an ERROR event with its Status', () => {
    const object = { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410, message: 'too old' };
    expect(decodeEvent(JSON.stringify({ type: 'ERROR', object }), asTable)).toMatchObject({
      kind: 'error',
      status: { code: 410, reason: 'Expired' },
    });
  });

  it.each([
    [
      'watch/pods-table',
      asTable,
      'ADDED 361, ADDED 363, ADDED 359, ADDED 316, ADDED 365, ADDED 371, ADDED 377, bookmark 396',
    ],
    [
      'watch/pods-json',
      asObjects,
      'ADDED 361, ADDED 363, ADDED 359, ADDED 316, ADDED 365, ADDED 371, ADDED 377, bookmark 396, bookmark 397, bookmark 397',
    ],
    ['watch/gone-410', asObjects, 'error 410'],
  ])('reads %s as a real server sent it', (name, context, expected) => {
    const { body } = recorded(name).response;
    const events = (Array.isArray(body) ? body : []).map((event) => {
      const read = decodeEvent(JSON.stringify(event), context);
      if (read.kind === 'error') return `error ${read.status.code}`;
      if (read.kind === 'unknown') return `unknown ${read.type}`;
      return `${read.kind === 'change' ? read.change : read.kind} ${read.resourceVersion}`;
    });
    expect(events.join(', ')).toBe(expected);
  });

  it.each([
    ['', 'a line that is not JSON (breaks off after 0 characters)'],
    ['<html>', 'a line that is not JSON (unexpected "<" at character 1)'],
    ['{"type":"ADDED","obj', 'a line that is not JSON (breaks off after 20 characters)'],
    ['null', 'a line without type and object'],
    ['[]', 'a line without type and object'],
    ['{"type":"ADDED"}', 'a line without type and object'],
    ['{"object":{}}', 'a line without type and object'],
    ['{"type":7,"object":{}}', 'a line without type and object'],
    ['{"type":"ERROR","object":{"kind":"Pod"}}', 'an ERROR event without a Status'],
    ['{"type":"MODIFIED","object":{"kind":"Pod"}}', 'an object without a name'],
  ])('rejects %j as an event', (line, message) => {
    expect(() => decodeEvent(line, asTable)).toThrow(new NotAnEvent(message));
  });

  it.each(['{"type":"PING"}', '{"type":"PING","object":null}', '{"type":"PING","object":{"kind":"Pod"}}'])(
    'reads %s as an event of an unknown type',
    (line) => {
      expect(decodeEvent(line, asTable)).toEqual({ kind: 'unknown', type: 'PING' });
    },
  );

  it('rejects a Table as an event if whole objects were requested', () => {
    const table = '{"type":"ADDED","object":{"kind":"Table","columnDefinitions":[],"rows":[]}}';
    expect(() => decodeEvent(table, asObjects)).toThrow(
      new NotAnEvent('a Table, though whole objects were asked for'),
    );
  });
});
