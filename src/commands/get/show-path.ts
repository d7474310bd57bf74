// The answer of a path as it came: JSON indented while it arrives, anything else untouched.

import { getRaw } from '../../api/get.ts';
import { escapeControl } from '../../output/escape.ts';
import { highlight } from '../../output/highlight.ts';
import { JsonIndenter } from '../../output/reindent.ts';
import type { Deps } from '../deps.ts';

/**
 * Shows what GET of a path answers. Nothing is parsed, hidden or reordered; a body that the server has indented itself
 * stays as it is. On a terminal it is coloured, control characters are made visible, and it ends its last line.
 * @throws RefusedError, ServerError, ConnectionError
 */
export async function showPath(path: string, deps: Deps): Promise<void> {
  const { out } = deps.io;
  const response = await getRaw(await deps.send(), path, { signal: deps.signal });
  const isJson = /^application\/([\w.-]+\+)?json\b/.test(response.headers['content-type'] ?? '');
  const chunks = isJson ? indented(response.body) : response.body;
  if (!out.isTTY) {
    for await (const chunk of chunks) await out.write(chunk);
    return;
  }
  for await (const lines of wholeLines(chunks)) {
    await out.write(isJson ? await highlight(lines, 'json', out.color) : escapeControl(lines));
  }
}

/** A line break right after the first bracket means that the server indents; kapi then has nothing to add. */
async function* indented(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const indenter = new JsonIndenter();
  let asSent: boolean | undefined;
  for await (const chunk of body) {
    asSent ??= /^\s*[[{]\s*\n/.test(Buffer.from(chunk.subarray(0, 64)).toString('latin1'));
    yield asSent ? chunk : indenter.push(chunk);
  }
  if (asSent === false) yield Buffer.from('\n');
}

/** Text in whole lines, so that no character and no JSON token is cut in two; the last one gets its line break. */
async function* wholeLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const text = rest + decoder.decode(chunk, { stream: true });
    const end = text.lastIndexOf('\n') + 1;
    if (end > 0) yield text.slice(0, end);
    rest = text.slice(end);
  }
  rest += decoder.decode();
  if (rest !== '') yield rest.endsWith('\n') ? rest : `${rest}\n`;
}
