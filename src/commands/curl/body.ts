// Reads the body of the data flags from files and stdin. Entry points: readData(),
// streamFileOrStdin().

import { constants, createReadStream, promises } from 'node:fs';
import { readFileOrStdin, unreadable } from '../read-file.ts';
import type { Io } from '../../io/io.ts';
import type { DataPart } from './options.ts';

/** The parts of a body, joined. */
export interface GivenData {
  readonly bytes: Uint8Array;
  /** True if all parts came from --json. */
  readonly isJson: boolean;
  /** Arguments that give curl the same body without repeating it: a single file. */
  readonly words?: readonly string[] | undefined;
}

/**
 * Joins the data as curl does: with `&`, except for JSON. Unlike curl, keeps the line ends of -d
 * @FILE: YAML needs them, and JSON does not change.
 * @throws LocalError for a file that cannot be read
 */
export async function readData(parts: readonly DataPart[], input: Io['in']): Promise<GivenData> {
  const pieces: Uint8Array[] = [];
  let isJson = false;
  for (const [at, part] of parts.entries()) {
    isJson ||= part.kind === 'json';
    if (at > 0 && !isJson) pieces.push(Buffer.from('&'));
    pieces.push(await readPart(part, input));
  }
  const [only, ...others] = parts;
  const isFile = only !== undefined && others.length === 0 && /^@[^-]|^@-./.test(only.text);
  const asItIs = isFile && only.kind !== 'data-raw' && only.kind !== 'data-urlencode';
  return {
    bytes: Buffer.concat(pieces),
    isJson: parts.length > 0 && parts.every(({ kind }) => kind === 'json'),
    words: asItIs ? ['--data-binary', only.text] : undefined,
  };
}

/** The hint of a body that is too large to be read as a whole. */
export const streamingHint =
  '-T with a Content-Type header (-H) sends a body of any size while it is read, and keeps none of it';

async function readPart({ kind, text }: DataPart, input: Io['in']): Promise<Uint8Array> {
  if (kind === 'data-raw') return Buffer.from(text);
  if (kind === 'data-urlencode') return readEncoded(text, input);
  return text.startsWith('@') ? readFileOrStdin(text.slice(1), input, streamingHint) : Buffer.from(text);
}

/** Encodes `CONTENT`, `=CONTENT`, `NAME=CONTENT`, `@FILE`, `NAME@FILE`. */
async function readEncoded(text: string, input: Io['in']): Promise<Uint8Array> {
  const at = text.includes('=') ? text.indexOf('=') : text.indexOf('@');
  const name = at <= 0 ? '' : `${text.slice(0, at)}=`;
  const rest = text.slice(at + 1);
  const content =
    text.charAt(at) === '@' ? await readFileOrStdin(rest, input, streamingHint) : Buffer.from(rest);
  return Buffer.from(`${name}${encodeForm(content)}`);
}

/**
 * Percent-encodes bytes as curl does, with a plus sign for a blank
 * (application/x-www-form-urlencoded).
 */
function encodeForm(bytes: Uint8Array): string {
  let encoded = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (/[\w.~-]/.test(character)) encoded += character;
    else encoded += character === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** Checks that a file can be read before anything is sent. @throws LocalError */
export async function checkReadable(path: string): Promise<void> {
  try {
    await promises.access(path, constants.R_OK);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Streams the bytes of a file, or of stdin for `-`. Opens it at the first read, and buffers
 * nothing.
 */
export async function* streamFileOrStdin(path: string, input: Io['in']): AsyncGenerator<Uint8Array> {
  if (path === '-') {
    yield* input;
    return;
  }
  try {
    const chunks: AsyncIterable<Uint8Array> = createReadStream(path);
    yield* chunks;
  } catch (error) {
    throw unreadable(path, error);
  }
}
