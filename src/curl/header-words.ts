// Headers as words of a curl command: those of the request and those that curl must be kept from adding.

import type { RequestSpec } from '../model/request.ts';
import { hasSecretValue } from '../model/secret.ts';
import type { CurlFacts, Warn } from './curl-facts.ts';
import { expandingWord, shellWord, type Expansion } from '../model/shell-words.ts';

/** What curl says by itself (any type) means the same. */
const plainAccept = new Set(['*/*', 'application/json, */*']);

/** All headers but Authorization. */
export function headerWords(request: RequestSpec, facts: CurlFacts, warn: Warn): string[] {
  const words: string[] = [];
  const headers = request.headers ?? {};
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'authorization') continue;
    const values = typeof value === 'string' ? [value] : value;
    for (const text of values) {
      if (name === 'accept' && plainAccept.has(text)) continue;
      // The API answers in JSON unless told otherwise; what a command line has said is said again.
      if (name === 'accept' && text === 'application/json' && request.words === undefined) continue;
      if (name === 'user-agent' && text !== '') words.push(`-A ${shellWord(text)}`);
      else words.push(headerWord(name, text, facts, warn));
    }
  }
  const left = (request.omitHeaders ?? []).filter(
    (name) => curlsOwn.has(name) && headers[name] === undefined,
  );
  // curl would call every body a form; one that it uploads has no type.
  const untyped = request.body !== undefined && request.words?.body?.[0] !== '-T';
  if (untyped && headers['content-type'] === undefined) left.push('content-type');
  return [...words, ...left.map((name) => `-H ${shellWord(`${titleCase(name)}:`)}`)];
}

/** Headers that curl sends unasked. */
const curlsOwn = new Set(['accept', 'host', 'user-agent']);

/** One header; a value that may be a secret becomes a variable. */
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

/** A header as `-H` takes it: without a value curl would leave it out, unless a semicolon ends its name. */
export function headerText(name: string, value: string): string {
  return value === '' ? `${name};` : `${name}: ${value}`;
}

function titleCase(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

/** Stands for a secret that nothing but the reader can provide. */
export function variable(name: string, from: string, warn: Warn): Expansion {
  warn(`set ${name} before you run the command (from ${from}), or print it with --show-secrets`);
  return { shell: `$${name}` };
}
