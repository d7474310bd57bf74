// Encodes the one OpenAPI document that kubectl up to 1.28 requires as protobuf: version 2, with
// only what kubectl reads before a write, which is the query parameters of every PATCH. Entry
// point: encodeOpenApiV2. Message and field numbers are those of gnostic's OpenAPIv2.proto.

import { arrayAt, isJsonObject, objectAt, stringAt, type JsonObject } from '../../model/object.ts';

/** The media type that clients ask for. */
export const openApiV2Protobuf = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/**
 * Encodes a document.
 * @param document an OpenAPI version 2 document; omits its definitions and all operations except
 *   PATCH
 */
export function encodeOpenApiV2(document: JsonObject): Buffer {
  const info = objectAt(document, 'info');
  const paths = Object.entries(objectAt(document, 'paths') ?? {}).flatMap(([path, item]) => {
    const patch = isJsonObject(item) ? objectAt(item, 'patch') : undefined;
    // PathItem.patch = 8; NamedPathItem { name = 1, value = 2 }; Paths.path = 2
    return patch === undefined ? [] : [message(2, text(1, path), message(2, message(8, operation(patch))))];
  });
  return Buffer.concat([
    text(1, '2.0'),
    message(2, text(1, stringAt(info, 'title')), text(2, stringAt(info, 'version'))),
    message(8, ...paths),
  ]);
}

/** Operation { parameters = 8, vendor_extension = 13 } */
function operation(patch: JsonObject): Buffer {
  const parameters = arrayAt(patch, 'parameters')
    .filter(isJsonObject)
    .filter((parameter) => parameter['in'] === 'query')
    .map((parameter) => {
      const query = [
        text(2, 'query'),
        text(4, stringAt(parameter, 'name')),
        text(6, stringAt(parameter, 'type')),
      ];
      // ParametersItem.parameter = 1, Parameter.non_body_parameter = 2,
      // NonBodyParameter.query_parameter_sub_schema = 3
      return message(8, message(1, message(2, message(3, ...query))));
    });
  const kind = objectAt(patch, 'x-kubernetes-group-version-kind');
  const yaml = Object.entries(kind ?? {})
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
  // NamedAny { name = 1, value = 2 }, Any.yaml = 2
  const extension = message(13, text(1, 'x-kubernetes-group-version-kind'), message(2, text(2, yaml)));
  return Buffer.concat([...parameters, extension]);
}

function text(field: number, value: string): Buffer {
  return lengthDelimited(field, Buffer.from(value));
}

function message(field: number, ...parts: readonly Buffer[]): Buffer {
  return lengthDelimited(field, Buffer.concat(parts));
}

function lengthDelimited(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}
