// Reads events from a stream of JSON values, whatever line feeds it has and wherever it is cut.
import { describe, expect, it } from 'vitest';
import { EndlessLine } from '../../../src/api/event-lines.ts';
import { DocumentSplitter, EventReader } from '../../../src/api/event-reader.ts';
import { cutManagedFields } from '../../../src/api/managed-fields.ts';
import { NotAnEvent, type EventContext } from '../../../src/api/watch-event.ts';
import { pods } from '../output/things.ts';

const context: EventContext = {
  type: pods,
  as: 'objects',
  source: { server: 'https://api.test', method: 'GET', path: '/api/v1/pods' },
  now: () => new Date(0),
};

const hostile = 'ü世🎉} { ] [ " \\ \\" {"a":1}\n\r\u2028';

const events = [
  { type: 'ADDED', object: objectOf(1, {}) },
  { type: 'BOOKMARK', object: { kind: 'Pod', metadata: { resourceVersion: '2' } } },
  { type: 'MODIFIED', object: objectOf(3, { [hostile]: [[], {}, [[{}]], null, true, -1.5e-7] }) },
  { type: 'PING' },
  { type: 'DELETED', object: objectOf(4, { empty: '', list: [1, 2, { a: {} }] }) },
];

function objectOf(version: number, spec: object): object {
  const managedFields = [{ fieldsV1: { 'f:}': {} } }];
  return { kind: 'Pod', metadata: { name: 'a', resourceVersion: String(version), managedFields }, spec };
}

const compact = events.map((event) => JSON.stringify(event));
const pretty = events.map((event) => JSON.stringify(event, null, 2));

/** The forms in which a server can send the events, and their text. */
const forms: readonly (readonly [string, string])[] = [
  ['one event per line', `${compact.join('\n')}\n`],
  ['one event per line, the last one without a line feed', compact.join('\n')],
  ['one event per line with CRLF and blank lines', `${compact.join('\r\n\r\n \n')}\r\n`],
  ['all events on one line', `${compact.join('')}\n`],
  ['all events without a line feed', compact.join('')],
  ['all events separated by blanks', compact.join(' \t ')],
  ['two events per line', compact.map((text, at) => text + (at % 2 === 1 ? '\n' : '')).join('')],
  ['pretty-printed events', `${pretty.join('\n')}\n`],
  ['pretty-printed events without a line feed between them', pretty.join('')],
  ['pretty-printed events with CRLF', pretty.join('\n').replaceAll('\n', '\r\n')],
  ['pretty-printed events among ordinary ones', [compact[0], ...pretty, compact[3]].join('\n')],
  ['line feeds after every token', compact.map(withLineFeeds).join('\n')],
  ['line feeds after every token, and no line feed between events', compact.map(withLineFeeds).join('')],
];

/** Inserts a line feed after each token outside of strings. */
function withLineFeeds(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^"{}[\]:,]+/gs, (token) => `${token}\n`).trimEnd();
}

function read(chunks: readonly Uint8Array[], trim?: (line: Buffer) => Buffer): readonly unknown[] {
  const reader = new EventReader(context, trim);
  const all = chunks.flatMap((chunk) => [...reader.push(Buffer.from(chunk))]);
  return [...all, ...reader.takeRest()].map(({ text }) => JSON.parse(text) as unknown);
}

describe.each(forms)('%s', (form, text) => {
  const bytes = Buffer.from(text);
  const right = form.includes('among') ? [events[0], ...events, events[3]] : events;
  const isWhole = JSON.stringify(right);

  it('is read as the same events at whatever byte the stream is cut', () => {
    expect(read([bytes])).toEqual(right);
    for (let at = 1; at < bytes.length; at++) {
      const all = read([bytes.subarray(0, at), bytes.subarray(at)]);
      if (JSON.stringify(all) !== isWhole) expect(all, `cut at byte ${at}`).toEqual(right);
    }
    expect(read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(right);
    for (const size of [2, 3, 7, 64]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, at * size + size),
      );
      expect(read(pieces), `pieces of ${size} bytes`).toEqual(right);
    }
  });

  it('is read as the same events without managedFields', () => {
    const all = read([bytes.subarray(0, 90), bytes.subarray(90)], cutManagedFields);
    const drop = (key: string, value: unknown): unknown => (key === 'managedFields' ? undefined : value);
    expect(JSON.parse(JSON.stringify(all, drop))).toEqual(JSON.parse(JSON.stringify(right, drop)));
  });
});

