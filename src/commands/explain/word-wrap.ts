// Wraps lines as kubectl's explain does. Entry point: wordWrap(), a pure function.

/**
 * Breaks lines at white space so that none is longer than `limit` characters. Longer words are not
 * divided. Drops white space at a break, and keeps all other white space.
 *
 * The rule is go-wordwrap's, so that the text equals kubectl's: a word is moved to the next line as
 * soon as it does not fit, unless it has at least `limit` characters.
 */
export function wordWrap(text: string, limit: number): string {
  let wrapped = '';
  let column = 0;
  let word = '';
  let wordLength = 0;
  let space = '';

  function flush(): void {
    column += space.length + wordLength;
    wrapped += space + word;
    word = '';
    wordLength = 0;
    space = '';
  }

  for (const character of text) {
    if (character === '\n') {
      if (word !== '' || column + space.length <= limit) flush();
      space = '';
      wrapped += '\n';
      column = 0;
    } else if (isBreakable(character)) {
      if (space === '' || word !== '') flush();
      space += character;
    } else {
      word += character;
      wordLength++;
      if (column + wordLength + space.length > limit && wordLength < limit) {
        wrapped += '\n';
        column = 0;
        space = '';
      }
    }
  }
  return word !== '' || column + space.length <= limit ? wrapped + space + word : wrapped;
}

/** True for white space of Go's unicode.IsSpace except the no-break space. */
function isBreakable(character: string): boolean {
  return /^[\t\v\f\r \u0085\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/.test(character);
}
