// Protobuf bodies as kubectl 1.32 and later send them for the types it knows: decodeProtobuf. Answers are never protobuf;
// every client that sends it takes JSON too. The messages: protobuf-messages.ts.

import { isJsonObject, type Json, type JsonObject } from '../../model/object.ts';
import { formatMicroTime, formatTime } from '../../model/timestamp.ts';
import { parseJson } from '../../model/json.ts';
import { messageFields } from '../schema/protobuf-messages.ts';

/** Four bytes before every protobuf body of the API. */
const magic = Buffer.from('k8s\0');

/** A body that is no protobuf of a known kind. */
export class ProtobufError extends Error {}

interface Field {
  /** `~`: the message's fields stand in the outer object. */
  readonly name: string;
  readonly shape: 'one' | 'list' | 'map';
  readonly type: string;
  readonly optional: boolean;
}

type Message = ReadonlyMap<number, Field>;

let messages: ReadonlyMap<string, Message> | undefined;

/**
 * The object in a protobuf body, as its JSON form would be.
 * @throws ProtobufError
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
 */
export function decodeProtobuf(body: Buffer): JsonObject {
  if (!body.subarray(0, 4).equals(magic)) {
    throw new ProtobufError(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
  }
  let apiVersion = '';
  let kind = '';
  let raw: Buffer = Buffer.alloc(0);
  for (const { number, value } of entriesOf(body.subarray(4))) {
    if (!Buffer.isBuffer(value)) continue;
    if (number === 1) {
      for (const part of entriesOf(value)) {
        if (part.number === 1 && Buffer.isBuffer(part.value)) apiVersion = part.value.toString('utf8');
        if (part.number === 2 && Buffer.isBuffer(part.value)) kind = part.value.toString('utf8');
      }
    }
    if (number === 2) raw = value;
  }
  if (!knownMessages().has(kind)) {
    throw new ProtobufError(`the sandbox does not read protobuf of kind ${JSON.stringify(kind)}`);
  }
  return { apiVersion, kind, ...decodeMessage(kind, raw) };
}

function knownMessages(): ReadonlyMap<string, Message> {
  messages ??= new Map(
    messageFields
      .trim()
      .split('\n')
      .map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), parseMessage(line.slice(colon + 1))];
      }),
  );
  return messages;
}

function parseMessage(text: string): Message {
  const fields = new Map<number, Field>();
  for (const part of text.split(',')) {
    const [number, name, type] = part.trim().split(' ');
    if (number === undefined || name === undefined || type === undefined) continue;
    const shape = type.startsWith('[]') ? 'list' : type.startsWith('{}') ? 'map' : 'one';
    const bare = type.replace(/^(\[\]|\{\})/, '').replace(/\?$/, '');
    fields.set(Number(number), { name, shape, type: bare, optional: type.endsWith('?') });
  }
  return fields;
}

function decodeMessage(name: string, bytes: Buffer): JsonObject {
  const message = knownMessages().get(name);
  if (message === undefined) throw new ProtobufError(`unknown message ${name}`);
  const result: Record<string, Json> = {};
  for (const { number, value } of entriesOf(bytes)) {
    const field = message.get(number);
    if (field === undefined) continue;
    const current = result[field.name];
    if (field.shape === 'list') {
      const items = unpack(field.type, value).map((item) => decodeValue(field.type, item));
      result[field.name] = [...(Array.isArray(current) ? (current as readonly Json[]) : []), ...items];
    } else if (field.shape === 'map') {
      const [key, entry] = decodeMapEntry(field.type, value);
      result[field.name] = { ...(isJsonObject(current) ? current : {}), [key]: entry };
    } else {
      const decoded = decodeValue(field.type, value);
      if (field.name === '~') Object.assign(result, isJsonObject(decoded) ? decoded : {});
      else if (field.optional || !isZero(decoded)) result[field.name] = decoded;
    }
  }
  return result;
}

/** Fields that are no pointers in Go are always sent, also when they are empty. */
function isZero(value: Json): boolean {
  return (
    value === null ||
    value === '' ||
    value === 0 ||
    value === false ||
    (isJsonObject(value) && Object.keys(value).length === 0)
  );
}

