// Makes control characters visible, so that nothing a server sends can control the terminal. Entry
// points: escapeControl for text of several lines, escapeLine for text that must stay on one line,
// escapeMessage for messages, escapeJsonControl for JSON, escapeForTerminal as the last step.

/**
 * Characters that must not reach a terminal or a reader: C0 except tab and line feed, DEL, C1;
 * characters that reorder text (`\p{Bidi_Control}`); invisible ones (soft hyphen, zero-width space
 * and no-break space, word joiner and the invisible operators, annotations, tags); and the two line
 * separators. Excludes the joiners U+200C and U+200D, which Persian and emoji need. Listed
 * explicitly, because the first Unicode property that a process uses costs half a millisecond.
 * @see https://www.unicode.org/reports/tr9/ and https://www.unicode.org/reports/tr36/
 */
const invisible =
  '\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}';
const control = new RegExp(`[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f${invisible}]`, 'gu');
const controlOrBreak = new RegExp(`[\\u0000-\\u001f\\u007f-\\u009f${invisible}]`, 'gu');
const inJson = new RegExp(`[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f${invisible}]`, 'gu');

/**
 * Matches the colours that kapi and chalk write. Any other escape sequence comes from elsewhere.
 */
const ownColour = /(\u001b\[(?:[0-9;]*)m)/;

/** Fast check for nearly all texts: nothing needs escaping, and the width equals the length. */
export const printableAscii = /^[\x20-\x7e]*$/;

/**
 * Escapes text of a server, a file or a plugin: control characters, escape sequences and
 * bidirectional controls become `^[`, `\r` or `\u202e`. Line feeds and tabs stay. Not reversible.
 */
export function escapeControl(text: string): string {
  return printableAscii.test(text) ? text : text.replace(control, visible);
}

/** Like {@link escapeControl}, but also escapes line breaks and tabs as `\n` and `\t`. */
export function escapeLine(text: string): string {
  return printableAscii.test(text) ? text : text.replace(controlOrBreak, visible);
}

/**
 * Escapes a message that contains text of a server, like {@link escapeControl}. In addition, no
 * line after the first can look like one of kapi's own (`hint: …`, `error: …`, `Warning: …`).
 */
export function escapeMessage(text: string): string {
  return escapeControl(text).replace(/\n(?=[ \t]*(?:hint|error|warning|note)\b[ \t]*:)/gi, '\n| ');
}

/**
 * Escapes text as the last step before a terminal. Does not change text that is already escaped.
 * @param keepsColours true if the text is `Painted`: colours in it are kapi's own
 */
export function escapeForTerminal(text: string, keepsColours: boolean): string {
  if (!keepsColours) return escapeControl(text);
  if (text.search(control) < 0) return text;
  return text
    .split(ownColour)
    .map((part, at) => (at % 2 === 1 ? part : escapeControl(part)))
    .join('');
}

/**
 * Escapes characters that JSON allows unescaped, as `\u202e`: the same JSON for a parser, harmless
 * for a terminal. Also escapes control characters that JSON forbids but a server can send.
 */
export function escapeJsonControl(json: string): string {
  return json.replace(inJson, numeric);
}

/**
 * Returns the visible form: kubectl's for ESC (`^[`) and CR (`\r`), caret notation up to DEL,
 * numbers beyond.
 */
function visible(character: string): string {
  switch (character) {
    case '\n':
      return '\\n';
    case '\t':
      return '\\t';
    case '\r':
      return '\\r';
    case '\x7f':
      return '^?';
    default:
      return character < ' ' ? `^${String.fromCharCode(character.charCodeAt(0) + 0x40)}` : numeric(character);
  }
}

/** Escapes each UTF-16 unit separately, as JSON does beyond U+FFFF. */
function numeric(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
