// The answer of a path as it came: JSON indented while it arrives, anything else untouched.

import { buildRawRequest, getRaw } from '../../api/get.ts';
import { brokenOff } from '../../api/read.ts';
import type { Deps } from '../deps.ts';
import { indentJson, isJsonAnswer, showBody } from '../show-body.ts';

/**
 * Shows what GET of a path answers. Nothing is parsed, hidden or reordered; a body that the server has indented itself
 * stays as it is. On a terminal it is coloured, control characters are made visible, and it ends its last line.
 * @throws RefusedError, ServerError, ConnectionError
 */
export async function showPath(path: string, deps: Deps): Promise<void> {
  const { out } = deps.io;
  const response = await getRaw(await deps.send(), path, { signal: deps.signal });
  const isJson = isJsonAnswer(response);
  const request = buildRawRequest(path);
  const isStream = request.streaming === true;
  let brokenAfter: number | undefined;
  const breaksOff = (bytes: number): void => {
    brokenAfter = bytes;
  };
  if (out.isTTY) {
    await showBody(response.body, out, { isJson, isStream, breaksOff });
  } else {
    const chunks = isJson && !isStream ? indentJson(response.body, breaksOff) : response.body;
    for await (const chunk of chunks) await out.write(chunk);
  }
  // A connection that is cut is noticed by the transport; here the answer came to its end and its text did not.
  if (brokenAfter !== undefined) throw brokenOff(response, request, `breaks off after ${brokenAfter} bytes`);
}
