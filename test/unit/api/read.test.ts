import { describe, expect, it } from 'vitest';
import { excerptOf } from '../../../src/api/response-source.ts';
import { BodyBuffer } from '../../../src/api/body-buffer.ts';
import { ManagedFieldsCutter } from '../../../src/api/managed-fields.ts';
import {
  readJson,
  readJsonInParts,
  readSizedJson,
  readStart,
  readText,
  type JsonPart,
} from '../../../src/api/read.ts';
import { ConnectionError, ServerError } from '../../../src/errors.ts';
import type { RequestSpec } from '../../../src/model/request.ts';
import { gatedBody, scriptedSend, type Reply } from '../../scripted-send.ts';

const request: RequestSpec = { method: 'GET', path: '/api/v1/pods?limit=500' };

async function answer(reply: Reply) {
  const script = scriptedSend([{ request: 'GET /api/v1/pods?limit=500', reply }]);
  return { script, response: await script.send(request) };
}

async function errorOf(reply: Reply): Promise<ServerError> {
  const { script, response } = await answer(reply);
  const error: unknown = await readJson(response, request).catch((thrown: unknown) => thrown);
  script.verify();
  if (!(error instanceof ServerError)) throw new Error('no ServerError', { cause: error });
  return error;
}

describe('readSizedJson', () => {
  it('reuses one buffer for all bodies, short ones after long ones', async () => {
    const buffer = new BodyBuffer();
    const bodies = ['x'.repeat(10), 'é'.repeat(100_000), 'y', 'z'.repeat(5_000_000), ''].map((text) => ({
      text,
    }));
    const kept: unknown[] = [];
    for (const body of bodies) {
      const bytes = Buffer.from(JSON.stringify(body));
      const { script, response } = await answer({ body: [bytes.subarray(0, 9), bytes.subarray(9)] });
      const { json, length } = await readSizedJson(response, request, buffer);
      expect(length).toBe(bytes.length);
      kept.push(json);
      script.verify();
    }
    expect(kept).toEqual(bodies);
  });
});

describe('readSizedJson with a cutter', () => {
  const page = (rows: number, managedFields?: object): object => ({
    kind: 'Table',
    rows: Array.from({ length: rows }, (_, at) => ({
      cells: [`pod-${at}`, 'x'.repeat(40)],
      object: { metadata: { name: `pod-${at}`, managedFields } },
    })),
  });
  const pieces = (text: string): Buffer[] => {
    const bytes = Buffer.from(text);
    const size = 16_384;
    return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
  };

  it.each([10, 1_000, 30_000])('keeps %i rows without what is cut', async (rows) => {
    const body = pieces(JSON.stringify(page(rows, [{ manager: 'kapi', fieldsV1: { 'f:a': {} } }])));
    const { response } = await answer({ body });
    const { json, length } = await readSizedJson(
      response,
      request,
      new BodyBuffer(),
      new ManagedFieldsCutter(),
    );
    const expected = JSON.stringify(page(rows));
    expect(length).toBe(expected.length);
    expect(JSON.stringify(json) === expected).toBe(true);
  });

  it('counts all bytes of a body that breaks off within what is cut', async () => {
    const { response } = await answer({ body: '{"kind":"Table","rows":[{"managedFields":[{"a":1' });
    const read = readSizedJson(response, request, new BodyBuffer(), new ManagedFieldsCutter());
    await expect(read).rejects.toMatchObject({
      code: 'MalformedJson',
      message: expect.stringMatching(/breaks off after 48 bytes$/) as string,
    });
  });
});

describe('readJsonInParts', () => {
  const list = (count: number, token = 'next'): Buffer =>
    Buffer.from(
      JSON.stringify({
        kind: 'PodList',
        metadata: { continue: token },
        items: Array.from({ length: count }, (_, at) => ({ name: `pod-${at}`, spec: 'x'.repeat(900) })),
      }),
    );
  const namesIn = ({ json }: JsonPart): string[] =>
    (json as { items: { name: string }[] }).items.map(({ name }) => name);
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('returns the elements that have arrived before the rest', async () => {
    const bytes = list(200);
    const { body, open } = gatedBody(bytes, 100_000);
    const { script, response } = await answer({ body });
    const parts = readJsonInParts(response, request, new BodyBuffer());
    const first = (await parts.next()).value as JsonPart;
    expect(first).toMatchObject({ json: { kind: 'PodList', metadata: { continue: 'next' } }, isLast: false });
    expect(namesIn(first).length).toBeGreaterThan(10);
    open();
    const all = [first];
    for await (const part of parts) all.push(part);
    expect(all.flatMap(namesIn)).toEqual(Array.from({ length: 200 }, (_, at) => `pod-${at}`));
    expect(all.map(({ isLast }) => isLast).filter(Boolean)).toHaveLength(1);
    expect(all.at(-1)?.isLast).toBe(true);
    // The text after the last element is not counted, and a kept prefix is counted once.
    const lengths = all.reduce((sum, { length }) => sum + length, 0);
    expect(Math.abs(lengths - bytes.length)).toBeLessThan(10);
    script.verify();
  });

  it('continues to read if nothing is taken', async () => {
    const bytes = list(1_000);
    let sent = 0;
    async function* body(): AsyncGenerator<Uint8Array> {
      for (; sent < bytes.length; sent += 10_000) {
        await turn();
        yield bytes.subarray(sent, sent + 10_000);
      }
    }
    const { response } = await answer({ body: body() });
    const parts = readJsonInParts(response, request, new BodyBuffer());
    for (let turns = 0; turns < 300; turns++) await turn();
    expect(sent).toBeGreaterThanOrEqual(bytes.length);
    let count = 0;
    for await (const part of parts) count += namesIn(part).length;
    expect(count).toBe(1_000);
  });

  it('returns all elements that arrived before a connection broke', async () => {
    const broken = new ConnectionError('cut', { code: 'Reset' });
    const { response } = await answer({ body: [list(300).subarray(0, 200_000)], breaksWith: broken });
    const names: string[] = [];
    const read = (async () => {
      for await (const part of readJsonInParts(response, request, new BodyBuffer()))
        names.push(...namesIn(part));
    })();
    await expect(read).rejects.toBe(broken);
    expect(names.length).toBeGreaterThan(100);
    expect(names).toEqual(Array.from({ length: names.length }, (_, at) => `pod-${at}`));
  });

  it.each([
    [' ', 'EmptyAnswer', /is empty$/],
    ['<html>', 'NotJson', /is not JSON/],
    ['{"items":[1,2', 'MalformedJson', /breaks off after 13 bytes$/],
    [`{"items":["${'x'.repeat(50_000)}",,1]}`, 'MalformedJson', /is malformed: unexpected ","/],
    [`{"items":["${'x'.repeat(50_000)}",]}`, 'MalformedJson', /is malformed: unexpected "]" after a comma/],
  ])('rejects everything that is not a list', async (body, code, message) => {
    const { response } = await answer({ body });
    const read = (async () => {
      for await (const part of readJsonInParts(response, request, new BodyBuffer()))
        expect(part.isLast).toBe(false);
    })();
    await expect(read).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });
});

