// Shows the body of a response on a terminal: JSON indented while it arrives, control characters
// escaped. Entry point: showBody(). Bytes for a pipe or a file do not pass through it.

import type { ApiResponse } from '../model/request.ts';
import type { Sink } from '../io/io.ts';
import { escapeControl } from '../output/escape.ts';
import { highlight } from '../output/highlight.ts';
import { JsonIndenter } from '../output/reindent.ts';

/** True if a response declares its body to be JSON. */
export function isJsonAnswer(response: Pick<ApiResponse, 'headers'>): boolean {
  return /^application\/([\w.-]+\+)?json\b/.test(response.headers['content-type'] ?? '');
}

/**
 * Called at the end if the text ended before its value did.
 * @param bytes number of bytes received
 */
export type BreaksOff = (bytes: number) => void;

/**
 * Indents JSON as it arrives. A line break right after the first bracket means that the server
 * indents; kapi then changes nothing.
 */
export async function* indentJson(
  body: AsyncIterable<Uint8Array>,
  breaksOff?: BreaksOff,
): AsyncGenerator<Uint8Array> {
  const indenter = new JsonIndenter();
  let asSent: boolean | undefined;
  // An HTML page that is declared as JSON is shown unchanged.
  let isJson = true;
  let bytes = 0;
  for await (const chunk of body) {
    if (bytes === 0) {
      const start = Buffer.from(chunk.subarray(0, 64)).toString('latin1');
      isJson = /^\s*[[{"]/.test(start);
      asSent = !isJson || /^\s*[[{]\s*\n/.test(start);
    }
    bytes += chunk.length;
    const indented = indenter.push(chunk);
    yield asSent ? chunk : indented;
  }
  if (asSent === false) yield Buffer.from('\n');
  if (isJson && indenter.isOpen) breaksOff?.(bytes);
}

/**
 * Writes a body to a terminal: coloured if it is JSON, control characters escaped, its last line
 * ended.
 * @param isStream true for one document a line (a watch): each is shown when it arrives, on its
 *   line
 */
export async function showBody(
  body: AsyncIterable<Uint8Array>,
  out: Sink,
  {
    isJson,
    isStream,
    breaksOff,
  }: { readonly isJson: boolean; readonly isStream: boolean; readonly breaksOff?: BreaksOff },
): Promise<void> {
  const chunks = isJson && !isStream ? indentJson(body, breaksOff) : body;
  for await (const lines of wholeLines(chunks)) {
    await out.write(isJson ? await highlight(lines, 'json', out.color) : escapeControl(lines));
  }
}

/**
 * Yields text in whole lines, so that no character and no JSON token is divided. Adds a line end to
 * the last line.
 */
async function* wholeLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // Collected in pieces until a line ends: a line can have 100 MB, and searching it again for each
  // chunk would take minutes.
  let begun: string[] = [];
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    const end = text.lastIndexOf('\n') + 1;
    if (end > 0) yield begun.join('') + text.slice(0, end);
    if (end > 0) begun = [];
    begun.push(text.slice(end));
  }
  const rest = begun.join('') + decoder.decode();
  if (rest !== '') yield rest.endsWith('\n') ? rest : `${rest}\n`;
}
