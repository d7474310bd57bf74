// Values of settings that name a file or a program, as messages may show them. Entry: describePath, describeCommand,
// contentIn. Every message that shows such a value goes through here: a usual mistake in CI is the content of a secret
// file where its path belongs, and content is never printed. Pure.

/** Length limits of Linux and macOS, in bytes. @see https://man7.org/linux/man-pages/man7/path_resolution.7.html */
const maxPathBytes = 4095;
const maxNameBytes = 255;

/** Fields by which a kubeconfig is recognized, in YAML or JSON, on one line or on several. */
const kubeconfigField =
  /(?:^|[\s{,/"'])(?:apiVersion|clusters|contexts|users|current-context|[a-z-]+-data)["']?\s*:(?:\s|[[{"'])/;

/** How base64 of PEM, of a kubeconfig, of JSON (so of a JWT) and of gzip begins, as a whole part of a path. */
const encodedStart = /(?:^|\/)\s*(?:LS0tL|YXBpV|eyJ|ewo|H4sI|MII[A-Z])[A-Za-z0-9+=]/;

/** What {@link contentIn} says of a value whose only fault is its length. */
export const tooLong = 'too long for a path';

/**
 * What a value looks like that is no path but content: of a key, certificate, token, kubeconfig or URL.
 * @param value as given, or made absolute: then the parts between slashes are judged
 * @returns a phrase for messages (`PEM`, `base64`), or undefined where the value may be a path
 */
export function contentIn(value: string): string | undefined {
  if (/-----(?:BEGIN|END) |(?:BEGIN|END) [A-Z0-9 ]*(?:CERTIFICATE|KEY)-----/.test(value)) return 'PEM';
  if (kubeconfigField.test(value)) return 'a kubeconfig';
  if (/(?:^|\/)\s*[{[]\s*["{[\]}]/.test(value)) return 'JSON';
  if (/[\r\n\u0085\u2028\u2029]/.test(value)) return 'several lines';
  if (value.includes('\0')) return 'binary data';
  if (/(?:^|\/)eyJ[\w-]+\.[\w-]+/.test(value)) return 'a JSON Web Token';
  if (encodedStart.test(value) || value.split('/').some(isRandom) || /[\w+]=+$/.test(value)) return 'base64';
  if (/(?:^|\/)[a-z][a-z0-9+.-]*:\/\//i.test(value) || /(?:^|\/)https?:\//i.test(value)) return 'a URL';
  return isTooLong(value) ? tooLong : undefined;
}

/** The path, or a phrase in its place where it looks like content. */
export function describePath(path: string): string {
  const content = contentIn(path);
  return content === undefined ? path : `(not shown: it looks like the content of a file, ${content})`;
}

/** @param content from {@link contentIn} @returns a sentence part for errors: `it looks like the content of a file (PEM) …` */
export function looksLike(content: string): string {
  return `it looks like the content of a file (${content}) and is not shown`;
}

/**
 * The program of an exec plugin for messages: its first word, since what follows a blank or `=` is an argument in the
 * wrong place and may be a secret.
 */
export function describeCommand(command: string): string {
  const content = contentIn(command);
  if (content !== undefined) return `(not shown: it looks like ${content}, not like a program)`;
  const end = command.search(/[\s=]/);
  return end < 0 ? command : `${command.slice(0, end)}…`;
}

/**
 * The words of a command line for a message: the values of flags without those that look like content.
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

const minRandomLength = 20;
/** In random base64 six of ten neighbours differ in their class, in names made of words two of ten. */
const minChangeRate = 0.38;

/** Whether a part of a path looks like random base64: capitals, small letters and digits, all mixed. */
function isRandom(name: string): boolean {
  if (name.length < minRandomLength || !/^[\w+=.~-]+$/.test(name)) return false;
  if (!/[A-Z]/.test(name) || !/[a-z]/.test(name)) return false;
  const changes = name.match(/[A-Z](?=[a-z0-9])|[a-z](?=[A-Z0-9])|[0-9](?=[A-Za-z])/g)?.length ?? 0;
  return changes / (name.length - 1) > minChangeRate;
}
