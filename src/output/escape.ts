// Control characters made visible, so that nothing a server sends drives the terminal. Entry points: escapeControl for
// text of several lines, escapeLine for text that must stay on one, escapeMessage for messages, escapeJsonControl for JSON, escapeForTerminal at the end.

/**
 * What a text must not do to a terminal or to its reader: C0 but tab and line feed, DEL, C1; the characters that reorder text
 * (`\p{Bidi_Control}`); those that nobody sees (soft hyphen, zero-width space and no-break space, word joiner and the invisible
 * operators, annotations, tags); and the two line separators. The joiners U+200C and U+200D stay: Persian and emoji need them.
 * Spelled out, because the first property of Unicode that a process asks for costs it half a millisecond.
 * @see https://www.unicode.org/reports/tr9/ and https://www.unicode.org/reports/tr36/
 */
const invisible =
  '\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}';
const control = new RegExp(`[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f${invisible}]`, 'gu');
const controlOrBreak = new RegExp(`[\\u0000-\\u001f\\u007f-\\u009f${invisible}]`, 'gu');
const inJson = new RegExp(`[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f${invisible}]`, 'gu');

/** The colours that kapi and chalk write themselves; control characters of any other kind are foreign. */
const ownColour = /(\u001b\[(?:[0-9;]*)m)/;

/** Quick answer for nearly all texts: nothing in them has to be made visible, and they are as wide as they are long. */
export const printableAscii = /^[\x20-\x7e]*$/;

/**
 * Text of a server, a file or a plugin as it may be shown: control characters, escape sequences and bidirectional
 * controls as `^[`, `\r` or `\u202e`; line feeds and tabs stay. Not reversible.
 */
export function escapeControl(text: string): string {
  return printableAscii.test(text) ? text : text.replace(control, visible);
}

/** Like {@link escapeControl}, with line breaks and tabs shown as `\n` and `\t`. */
export function escapeLine(text: string): string {
  return printableAscii.test(text) ? text : text.replace(controlOrBreak, visible);
}

/**
 * A message for people in which words of a server stand: like {@link escapeControl}, and no line but the first can be taken for
 * one of kapi's own (`hint: …`, `error: …`, `Warning: …`).
 */
export function escapeMessage(text: string): string {
  return escapeControl(text).replace(/\n(?=[ \t]*(?:hint|error|warning|note)\b[ \t]*:)/gi, '\n| ');
}

/**
 * The door to a terminal: text as it is written at last. Whatever was escaped before stays as it is; what was not is made
 * visible here.
 * @param keepsColours the text is `Painted`: colours in it are kapi's own
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
 * What JSON lets stand raw, as `\u202e`: the same JSON for a reader, harmless for a terminal. Control characters that JSON forbids
 * and a server sends all the same, too.
 */
export function escapeJsonControl(json: string): string {
  return json.replace(inJson, numeric);
}

/** kubectl's forms for ESC (`^[`) and CR (`\r`), carried on to the rest: caret notation up to DEL, numbers beyond. */
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

/** Each UTF-16 unit for itself, as JSON writes what lies beyond U+FFFF. */
function numeric(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
