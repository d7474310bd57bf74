// Prints the response of a path as received: JSON indented while it arrives, anything else
// unchanged.

import { buildRawRequest, getRaw } from '../../api/get.ts';
import { brokenOff, readJson, readText } from '../../api/read.ts';
import { UsageError } from '../../errors.ts';
import { suggested } from '../../model/suggestion.ts';
import type { Deps } from '../deps.ts';
import { isContextSink } from '../../output/context-output.ts';
import { printStructured } from '../../output/structured.ts';
import { indentJson, isJsonAnswer, showBody } from '../show-body.ts';

/**
 * Shows the response to a GET of a path. Does not parse, hide or reorder anything. A body that the
 * server has indented is not changed. On a terminal it is coloured, its control characters are
 * escaped, and its last line ends with a line end.
 * @throws RefusedError, ServerError, ConnectionError
 */
export async function showPath(path: string, deps: Deps): Promise<void> {
  const { out } = deps.io;
  if (isContextSink(out)) return showInContexts(path, deps);
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
  // The transport reports a broken connection. Here the response is complete, but its text is not.
  if (brokenAfter !== undefined) throw brokenOff(response, request, `breaks off after ${brokenAfter} bytes`);
}

/** The answer as the part of one context among several: JSON as a document, text in lines. */
async function showInContexts(path: string, deps: Deps): Promise<void> {
  const { out } = deps.io;
  const request = buildRawRequest(path);
  if (request.streaming === true) {
    throw new UsageError(`${path} is a stream, and --contexts needs an answer that ends`, {
      code: 'ConflictingFlags',
      hint: `${suggested('watch', 'TYPE', '--contexts', 'GLOB')} follows objects of several contexts; --context follows one`,
    });
  }
  const response = await getRaw(await deps.send(), path, { signal: deps.signal });
  if (isJsonAnswer(response)) await printStructured(out, 'json', await readJson(response, request));
  else await out.write(await readText(response, request));
}
