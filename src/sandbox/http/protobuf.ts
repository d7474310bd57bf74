// Decodes protobuf bodies, which kubectl 1.32 and later sends for the types it knows. Entry point:
// decodeProtobuf. Responses are never protobuf, because every client that sends it accepts JSON
// too. schema.ts defines the messages.

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../model/object.ts';
import { formatMicroTime, formatTime } from '../../model/timestamp.ts';
import { parseJson } from '../../model/json.ts';
import {
  metaPackage,
  structNamed,
  structOfKind,
  type FieldSchema,
  type FieldType,
  type ScalarName,
} from '../schema/schema.ts';
import { parseApiVersion } from '../../model/resource.ts';

/** Four bytes before every protobuf body of the API. */
const magic = Buffer.from('k8s\0');

/** Messages that contain JSON in their first field. */
const rawMessages = ['FieldsV1', 'JSON', 'RawExtension'];

/** Thrown for a body that is not protobuf of a known kind. */
export class ProtobufError extends Error {}

/** Fields by number. The fields of an embedded Go struct are a nested message. */
type Message = ReadonlyMap<number, FieldSchema | Message>;

/**
 * Decodes a protobuf body to the JSON form of its object.
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
  const { group, version } = parseApiVersion(apiVersion);
  const struct = structOfKind(group, version, kind) ?? structNamed(`${metaPackage}.${kind}`);
  if (struct === undefined) {
    throw new ProtobufError(`the sandbox does not read protobuf of kind ${JSON.stringify(kind)}`);
  }
  return { apiVersion, kind, ...decodeMessage(messageOf(struct.fields.values()), raw) };
}

/**
 * Makes the message of a struct.
 * @param depth number of field numbers between the struct and the message. Default: 0
 */
function messageOf(fields: Iterable<FieldSchema>, depth = 0): Message {
  const byNumber = new Map<number, FieldSchema[]>();
  for (const field of fields) {
    const number = field.numbers[depth];
    if (number !== undefined) byNumber.set(number, [...(byNumber.get(number) ?? []), field]);
  }
  const message = new Map<number, FieldSchema | Message>();
  for (const [number, group] of byNumber) {
    const [first] = group;
    if (first?.numbers.length === depth + 1) message.set(number, first);
    else message.set(number, messageOf(group, depth + 1));
  }
  return message;
}

function decodeStruct(name: string, bytes: Buffer): Json {
  const struct = structNamed(name);
  if (struct === undefined) throw new ProtobufError(`unknown message ${name}`);
  if (struct.takes === 'fields') return decodeMessage(messageOf(struct.fields.values()), bytes);
  if (!rawMessages.includes(name.slice(name.lastIndexOf('.') + 1))) {
    throw new ProtobufError(`the sandbox does not read protobuf of ${name}`);
  }
  const text = textField(bytes, 1);
  return text === '' ? {} : parseJson(text);
}

function decodeMessage(message: Message, bytes: Buffer): JsonObject {
  const result: Record<string, Json> = {};
  for (const { number, value } of entriesOf(bytes)) {
    const field = message.get(number);
    if (field === undefined) continue;
    if (field instanceof Map) {
      Object.assign(result, decodeMessage(field, bytesOf(value)));
      continue;
    }
    const { name, type, isPointer } = field as FieldSchema;
    const current = result[name];
    if (type.kind === 'list') {
      const items = unpack(type.of, value).map((item) => decodeValue(type.of, item));
      result[name] = [...(isJsonArray(current) ? current : []), ...items];
    } else if (type.kind === 'map') {
      const [key, entry] = decodeMapEntry(type.of, value);
      result[name] = { ...(isJsonObject(current) ? current : {}), [key]: entry };
    } else {
      const decoded = decodeValue(type, value);
      if (isPointer || !isZero(decoded)) result[name] = decoded;
    }
  }
  return result;
}

/** True for a zero value: Go always sends fields that are not pointers, even if they are empty. */
function isZero(value: Json): boolean {
  return (
    value === null ||
    value === '' ||
    value === 0 ||
    value === false ||
    (isJsonObject(value) && Object.keys(value).length === 0)
  );
}

/** Unpacks a list of numbers, which is one chunk. */
function unpack(type: FieldType, value: number | Buffer): readonly (number | Buffer)[] {
  if (type.kind !== 'scalar' || !isInteger(type.name) || !Buffer.isBuffer(value)) return [value];
  const numbers: number[] = [];
  let at = 0;
  while (at < value.length) {
    const [number, next] = readVarint(value, at);
    numbers.push(number);
    at = next;
  }
  return numbers;
}

function isInteger(name: ScalarName): boolean {
  return name === 'int' || name === 'long';
}

function decodeMapEntry(type: FieldType, value: number | Buffer): readonly [string, Json] {
  let key = '';
  let entry: Json = type.kind === 'scalar' && type.name === 'string' ? '' : {};
  for (const part of entriesOf(bytesOf(value))) {
    if (part.number === 1) key = bytesOf(part.value).toString('utf8');
    if (part.number === 2) entry = decodeValue(type, part.value);
  }
  return [key, entry];
}

function decodeValue(type: FieldType, value: number | Buffer): Json {
  switch (type.kind) {
    case 'enum':
      return bytesOf(value).toString('utf8');
    case 'struct':
      return decodeStruct(type.name, bytesOf(value));
    case 'map':
      return Object.fromEntries([decodeMapEntry(type.of, value)]);
    case 'list':
      // A list in a map is a message whose first field contains the items.
      return [...entriesOf(bytesOf(value))].map((part) => decodeValue(type.of, part.value));
    case 'scalar':
      return decodeScalar(type.name, value);
  }
}

function decodeScalar(name: ScalarName, value: number | Buffer): Json {
  switch (name) {
    case 'string':
      return bytesOf(value).toString('utf8');
    case 'bool':
      return value !== 0;
    case 'int':
    case 'long':
      return typeof value === 'number' ? value : 0;
    case 'double':
      return bytesOf(value).readDoubleLE(0);
    case 'bytes':
      return bytesOf(value).toString('base64');
    case 'Time':
    case 'MicroTime':
      return decodeTime(name, bytesOf(value));
    case 'Quantity':
      return textField(bytesOf(value), 1);
    case 'IntOrString': {
      const bytes = bytesOf(value);
      return numberField(bytes, 1) === 0 ? numberField(bytes, 2) : textField(bytes, 3);
    }
    case 'any':
      throw new ProtobufError('the sandbox does not read protobuf without a type');
  }
}

function decodeTime(type: 'Time' | 'MicroTime', bytes: Buffer): Json {
  const seconds = numberField(bytes, 1);
  // The zero time is the year 1 in Go and null in JSON.
  if (bytes.length === 0 || seconds <= -62_135_596_800) return null;
  const date = new Date(seconds * 1000 + numberField(bytes, 2) / 1e6);
  return type === 'Time' ? formatTime(date) : formatMicroTime(date);
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

/** Parses the fields of a message (https://protobuf.dev/programming-guides/encoding/). */
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

/** Reads a varint. Negative numbers are 64-bit complements. */
function readVarint(bytes: Buffer, start: number): readonly [value: number, next: number] {
  let value = 0n;
  for (let at = start; at < bytes.length && at < start + 10; at += 1) {
    const byte = bytes[at] ?? 0;
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start));
    if (byte < 0x80) return [Number(BigInt.asIntN(64, value)), at + 1];
  }
  throw new ProtobufError('unexpected EOF');
}
