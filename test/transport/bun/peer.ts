// Two processes that call each other's functions, by lines of JSON. Entry point: openPeer().
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Secret } from '../../../src/model/secret.ts';

/** The functions that the other process can call. */
export type Functions = Readonly<Record<string, (...args: unknown[]) => unknown>>;

export interface Peer {
  /**
   * Calls a function of the other process. Rejects with what it throws, as a plain Error with its
   * fields.
   */
  readonly call: (name: string, ...args: readonly unknown[]) => Promise<unknown>;
  /** Passes async iterables on: the other process gets one that reads from it. */
  readonly lend: (body: AsyncIterable<Uint8Array>) => Lent;
  readonly borrow: (lent: Lent) => AsyncIterable<Uint8Array>;
}

/** An async iterable of the other process. */
export interface Lent {
  readonly lent: number;
}

interface Line {
  readonly id: number;
  /** Absent: an answer. */
  readonly name?: string;
  readonly args?: readonly unknown[];
  readonly value?: unknown;
  readonly error?: unknown;
}

/** Reads and writes lines until the input ends. */
export function openPeer(input: Readable, write: (line: string) => void, functions: Functions): Peer {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  const bodies = new Map<number, AsyncIterable<Uint8Array>>();
  const readers = new Map<number, AsyncIterator<Uint8Array>>();
  let last = 0;
  const say = (line: Line): void => write(`${JSON.stringify(encode(line))}\n`);
  const readerOf = (id: unknown): AsyncIterator<Uint8Array> => {
    const reader = readers.get(Number(id));
    if (reader === undefined) throw new Error(`no body is read as ${String(id)}`);
    return reader;
  };
  const own: Functions = {
    ...functions,
    readBody(body, id) {
      const lent = bodies.get(Number(body));
      if (lent === undefined) throw new Error(`no body was lent as ${String(body)}`);
      readers.set(Number(id), lent[Symbol.asyncIterator]());
    },
    nextOfBody: (id) => readerOf(id).next(),
    leaveBody: async (id) => readerOf(id).return?.(),
  };
  const answer = async ({ id, name = '', args = [] }: Line): Promise<void> => {
    try {
      const asked = own[name];
      if (asked === undefined) throw new Error(`no function ${name}`);
      say({ id, value: await asked(...args) });
    } catch (error) {
      say({ id, error: fieldsOf(error) });
    }
  };
  createInterface({ input }).on('line', (text) => {
    const line = decode(JSON.parse(text)) as Line;
    if (line.name !== undefined) {
      void answer(line);
      return;
    }
    const asked = waiting.get(line.id);
    waiting.delete(line.id);
    if (line.error === undefined) asked?.resolve(line.value);
    else asked?.reject(errorOf(line.error));
  });
  const call: Peer['call'] = (name, ...args) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      say({ id: last, name, args });
    });
  return {
    call,
    lend(body) {
      last += 1;
      bodies.set(last, body);
      return { lent: last };
    },
    borrow: ({ lent }) => ({
      [Symbol.asyncIterator]() {
        last += 1;
        const id = last;
        let opened: Promise<unknown> | undefined;
        const open = (): Promise<unknown> => (opened ??= call('readBody', lent, id));
        return {
          async next() {
            await open();
            return (await call('nextOfBody', id)) as IteratorResult<Uint8Array>;
          },
          async return() {
            await open();
            await call('leaveBody', id);
            return { done: true, value: undefined };
          },
        };
      },
    }),
  };
}

/** Returns what JSON can hold. Functions and `undefined` are left out. */
function encode(value: unknown): unknown {
  if (value instanceof Secret) return { secret$: value.expose() };
  if (value instanceof Uint8Array) return { bytes$: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => typeof field !== 'function')
      .map(([name, field]) => [name, encode(field)]),
  );
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== 'object' || value === null) return value;
  if ('secret$' in value) return new Secret(String(value.secret$));
  if ('bytes$' in value) return Buffer.from(String(value.bytes$), 'base64');
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, decode(field)]));
}

function fieldsOf(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const own = Object.fromEntries(Object.entries(error));
  return { ...own, name, message, stack, ...(cause === undefined ? {} : { cause: fieldsOf(cause) }) };
}

function errorOf(fields: unknown): Error {
  return Object.assign(new Error(), { hint: undefined }, fields);
}
