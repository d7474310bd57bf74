// Decodes bodies of writes as JSON objects, with the server's messages for invalid ones. Entry
// points: decodeObject, decodeOptions.

import type { SandboxState } from '../store/state.ts';
import { parse as parseYaml } from 'yaml';
import { messageOf } from '../../errors.ts';
import {
  isJsonObject,
  objectAt,
  stringAt,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../model/object.ts';
import { apiVersionOf } from '../../model/resource.ts';
import { maxYamlDepth, canNestTooDeep } from './yaml-depth.ts';
import type { Call } from './call.ts';
import { parseJson } from '../../model/json.ts';
import { bodyFormatOf, type BodyFormat } from './negotiation.ts';
import { decodeProtobuf, ProtobufError } from './protobuf.ts';
import { badRequest, invalid, StatusError } from './status.ts';
import { invalidValue } from '../types/field-errors.ts';
import type { ServedType } from '../types/types.ts';
import { decodingProblem, unknownFields } from '../schema/unknown-fields.ts';
import type { WriteOptions } from './write-options.ts';

/**
 * Decodes the object of a POST or PUT. Takes missing `apiVersion` and `kind` from the path.
 * @throws StatusError 400, 413, 415
 */
export async function decodeObject(
  state: SandboxState,
  call: Call,
  type: ServedType,
  options: WriteOptions,
): Promise<KubeObject> {
  const format = bodyFormatOf(call.header('content-type'));
  const body = await call.body();
  const value = parseBody(body, format, type.kind);
  return completeObject(state, call, type, value, options);
}

/**
 * Checks kind and version of an object from a body or a patch, and its unknown fields as requested.
 * @throws StatusError 400
 */
export function completeObject(
  state: SandboxState,
  call: Call,
  type: ServedType,
  value: JsonObject,
  options: WriteOptions,
): KubeObject {
  requireWorkable(value);
  if (type.custom !== undefined) requireOwnKind(type, value);
  const apiVersion = stringAt(value, 'apiVersion') || apiVersionOf(type);
  const kind = stringAt(value, 'kind') || type.kind;
  const { version } = splitVersion(apiVersion);
  const cannot = (why: string): Error =>
    badRequest(`${kind} in version ${JSON.stringify(version)} cannot be handled as a ${type.kind}: ${why}`);
  if (apiVersion !== apiVersionOf(type) || kind !== type.kind) {
    if (type.custom !== undefined || state.registry.findKind(apiVersion, kind) !== undefined) {
      throw kind === type.kind
        ? badRequest(
            `the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(type)})`,
          )
        : cannot(
            `converting (${version}.${kind}) to (${type.group || 'core'}.${type.kind}): unknown conversion`,
          );
    }
    throw cannot(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  const metadata = value['metadata'];
  if (metadata !== undefined && metadata !== null && !isJsonObject(metadata)) {
    throw cannot(
      `json: cannot unmarshal ${goTypeOf(metadata)} into Go struct field ${kind}.metadata of type v1.ObjectMeta`,
    );
  }
  const object: KubeObject = { ...value, kind, apiVersion, metadata: isJsonObject(metadata) ? metadata : {} };
  const problem = decodingProblem(type, object);
  if (problem !== undefined) throw cannot(problem);
  if (options.fieldValidation !== 'Ignore') {
    const unknown = unknownFields(type, object);
    if (unknown.length > 0) {
      if (options.fieldValidation === 'Strict') throw cannot(`strict decoding error: ${unknown.join(', ')}`);
      call.warnings.push(...unknown);
    }
  }
  return object;
}

/**
 * Requires kind and version. For custom resources the server has no Go type that could provide
 * them.
 */
function requireOwnKind(type: ServedType, value: JsonObject): void {
  for (const [field, key] of [
    ['Kind', 'kind'],
    ['apiVersion', 'apiVersion'],
  ] as const) {
    if (stringAt(value, key) !== '') continue;
    const text = JSON.stringify(value);
    const shown = text.length > 30 ? `${text.slice(0, 30)} ...` : text;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${type.kind}): Object '${field}' is missing in '${text}' (${shown})`,
    );
  }
  const kind = stringAt(value, 'kind');
  if (kind === type.kind) return;
  throw invalid({ group: type.group, kind }, stringAt(objectAt(value, 'metadata'), 'name'), [
    invalidValue('kind', kind, `must be ${type.kind}`),
  ]);
}

/** Decodes the options in the body of a DELETE. Empty if there is no body. */
export async function decodeOptions(call: Call): Promise<JsonObject> {
  const body = await call.body();
  if (body.length === 0) return {};
  return parseBody(body, bodyFormatOf(call.header('content-type')), 'DeleteOptions');
}

/** Parses a body as JSON or YAML. @throws StatusError 400 */
export function parseBody(body: Buffer, format: BodyFormat, kind: string): JsonObject {
  const unrecognized = (why: string): Error =>
    badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${summarize(body)})`,
    );
  if (format === 'json' && body.length === 0) throw unrecognized('unexpected end of JSON input');
  let value: Json;
  try {
    value = parseText(body, format);
  } catch (error) {
    if (error instanceof ProtobufError) throw badRequest(error.message);
    if (error instanceof StatusError) throw error;
    throw unrecognized(jsonProblem(body.toString('utf8'), messageOf(error)));
  }
  requireWorkable(value);
  if (!isJsonObject(value)) {
    throw unrecognized(
      `json: cannot unmarshal ${goTypeOf(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  }
  return value;
}

/**
 * Max nesting depth, which every part of the sandbox can process. The real server accepts about
 * 10,000.
 */
const maxDepth = 1_000;
/**
 * Max values in one object. A body of 3 MiB has fewer, but a patch that copies parts into
 * themselves quickly has more.
 */
const maxValues = 3_000_000;

/**
 * Checks that a value is small enough to process.
 * @throws StatusError 400 for a value that is nested too deep or contains too many values
 */
export function requireWorkable(value: Json): void {
  let level: Json[] = [value];
  let count = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) {
      throw badRequest(`the object is nested deeper than the ${maxDepth} levels that the kapi sandbox takes`);
    }
    const next: Json[] = [];
    for (const entry of level) {
      if (typeof entry !== 'object' || entry === null) continue;
      const members = Object.values(entry) as Json[];
      count += members.length;
      if (count > maxValues) throw badRequest(`the object holds more than ${maxValues} values`);
      for (const member of members) next.push(member);
    }
    level = next;
  }
}

function parseText(body: Buffer, format: BodyFormat): Json {
  if (format === 'protobuf') return decodeProtobuf(body);
  const text = body.toString('utf8');
  return format === 'json' ? parseJson(text) : parseYamlText(text);
}

/**
 * Parses YAML.
 * @throws StatusError 400 for a text that is nested too deep for the parser; the parser's own error
 *   otherwise
 */
export function parseYamlText(text: string): Json {
  if (canNestTooDeep(text))
    throw badRequest(`the YAML nests deeper than the ${maxYamlDepth} levels that the kapi sandbox takes`);
  return parseYaml(text) as Json;
}

/**
 * Describes a text that is not JSON in the words of Go's decoder, as far as they can be derived
 * from outside.
 */
export function jsonProblem(text: string, fallback: string): string {
  const trimmed = text.trimStart();
  const first = trimmed.charAt(0);
  if (first !== '' && !'{["-0123456789tfn'.includes(first)) {
    return `invalid character '${first}' looking for beginning of value`;
  }
  return /end of JSON|Unterminated|after property|Expected .* in JSON at position/.test(fallback) &&
    !/[}\]]\s*$/.test(text)
    ? 'unexpected end of JSON input'
    : fallback;
}

function goTypeOf(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return value === null ? 'null' : typeof value;
}

function summarize(body: Buffer): string {
  if (body.length === 0) return '<empty>';
  const text = body[0] === 0x7b ? body.toString('utf8') : body.toString('hex');
  const limit = body[0] === 0x7b ? 30 : 60;
  return text.length > limit ? `${text.slice(0, limit)} ...` : text;
}

function splitVersion(apiVersion: string): { version: string } {
  const slash = apiVersion.indexOf('/');
  return { version: slash < 0 ? apiVersion : apiVersion.slice(slash + 1) };
}
