// Reads files and standard input that flags name. Entry points: readFileOrStdin(), readStdin(),
// readText(). One limit for all: /dev/zero and `yes` have no end.

import { createReadStream, promises } from 'node:fs';
import { LocalError, localError, systemCodeOf } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { describePath } from '../model/path-value.ts';

/** Max bytes of a file or of standard input that is kept in memory as a whole. */
const maxInputBytes = 256 * 1024 * 1024;

/**
 * Reads a file or standard input.
 * @param path `-` is stdin
 * @param hint what to do if it is too large
 * @throws LocalError if it cannot be read, or is larger than {@link maxInputBytes}
 */
export async function readFileOrStdin(path: string, input: Io['in'], hint?: string): Promise<Buffer> {
  if (path === '-') return Buffer.concat(await readStdin(input, hint));
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, error, hint);
  }
}

/**
 * Reads standard input.
 * @returns its chunks
 * @throws LocalError `InputTooLarge` if it is larger than {@link maxInputBytes}
 */
export async function readStdin(input: Io['in'], hint?: string): Promise<readonly Uint8Array[]> {
  const text = `standard input is larger than ${maxInputBytes / 1024 ** 2} MiB`;
  return collect(input, () => new LocalError(text, { code: 'InputTooLarge', hint }));
}

/**
 * Reads a file as UTF-8.
 * @throws what node:fs throws; `ERR_FS_FILE_TOO_LARGE` beyond {@link maxInputBytes}
 */
export async function readText(path: string): Promise<string> {
  return (await readFile(path)).toString('utf8');
}

async function readFile(path: string): Promise<Buffer> {
  const tooLarge = (): Error =>
    Object.assign(new Error(`more than ${maxInputBytes} bytes`), { code: 'ERR_FS_FILE_TOO_LARGE' });
  if ((await promises.stat(path)).size > maxInputBytes) throw tooLarge();
  // A pipe or a device has no size.
  const chunks: AsyncIterable<Uint8Array> = createReadStream(path);
  return Buffer.concat(await collect(chunks, tooLarge));
}

async function collect(
  input: AsyncIterable<Uint8Array>,
  tooLarge: () => Error,
): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input) {
    length += chunk.byteLength;
    if (length > maxInputBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return chunks;
}

/** The error of a file that cannot be read. */
export function unreadable(path: string, error: unknown, hint?: string): unknown {
  const thrown = localError(`the file ${describePath(path)} cannot be read`, error, 'FileUnreadable');
  const isTooLarge = hint !== undefined && systemCodeOf(error) === 'ERR_FS_FILE_TOO_LARGE';
  if (!isTooLarge || !(thrown instanceof LocalError)) return thrown;
  return new LocalError(thrown.message, { code: thrown.code, cause: error, hint });
}
