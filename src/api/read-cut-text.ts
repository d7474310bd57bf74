// Reads the body of a response as text. Entry point: readCutText().

import type { ApiResponse } from '../model/request.ts';

/**
 * Returns the body as text. Cuts it at `maxBytes`, says so in the last line, and frees the
 * connection.
 * @throws ConnectionError if the connection breaks
 */
export async function readCutText(response: ApiResponse, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      response.cancel();
      parts.push(decoder.decode(), `\n… cut after ${maxBytes} bytes\n`);
      return parts.join('');
    }
    parts.push(decoder.decode(chunk, { stream: true }));
  }
  parts.push(decoder.decode());
  return parts.join('');
}
