// `--suggest-rbac`: prints the missing roles as YAML on stdout. Shared by can-i and by refused
// requests.

import { suggestRbac } from '../api/rbac-suggestion.ts';
import type { RequestInfo } from '../model/request-info.ts';
import { askWhoAmI } from '../api/self-review.ts';
import { yamlText } from '../output/yaml.ts';
import type { Deps } from './deps.ts';

/**
 * Writes YAML for `kubectl apply -f -`. Writes nothing if no request was refused.
 * @param username the user in a refusal; undefined: asks the server
 */
export async function writeSuggestion(
  requests: readonly RequestInfo[],
  username: string | undefined,
  deps: Pick<Deps, 'io' | 'send' | 'signal' | 'warn'>,
): Promise<void> {
  if (requests.length === 0) return;
  const name = username ?? (await askName(deps));
  if (name === undefined || name === '') {
    deps.warn('no role can be suggested: the server does not say who you are');
    return;
  }
  const { out } = deps.io;
  const documents = suggestRbac(requests, name).map((document) =>
    // Names come from the server.
    yamlText(document, { escapeBidi: out.isTTY }),
  );
  await out.write(documents.join('---\n'));
}

async function askName({ send, signal }: Pick<Deps, 'send' | 'signal'>): Promise<string | undefined> {
  const answer = await askWhoAmI(await send(), { signal });
  return answer.kind === 'user'
    ? answer.user.username
    : answer.kind === 'forbidden'
      ? answer.username
      : undefined;
}
