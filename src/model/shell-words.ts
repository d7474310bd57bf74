// Text as words of a POSIX shell, so that what is pasted is what was meant. Entry points: shellWord, expandingWord,
// printfCommand. `$'…'` is not used: it is no part of POSIX and dash prints it as it stands.

/** A part of a word that the shell fills in: `$(kapi config token)`, `$PASSWORD`. */
export interface Expansion {
  readonly shell: string;
}

/** What would act on a terminal or be invisible there, line feed and tab excepted. */
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Bidi_Control}]/u;
const eachUnprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Bidi_Control}]/gu;

/** Whether a text can be pasted between quotes as it is. */
export function isPrintable(text: string): boolean {
  return !unprintable.test(text);
}

/**
 * One word of a command line. Nothing in it is expanded by sh, bash or zsh, not even by their history; characters that
 * would drive the terminal come out of a `printf`.
 * @param text without a line end at its end where it holds unprintable characters: `$(…)` would drop it
 */
export function shellWord(text: string): string {
  if (!isPrintable(text)) return `"$(${printfCommand(text)})"`;
  // A leading = is expanded by zsh, a leading ~ by all of them.
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** One word made of text and of what the shell fills in. */
export function expandingWord(...parts: readonly (string | Expansion)[]): string {
  const plain = parts.every(
    (part) => typeof part !== 'string' || (isPrintable(part) && !/["\\$`!]/.test(part)),
  );
  if (plain) return `"${parts.map((part) => (typeof part === 'string' ? part : part.shell)).join('')}"`;
  // Between double quotes an exclamation mark would reach back into the history of an interactive shell.
  return parts
    .filter((part) => part !== '')
    .map((part) => (typeof part === 'string' ? shellWord(part) : `"${part.shell}"`))
    .join('');
}

/** A `printf` that writes exactly this text or these bytes. */
export function printfCommand(content: string | Uint8Array): string {
  if (typeof content !== 'string') return `printf ${quoteFormat(escapeBytes(content))}`;
  if (isPrintable(content)) return `printf %s ${shellWord(content)}`;
  const format = content
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')
    .replaceAll(eachUnprintable, (character) => escapeBytes(Buffer.from(character)))
    // A dash in front would begin an option.
    .replace(/^-/, '\\055');
  return `printf ${quoteFormat(format)}`;
}

function quoteFormat(format: string): string {
  return `'${format.replaceAll("'", "'\\''")}'`;
}

/** Bytes in printf's octal form, printable ASCII as it is. */
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
