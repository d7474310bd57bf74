// The body of an answer as people see it: JSON indented while it arrives, everything harmless for a terminal. Entry point:
// showBody(). Bytes for a pipe or a file need nothing of this.

import type { ApiResponse } from '../model/request.ts';
import type { Sink } from '../io/io.ts';
import { escapeControl } from '../output/escape.ts';
import { highlight } from '../output/highlight.ts';
import { JsonIndenter } from '../output/reindent.ts';

/** Whether an answer says that it is JSON. */
export function isJsonAnswer(response: Pick<ApiResponse, 'headers'>): boolean {
  return /^application\/([\w.-]+\+)?json\b/.test(response.headers['content-type'] ?? '');
}

/** Called at the end, when the text ended before its value did. @param bytes that came */
export type BreaksOff = (bytes: number) => void;

/**
 * JSON put on lines as it arrives. A line break right after the first bracket means that the server indents; kapi then has
 * nothing to add.
 */
export async function* indentJson(
  body: AsyncIterable<Uint8Array>,
  breaksOff?: BreaksOff,
): AsyncGenerator<Uint8Array> {
  const indenter = new JsonIndenter();
  let asSent: boolean | undefined;
  // An HTML page that calls itself JSON is shown as it is.
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
 * Writes a body to a terminal: coloured where it is JSON, control characters made visible, its last line ended.
 * @param isStream one document a line (a watch): each is shown when it comes, on its line
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

/** Text in whole lines, so that no character and no JSON token is cut in two; the last one gets its line break. */
async function* wholeLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // In pieces until a line ends: a line may have 100 MB, and looking through it again for each chunk would take minutes.
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
