// Control characters made visible, so that nothing a server sends drives the terminal. Entry points: escapeControl for
// text of several lines, escapeLine for text that must stay on one, escapeJsonControl for JSON.

/**
 * C0 but tab and line feed, DEL, C1, and the characters that reorder text: `\p{Bidi_Control}` spelled out, because the first property of
 * Unicode that a process asks for costs it half a millisecond.
 * @see https://www.unicode.org/reports/tr9/
 */
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const controlOrBreak =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const beyondC0 = /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

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

/** What JSON lets stand raw, as `\u202e`: the same JSON for a reader, harmless for a terminal. */
export function escapeJsonControl(json: string): string {
  return json.replace(beyondC0, numeric);
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

function numeric(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
