// Lines broken between words, the way kubectl's explain breaks them. Entry point: wordWrap(), a pure function.

/**
 * Breaks lines at white space so that none is longer than `limit` characters, words that are longer stay whole. White
 * space at a break is dropped, all other white space is kept.
 *
 * The rule is go-wordwrap's, since kubectl's text shall come out the same: a word is moved to the next line as soon as it
 * does not fit, unless it has no less than `limit` characters.
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

/** Go's unicode.IsSpace without the no-break space. */
function isBreakable(character: string): boolean {
  return /^[\t\v\f\r \u0085\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/.test(character);
}