/** Packed lists of numbers come as one chunk. */
function unpack(type: string, value: number | Buffer): readonly (number | Buffer)[] {
  if (type !== 'int' || !Buffer.isBuffer(value)) return [value];
  const numbers: number[] = [];
  let at = 0;
  while (at < value.length) {
    const [number, next] = readVarint(value, at);
    numbers.push(number);
    at = next;
  }
  return numbers;
}

function decodeMapEntry(type: string, value: number | Buffer): readonly [string, Json] {
  let key = '';
  let entry: Json = type === 'string' ? '' : {};
  for (const part of entriesOf(bytesOf(value))) {
    if (part.number === 1) key = bytesOf(part.value).toString('utf8');
    if (part.number === 2) entry = decodeValue(type, part.value);
  }
  return [key, entry];
}

function decodeValue(type: string, value: number | Buffer): Json {
  switch (type) {
    case 'string':
      return bytesOf(value).toString('utf8');
    case 'bool':
      return value !== 0;
    case 'int':
      return typeof value === 'number' ? value : 0;
    case 'double':
      return bytesOf(value).readDoubleLE(0);
    case 'bytes':
      return bytesOf(value).toString('base64');
    case 'time':
    case 'microtime':
      return decodeTime(type, bytesOf(value));
    case 'quantity':
      return textField(bytesOf(value), 1);
    case 'rawjson': {
      const text = textField(bytesOf(value), 1);
      return text === '' ? {} : parseJson(text);
    }
    case 'duration':
      return `${numberField(bytesOf(value), 1) / 1e9}s`;
    case 'intorstring': {
      const bytes = bytesOf(value);
      return numberField(bytes, 1) === 0 ? numberField(bytes, 2) : textField(bytes, 3);
    }
    case 'items':
      return [...entriesOf(bytesOf(value))].map((part) => bytesOf(part.value).toString('utf8'));
    default:
      return decodeMessage(type, bytesOf(value));
  }
}

function decodeTime(type: 'time' | 'microtime', bytes: Buffer): Json {
  const seconds = numberField(bytes, 1);
  // The zero time is the year 1 in Go and null in JSON.
  if (bytes.length === 0 || seconds <= -62_135_596_800) return null;
  const date = new Date(seconds * 1000 + numberField(bytes, 2) / 1e6);
  return type === 'time' ? formatTime(date) : formatMicroTime(date);
}

function textField(bytes: Buffer, number: number): string {
  for (const part of entriesOf(bytes)) {
    if (part.number === number) return bytesOf(part.value).toString('utf8');
  }
  return '';
}

function numberField(bytes: Buffer, number: number): number {
  for (const part of entriesOf(bytes)) {
    if (part.number === number && typeof part.value === 'number') return part.value;
  }
  return 0;
}

function bytesOf(value: number | Buffer): Buffer {
  if (typeof value === 'number') throw new ProtobufError('a number stands where a message should');
  return value;
}

interface WireEntry {
  readonly number: number;
  readonly value: number | Buffer;
}

/** Fields of a message as they stand on the wire (https://protobuf.dev/programming-guides/encoding/). */
function* entriesOf(bytes: Buffer): Generator<WireEntry, void, undefined> {
  let at = 0;
  while (at < bytes.length) {
    const [tag, afterTag] = readVarint(bytes, at);
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType === 0) {
      const [value, next] = readVarint(bytes, afterTag);
      yield { number, value };
      at = next;
    } else {
      const [length, start] =
        wireType === 2 ? readVarint(bytes, afterTag) : [fixedLength(wireType), afterTag];
      if (start + length > bytes.length) throw new ProtobufError('unexpected EOF');
      yield { number, value: bytes.subarray(start, start + length) };
      at = start + length;
    }
  }
}

function fixedLength(wireType: number): number {
  if (wireType === 1) return 8;
  if (wireType === 5) return 4;
  throw new ProtobufError(`wire type ${wireType} is not supported`);
}

/** Negative numbers come as their 64-bit complement. */
function readVarint(bytes: Buffer, start: number): readonly [value: number, next: number] {
  let value = 0n;
  for (let at = start; at < bytes.length && at < start + 10; at += 1) {
    const byte = bytes[at] ?? 0;
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start));
    if (byte < 0x80) return [Number(BigInt.asIntN(64, value)), at + 1];
  }
  throw new ProtobufError('unexpected EOF');
}