describe('readJson', () => {
  it('joins chunks, also within a character', async () => {
    const bytes = Buffer.from('{"a":"é😀","n":12345678901234567890}');
    const { script, response } = await answer({ body: [...bytes].map((byte) => Uint8Array.of(byte)) });
    expect(await readJson(response, request)).toEqual({ a: 'é😀', n: 12345678901234567890n });
    script.verify();
  });

  it('names what answered instead of the API server', async () => {
    const error = await errorOf({
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<!DOCTYPE html>\n<html><head><style>b{}</style><title>502 Bad Gateway</title></head>\n<body>\u001b[31mnginx</body></html>',
    });
    expect(error.message).toBe(
      'the answer of https://api.test:6443 to GET /api/v1/pods is not JSON (text/html; charset=utf-8): "502 Bad Gateway [31mnginx"',
    );
    expect(error.code).toBe('NotJson');
    expect(error.hint).toContain('kapi config show');
  });

  it('reports an empty answer', async () => {
    const error = await errorOf({ body: ' \n' });
    expect(error.message).toBe('the answer of https://api.test:6443 to GET /api/v1/pods is empty');
    expect(error.code).toBe('EmptyAnswer');
  });

  it.each([
    ['{"kind":"PodList","items":[{', 'breaks off after 28 characters', 'the answer was cut on its way'],
    [
      '{"kind":"PodList",}',
      'is malformed: unexpected "}" at character 19',
      'either a proxy changed the response, or the server is not a Kubernetes API server; -v shows the exchange',
    ],
  ])('tells cut from changed JSON: %s', async (body, problem, hint) => {
    const error = await errorOf({ headers: { 'content-type': 'application/json' }, body });
    expect(error.message).toBe(`the JSON of https://api.test:6443 to GET /api/v1/pods ${problem}`);
    expect(error.hint).toContain(hint);
    expect(error.code).toBe('MalformedJson');
  });

  it('throws the error of a broken connection', async () => {
    const broken = new ConnectionError('cut', { code: 'Reset' });
    const { script, response } = await answer({ body: ['{"a"'], breaksWith: broken });
    await expect(readJson(response, request)).rejects.toBe(broken);
    script.verify();
  });
});

describe('readText', () => {
  it('gives up on a body that is too large', async () => {
    const { script, response } = await answer({ body: ['x'.repeat(600_000), 'x'.repeat(600_000), 'never'] });
    await expect(readText(response, request, 1_000_000)).rejects.toThrow(
      'the answer of https://api.test:6443 to GET /api/v1/pods is larger than 1 MB',
    );
    script.verify();
  });
});

describe('readStart', () => {
  it('reads no more than the limit', async () => {
    const { script, response } = await answer({ body: ['abc', 'def', 'ghi'] });
    expect(await readStart(response, 5)).toBe('abcde');
    script.verify();
  });

  it('keeps what came before the connection broke', async () => {
    const { response } = await answer({
      body: ['abc'],
      breaksWith: new ConnectionError('cut', { code: 'Reset' }),
    });
    expect(await readStart(response, 5)).toBe('abc');
    const bug = new Error('no connection error');
    const other = await answer({ body: ['abc'], breaksWith: bug });
    await expect(readStart(other.response, 5)).rejects.toBe(bug);
  });
});

describe('excerptOf', () => {
  it.each([
    ['404 page not found\n', '404 page not found'],
    ['<html><script>alert(1)</script><h1>Sign  in</h1> to <b>go on</b', 'Sign in to go on'],
    ['a\u202Eb\u0007c\u009Bd\u200Be', 'a b c d e'],
    ['x'.repeat(200), `${'x'.repeat(120)}…`],
    ['😀'.repeat(121), `${'😀'.repeat(120)}…`],
    ['', ''],
  ])('%j gives %j', (body, words) => {
    expect(excerptOf(body)).toBe(words);
  });
});
