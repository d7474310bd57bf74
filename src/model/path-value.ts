// Formats settings that name a file or a program for messages. Entry points: describePath,
// describeCommand, contentIn. Every message with such a value uses this file: a common mistake in
// CI is to pass the content of a secret file instead of its path, and kapi never prints content.
// Pure.

/**
 * Length limits of Linux and macOS, in bytes.
 * @see https://man7.org/linux/man-pages/man7/path_resolution.7.html
 */
const maxPathBytes = 4095;
const maxNameBytes = 255;

/** Matches fields of a kubeconfig, in YAML or JSON, on one line or on several. */
const kubeconfigField =
  /(?:^|[\s{,/"'])(?:apiVersion|clusters|contexts|users|current-context|[a-z-]+-data)["']?\s*:(?:\s|[[{"'])/;

/**
 * Matches the start of base64 of PEM, of a kubeconfig, of JSON (so of a JWT) and of gzip, as a
 * whole part of a path.
 */
const encodedStart = /(?:^|\/)\s*(?:LS0tL|YXBpV|eyJ|ewo|H4sI|MII[A-Z])[A-Za-z0-9+=]/;

/** The result of {@link contentIn} for a value that is only too long. */
export const tooLong = 'too long for a path';

/**
 * Returns what a value looks like if it is content and not a path: a key, certificate, token,
 * kubeconfig or URL.
 * @param value as given, or made absolute: then judges the parts between slashes
 * @returns a phrase for messages (`PEM`, `base64`), or undefined if the value can be a path
 */
export function contentIn(value: string): string | undefined {
  if (/-----(?:BEGIN|END) |(?:BEGIN|END) [A-Z0-9 ]*(?:CERTIFICATE|KEY)-----/.test(value)) return 'PEM';
  if (kubeconfigField.test(value)) return 'a kubeconfig';
  if (/(?:^|\/)\s*[{[]\s*["{[\]}]/.test(value)) return 'JSON';
  if (/[\r\n\u0085\u2028\u2029]/.test(value)) return 'several lines';
  if (value.includes('\0')) return 'binary data';
  if (/(?:^|\/)eyJ[\w-]+\.[\w-]+/.test(value)) return 'a JSON Web Token';
  if (encodedStart.test(value) || /[\w+]=+$/.test(value) || hasRandomPart(value)) return 'base64';
  if (/(?:^|\/)[a-z][a-z0-9+.-]*:\/\//i.test(value) || /(?:^|\/)https?:\//i.test(value)) return 'a URL';
  return isTooLong(value) ? tooLong : undefined;
}

/** Returns the path, or a phrase instead if it looks like content. */
export function describePath(path: string): string {
  const content = contentIn(path);
  return content === undefined ? path : `(not shown: it looks like the content of a file, ${content})`;
}

/**
 * Formats the result of {@link contentIn} for errors: `it looks like the content of a file (PEM)
 * …`.
 * @param content from {@link contentIn}
 */
export function looksLike(content: string): string {
  return `it looks like the content of a file (${content}) and is not shown`;
}

/**
 * Returns the program of an exec plugin for messages: only its first word, because the text after a
 * blank or `=` is a misplaced argument and can be a secret.
 */
export function describeCommand(command: string): string {
  const content = contentIn(command);
  if (content !== undefined) return `(not shown: it looks like ${content}, not like a program)`;
  const end = command.search(/[\s=]/);
  return end < 0 ? command : `${command.slice(0, end)}…`;
}

/**
 * Returns the words of a command line for a message, without flag values that look like content.
 * @param words `--key VALUE` and `--key=VALUE` alike
 */
export function describeWords(words: readonly string[]): string[] {
  return words.map((word) => {
    const flag = /^--?[\w-]+=/.exec(word)?.[0] ?? '';
    return contentIn(word.slice(flag.length)) === undefined ? word : `${flag}…`;
  });
}

function isTooLong(value: string): boolean {
  if (value.length <= maxNameBytes) return Buffer.byteLength(value) > maxNameBytes && hasLongName(value);
  return Buffer.byteLength(value) > maxPathBytes || hasLongName(value);
}

function hasLongName(value: string): boolean {
  return value.split('/').some((name) => Buffer.byteLength(name) > maxNameBytes);
}

/** Length of base64 of a key of 32 bytes, without padding. */
const minKeyLength = 43;
/** Max slashes at which base64 that contains slashes can begin: the depth of a usual directory. */
const maxDepth = 32;

/** True if a part of the value is random base64, which can contain slashes itself. */
function hasRandomPart(value: string): boolean {
  const parts = value.split('/');
  if (parts.some(isRandom)) return true;
  return parts.slice(0, maxDepth).some((_, index) => {
    const rest = parts.slice(index).join('');
    return rest.length >= minKeyLength && /^[A-Za-z0-9+]+$/.test(rest) && isRandomMix(rest);
  });
}

/**
 * True for letters of both cases and digits in the shares of random base64 (41 % upper case, 41 %
 * lower case, 16 % digits). Names of words, such as `JaneDoe`, have less upper case.
 */
function isRandomMix(text: string): boolean {
  const shareOf = (kind: RegExp): number => (text.match(kind)?.length ?? 0) / text.length;
  return shareOf(/[A-Z]/g) > 0.27 && shareOf(/[a-z]/g) > 0.2 && shareOf(/[0-9]/g) > 0.04;
}

const minRandomLength = 20;
/**
 * Min rate of changes between character classes. In random base64 six of ten neighbours differ in
 * their class, in names made of words two of ten.
 */
const minChangeRate = 0.38;

/** True if a part of a path looks like random base64: upper case, lower case and digits mixed. */
function isRandom(name: string): boolean {
  if (name.length < minRandomLength || !/^[\w+=.~-]+$/.test(name)) return false;
  if (!/[A-Z]/.test(name) || !/[a-z]/.test(name)) return false;
  const changes = name.match(/[A-Z](?=[a-z0-9])|[a-z](?=[A-Z0-9])|[0-9](?=[A-Za-z])/g)?.length ?? 0;
  return changes / (name.length - 1) > minChangeRate;
}
