// Discovery, tables, lists and watch streams of faulty servers: decoded or refused, and never
// unescaped on a terminal.
import fc from 'fast-check';
import { describe, expect } from 'vitest';

import { decodeList, decodeObject, decodeTable, isTable } from '../../src/api/decode.ts';
import {
  decodeAggregated,
  decodeApiVersions,
  decodeGroupList,
  decodeResourceList,
} from '../../src/api/decode-discovery.ts';
import { decodeDocument, decodeIndex, decodeKinds } from '../../src/api/decode-openapi.ts';
import { EventLines } from '../../src/api/event-lines.ts';
import { decodeEvent, NotAnEvent } from '../../src/api/watch-event.ts';
import { isJsonObject, type Json } from '../../src/model/object.ts';
import type { Page } from '../../src/model/page.ts';
import type { ResourceType } from '../../src/model/resource.ts';
import type { OutputFormat, PrintOptions } from '../../src/output/format.ts';
import { openPrinter } from '../../src/output/printer.ts';
import { memorySink, uncoloured } from '../unit/output/memory-sink.ts';
import { recordedBody } from './recorded-bodies.ts';
import { cutAt, fuzz, json, mayRefuse, mutated } from './fuzz.ts';

const source = { server: 'https://api.test', method: 'GET', path: '/api/v1/pods' };
const pods: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'pods',
  kind: 'Pod',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  verbs: ['list'],
  subresources: [],
};

describe('discovery', () => {
  const documents = ['discovery/aggregated-apis', 'root/apis', 'root/api', 'discovery/apis_apps_v1'].map(
    recordedBody,
  );
  fuzz('any document is decoded or refused', 2_000, mutated(documents), (document) => {
    const decoders: readonly (() => unknown)[] = [
      () => decodeAggregated(document, source),
      () => decodeApiVersions(document, source),
      () => decodeGroupList(document, source),
      () => decodeResourceList(document, 'apps/v1', source),
    ];
    for (const decode of decoders) mayRefuse(decode);
  });
  const openApi: Json = {
    openapi: '3.0.0',
    paths: {
      '/api/v1/pods': {
        get: { 'x-kubernetes-group-version-kind': { group: '', version: 'v1', kind: 'Pod' } },
      },
    },
    components: { schemas: { Pod: { type: 'object', properties: { spec: { allOf: [{ $ref: '#/x' }] } } } } },
  };
  fuzz('any OpenAPI document is decoded or refused', 2_000, mutated([openApi]), (document) => {
    mayRefuse(() => decodeIndex(document, source));
    mayRefuse(() => decodeDocument(document, '/api/v1', source));
    mayRefuse(() => decodeKinds(document));
  });
});

const formats: readonly OutputFormat[] = [
  { kind: 'table', wide: false },
  { kind: 'table', wide: true },
  { kind: 'name' },
  { kind: 'json' },
  { kind: 'yaml' },
  { kind: 'ndjson' },
  { kind: 'jsonpath', template: '{.items[*].metadata.name}' },
  { kind: 'custom-columns', spec: 'N:.metadata.name,S:.spec', source: 'spec' },
];
const options: Omit<PrintOptions, 'format'> = {
  shape: 'list',
  noHeaders: false,
  showLabels: true,
  labelColumns: ['app'],
  showKind: true,
  showManagedFields: false,
  withNamespace: true,
  allowMissingTemplateKeys: true,
  now: new Date('2026-11-29T00:00:00Z'),
};

/**
 * Matches control characters, bidirectional controls and separators that a terminal would act on.
 */
const obeyed = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

async function printAll(page: Page): Promise<void> {
  for (const format of formats) {
    const isOfObjects = page.kind === 'objects';
    if (!isOfObjects && format.kind !== 'table' && format.kind !== 'name') continue;
    const sink = memorySink(3);
    const printer = await openPrinter({ ...options, format }, sink);
    await printer.page(page);
    await printer.end();
    expect(uncoloured(sink.text()), format.kind).not.toMatch(obeyed);
  }
}

describe('tables and lists', () => {
  const tables = ['table/pods-limit-2', 'table/pod-one', 'table/crontabs'].map(recordedBody);
  fuzz(
    'any table is printed without what a terminal obeys, or refused',
    1_000,
    mutated(tables),
    async (document) => {
      if (!isTable(document)) return;
      const table = mayRefuse(() => decodeTable(document, source));
      if (table !== undefined) await printAll({ kind: 'table', type: pods, table });
    },
  );
  const lists = ['list/jobs', 'list/secrets', 'list/crontabs'].map(recordedBody);
  fuzz(
    'any list is printed without what a terminal obeys, or refused',
    600,
    mutated(lists),
    async (document) => {
      const list = mayRefuse(() => decodeList(document, pods, source));
      if (list !== undefined) await printAll({ kind: 'objects', type: pods, ...list });
    },
  );
  fuzz('any object is decoded or refused', 2_000, json, (document) => {
    mayRefuse(() => decodeObject(document, pods, source));
  });
});

describe('watch streams', () => {
  const event: Json = {
    type: 'ADDED',
    object: {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name: 'a', namespace: 'b', uid: 'u', resourceVersion: '7' },
    },
  };
  const gone: Json = {
    type: 'ERROR',
    object: { kind: 'Status', apiVersion: 'v1', code: 410, reason: 'Expired' },
  };
  fuzz('any line is an event or none', 4_000, mutated([event, gone]), (document) => {
    for (const as of ['table', 'objects'] as const)
      mayRefuse(
        () => decodeEvent(JSON.stringify(document), { type: pods, as, source, now: () => options.now }),
        NotAnEvent,
      );
  });
  const lines = fc.array(
    fc.oneof(
      mutated([event, gone]).map((value) => JSON.stringify(value)),
      fc.string(),
    ),
    { maxLength: 5 },
  );
  fuzz(
    'documents are whole however the network cuts them',
    4_000,
    fc.tuple(lines, fc.array(fc.nat(), { maxLength: 8 })),
    ([texts, cuts]) => {
      const bytes = Buffer.from(texts.join('\n'));
      const reader = new EventLines();
      const read = cutAt(bytes, cuts).flatMap((part) => reader.push(part));
      const all = [...read, ...reader.takeRest()];
      const text = (parts: readonly string[]): string => parts.join('').replaceAll(/\s/g, '');
      expect(text(all)).toBe(text([bytes.toString()]));
      // A line can end after each document, but not within one.
      const trimmed = all.map((line) => line.trim());
      for (const line of bytes.toString().split('\n')) {
        if (isObject(line)) expect(trimmed).toContain(line.trim());
      }
    },
  );
});

function isObject(line: string): boolean {
  try {
    return isJsonObject(JSON.parse(line) as Json);
  } catch {
    return false;
  }
}

describe('the fuzzers themselves', () => {
  const decoded = mutated([recordedBody('list/jobs')]).map((document) =>
    mayRefuse(() => decodeList(document, pods, source)),
  );
  const half = fc.array(decoded, { minLength: 40, maxLength: 40 });
  fuzz('leave most documents whole enough to be decoded', 5, half, (lists) => {
    expect(lists.filter((list) => list !== undefined).length).toBeGreaterThan(20);
  });
});
