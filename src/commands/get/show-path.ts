// The answer of a path as it came: JSON indented while it arrives, anything else untouched.

import { buildRawRequest, getRaw } from '../../api/get.ts';
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
  const isStream = buildRawRequest(path).streaming === true;
  if (out.isTTY) return showBody(response.body, out, { isJson, isStream });
  const chunks = isJson && !isStream ? indentJson(response.body) : response.body;
  for await (const chunk of chunks) await out.write(chunk);
}
