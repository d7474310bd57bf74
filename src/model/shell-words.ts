// Quotes text as words of a POSIX shell, so that a pasted command means what kapi printed. Entry
// points: shellWord, expandingWord, printfCommand. Does not use `$'…'`: it is not part of POSIX,
// and dash prints it unchanged.

/** A part of a word that the shell expands: `$(kapi config token)`, `$PASSWORD`. */
export interface Expansion {
  readonly shell: string;
}

/**
 * Characters that a terminal would act on or not show, except line feed and tab: C0, DEL, C1 and
 * Unicode's Bidi_Control. Listed explicitly, because every start of kapi would pay for the first
 * Unicode property (output/escape.ts).
 */
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const eachUnprintable = new RegExp(unprintable, 'g');

/** True if a text can be pasted between quotes unchanged. */
export function isPrintable(text: string): boolean {
  return !unprintable.test(text);
}

/**
 * Returns one word of a command line. sh, bash and zsh expand nothing in it, not even history.
 * Characters that would control the terminal come from a `printf`.
 * @param text must not end with a line end if it contains unprintable characters: `$(…)` would drop
 *   the line end
 */
export function shellWord(text: string): string {
  if (!isPrintable(text)) return `"$(${printfCommand(text)})"`;
  // zsh expands a leading =, and all of them expand a leading ~.
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Returns one word made of text and of parts that the shell expands. */
export function expandingWord(...parts: readonly (string | Expansion)[]): string {
  const plain = parts.every(
    (part) => typeof part !== 'string' || (isPrintable(part) && !/["\\$`!]/.test(part)),
  );
  if (plain) return `"${parts.map((part) => (typeof part === 'string' ? part : part.shell)).join('')}"`;
  // Between double quotes an exclamation mark would expand the history of an interactive shell.
  return parts
    .filter((part) => part !== '')
    .map((part) => (typeof part === 'string' ? shellWord(part) : `"${part.shell}"`))
    .join('');
}

/** Returns a `printf` that writes exactly this text or these bytes. */
export function printfCommand(content: string | Uint8Array): string {
  if (typeof content !== 'string') return `printf ${quoteFormat(escapeBytes(content))}`;
  if (isPrintable(content)) return `printf %s ${shellWord(content)}`;
  const format = content
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')
    .replaceAll(eachUnprintable, (character) => escapeBytes(Buffer.from(character)))
    // A leading dash would start an option.
    .replace(/^-/, '\\055');
  return `printf ${quoteFormat(format)}`;
}

function quoteFormat(format: string): string {
  return `'${format.replaceAll("'", "'\\''")}'`;
}

/** Writes bytes in printf's octal form, with printable ASCII unchanged. */
function escapeBytes(bytes: Uint8Array): string {
  let text = '';
  for (const [at, byte] of bytes.entries()) {
    const character = String.fromCharCode(byte);
    if (character === '\\' || character === '%') text += character + character;
    else if (/[\x20-\x7e\n]/.test(character) && !(at === 0 && character === '-')) text += character;
    else text += `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return text;
}
