// Reads the server's version and compares it with the client's. Entry points: readVersion(),
// skewWarning().

import { isJsonObject, stringAt, type Json, type JsonObject } from '../model/object.ts';
import type { RequestSpec, Send, SendOptions } from '../model/request.ts';
import { sourceOf, unexpectedResponse, type ResponseSource } from './response-source.ts';
import { readJson } from './read.ts';
import { errorOf, isSuccess } from './status.ts';

export interface ServerVersion {
  /** `v1.36.2`, `v1.33.1-gke.1234000`. */
  readonly gitVersion: string;
  /** Undefined if the server sends no number. */
  readonly major: number | undefined;
  /**
   * Without the plus sign that providers append (`30+`). Undefined if the server sends no number.
   */
  readonly minor: number | undefined;
  /** The response as JSON. */
  readonly document: JsonObject;
}

/**
 * Reads `GET /version`. By default every user can read it, even an anonymous one.
 * @throws RefusedError, ServerError, ConnectionError
 */
export async function readVersion(send: Send, options: SendOptions = {}): Promise<ServerVersion> {
  const request: RequestSpec = { method: 'GET', path: '/version', headers: { accept: 'application/json' } };
  const response = await send(request, options);
  if (!isSuccess(response)) throw await errorOf(request, response);
  return decodeVersion(await readJson(response, request), sourceOf(request, response));
}

/**
 * Decodes the response of `/version`.
 * @throws ServerError `UnexpectedAnswer` if it has no `gitVersion`
 */
export function decodeVersion(json: Json, source: ResponseSource): ServerVersion {
  if (!isJsonObject(json) || stringAt(json, 'gitVersion') === '') {
    throw unexpectedResponse(source, 'no version of a Kubernetes API server');
  }
  return {
    gitVersion: stringAt(json, 'gitVersion'),
    major: leadingNumber(stringAt(json, 'major')),
    minor: leadingNumber(stringAt(json, 'minor')),
    document: json,
  };
}

/**
 * Max difference of the minor versions of client and server.
 * @see https://kubernetes.io/releases/version-skew-policy/#kubectl
 */
const supportedSkew = 1;

/**
 * Returns kubectl's warning for versions that are too far apart. Undefined if they are not, or if
 * the server sends no numbers.
 */
export function skewWarning(
  client: { readonly major: number; readonly minor: number },
  server: Pick<ServerVersion, 'major' | 'minor'>,
): string | undefined {
  if (server.major === undefined || server.minor === undefined) return undefined;
  const apart = Math.abs(client.minor - server.minor);
  if (client.major === server.major && apart <= supportedSkew) return undefined;
  return (
    `WARNING: version difference between client (${client.major}.${client.minor}) ` +
    `and server (${server.major}.${server.minor}) exceeds the supported minor version skew of +/-${supportedSkew}`
  );
}

function leadingNumber(text: string): number | undefined {
  const match = /^\d{1,9}/.exec(text);
  return match === null ? undefined : Number(match[0]);
}