it.each([
  ['compact', compact],
  ['pretty-printed', pretty],
])('yields an event as soon as its last byte came, without a line feed: %s', (_, texts) => {
  const reader = new EventReader(context);
  for (const [at, text] of texts.entries()) {
    const bytes = Buffer.from(text);
    expect([...reader.push(bytes.subarray(0, -1))]).toEqual([]);
    expect(reader.hasRest).toBe(true);
    const [read, ...more] = reader.push(bytes.subarray(-1));
    expect(JSON.parse(read?.text ?? '')).toEqual(events[at]);
    expect(more).toEqual([]);
    expect(reader.hasRest).toBe(false);
  }
});

it('yields whole events of an endless line while the next one arrives', () => {
  const reader = new EventReader(context);
  const [first = '', second = '', third = ''] = compact;
  expect([...reader.push(Buffer.from(first))]).toHaveLength(1);
  const joined = [...reader.push(Buffer.from(second + third.slice(0, 40)))];
  expect(joined.map(({ text }) => text)).toEqual([second]);
  expect([...reader.push(Buffer.from(third.slice(40)))].map(({ text }) => text)).toEqual([third]);
});

it('finds the events of a line that never ends, even if no chunk ends with an event', () => {
  const reader = new EventReader(context);
  const text = JSON.stringify({ type: 'ADDED', object: objectOf(1, { data: 'x'.repeat(20_000) }) });
  const stream = Buffer.from(text.repeat(Math.ceil((9 * 1024 * 1024) / text.length)));
  let count = 0;
  const size = text.length * 20;
  for (let at = 0; at < stream.length; at += size) {
    // Each chunk ends one byte after the beginning of an event.
    const from = at === 0 ? 0 : at + 1;
    count += [...reader.push(stream.subarray(from, at + size + 1))].length;
  }
  count += [...reader.takeRest()].length;
  expect(count).toBe(stream.length / text.length);
});

describe('text that is not a stream of events', () => {
  const [first = '', second = ''] = compact;
  const broken = '{"type":"ADDED","object":{"metadata":{"na';

  it.each([
    ['HTML', '<html>\n', []],
    ['HTML after an event on the same line', `${first}<html>\n`, [first]],
    ['an event that a line feed cuts in a string', `${broken}\n${second}\n`, []],
    ['an event that a line feed cuts after a colon', `{"type":"ADDED","object":\n${second}\n${first}\n`, []],
    ['an event that a line feed cuts after a comma', `{"type":"ADDED",\n${second}\n`, []],
    ['a wrong bracket', '{"type":"ADDED","object":{]\n', []],
    ['a comma before the end', `{"type":"ADDED",}\n${second}\n`, []],
    ['two values without a comma', '{"type":"ADDED" "object"\n', []],
    ['a control character', '{"type":"ADDED",\n"object":{"a":"\u0001"}}\n', []],
    ['a number as a key', '{\n1', []],
    ['a list', `${first}[${second}]\n`, [first]],
    ['text between events', `${first} and ${second}\n`, [first]],
    ['too many brackets', `{"type":"ADDED","object":\n${'['.repeat(10_000)}`, []],
  ])('is refused at its first wrong token, after the events before it: %s', (_, text, before) => {
    const reader = new EventReader(context);
    const taken: string[] = [];
    expect(() => {
      for (const read of reader.push(Buffer.from(`${text}\n`))) taken.push(read.text);
    }).toThrow(NotAnEvent);
    expect(taken).toEqual(before);
  });

  it.each([
    ['on its line', broken],
    ['after another event', first + broken],
    ['over several lines', '{\n"type":"ADDED",\n"object":'],
  ])('is called truncated if it ends inside of an event: %s', (_, text) => {
    const reader = new EventReader(context);
    expect(() => [...reader.push(Buffer.from(text)), ...reader.takeRest()]).toThrow(
      expect.objectContaining({ isTruncated: true }),
    );
  });

  it('is refused if one event is longer than any event can be', () => {
    const splitter = new DocumentSplitter(100);
    expect(splitter.push('{"a":[')).toEqual([]);
    expect(splitter.push(`"${'x'.repeat(90)}",`)).toEqual([]);
    expect(() => splitter.push('1, 2, 3')).toThrow(EndlessLine);
  });
});
