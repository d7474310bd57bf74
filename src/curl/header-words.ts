// Headers as arguments of a curl command: those of the request, and those that curl must not add.

import type { RequestSpec } from '../model/request.ts';
import { hasSecretValue } from '../model/secret.ts';
import type { CurlFacts, Warn } from './curl-facts.ts';
import { expandingWord, shellWord, type Expansion } from '../model/shell-words.ts';

/** Values that mean the same as curl's default (any type). */
const plainAccept = new Set(['*/*', 'application/json, */*']);

/**
 * JSON, the default of the API. kapi hides managedFields by itself, so the printed command does not
 * need the parameter.
 */
const jsonAccepts = new Set([
  'application/json',
  'application/json;drop=metadata.managedFields,application/json',
]);

/** Returns all headers except Authorization. */
export function headerWords(request: RequestSpec, facts: CurlFacts, warn: Warn): string[] {
  const words: string[] = [];
  const headers = request.headers ?? {};
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'authorization') continue;
    const values = typeof value === 'string' ? [value] : value;
    for (const text of values) {
      if (name === 'accept' && plainAccept.has(text)) continue;
      // JSON is the default of the API. Headers that the user typed are repeated.
      if (name === 'accept' && jsonAccepts.has(text) && request.words === undefined) continue;
      if (name === 'user-agent' && text !== '') words.push(`-A ${shellWord(text)}`);
      else words.push(headerWord(name, text, facts, warn));
    }
  }
  const left = (request.omitHeaders ?? []).filter(
    (name) => curlsOwn.has(name) && headers[name] === undefined,
  );
  // curl declares every body a form, except one that it uploads.
  const untyped = request.body !== undefined && request.words?.body?.[0] !== '-T';
  if (untyped && headers['content-type'] === undefined) left.push('content-type');
  return [...words, ...left.map((name) => `-H ${shellWord(`${titleCase(name)}:`)}`)];
}

/** Headers that curl sends by default. */
const curlsOwn = new Set(['accept', 'host', 'user-agent']);

/** Returns one header. A value that can be a secret becomes a variable. */
function headerWord(name: string, value: string, { showSecrets }: CurlFacts, warn: Warn): string {
  const shown = titleCase(name);
  if (showSecrets || value === '' || !hasSecretValue(name))
    return `-H ${shellWord(headerText(shown, value))}`;
  const expansion = variable(
    shown.toUpperCase().replaceAll(/\W/g, '_'),
    `the ${shown} header of this command line`,
    warn,
  );
  return `-H ${expandingWord(`${shown}: `, expansion)}`;
}

/**
 * Formats a header for `-H`. curl drops a header without a value unless its name ends with a
 * semicolon.
 */
export function headerText(name: string, value: string): string {
  return value === '' ? `${name};` : `${name}: ${value}`;
}

function titleCase(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

/** Returns a variable for a secret that only the user can provide. */
export function variable(name: string, from: string, warn: Warn): Expansion {
  warn(`set ${name} before you run the command (from ${from}), or print it with --show-secrets`);
  return { shell: `$${name}` };
}
