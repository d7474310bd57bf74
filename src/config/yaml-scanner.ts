// Splits YAML text into tokens, as the scanner of libyaml and go-yaml does, which kubectl reads
// kubeconfigs with. Entry point: YamlScanner. The scanner knows indentation and possible keys;
// yaml-nodes.ts parses the tokens.
// @see https://pkg.go.dev/go.yaml.in/yaml/v2

/** A syntax error with its position. The message quotes nothing of the text. */
export class YamlProblem extends Error {
  /** @param line from 1; undefined if the problem has no position */
  constructor(problem: string, line?: number, column?: number) {
    super(line === undefined ? problem : `line ${line}, column ${column ?? 1}: ${problem}`);
    this.name = 'YamlProblem';
  }
}

export type TokenKind =
  | 'stream-end'
  | 'version'
  | 'tag-directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence'
  | 'block-mapping'
  | 'block-end'
  | 'flow-sequence'
  | 'flow-sequence-end'
  | 'flow-mapping'
  | 'flow-mapping-end'
  | 'entry'
  | 'flow-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export interface Token {
  readonly kind: TokenKind;
  /** From 0. */
  readonly line: number;
  /** From 0, in UTF-16 units. */
  readonly column: number;
  /**
   * Text of a scalar, name of an anchor or alias, handle of a tag, or the version (`1.1`) of %YAML.
   */
  readonly text: string;
  /** Rest of a tag, or prefix of %TAG. */
  readonly suffix: string;
  /** True for a scalar without quotes that is not a block scalar. */
  readonly isPlain: boolean;
}

/** A token that becomes a key if a colon follows on the same line. */
interface PossibleKey {
  isPossible: boolean;
  /** True if only a key can be here. */
  readonly isRequired: boolean;
  readonly tokenNumber: number;
  readonly at: number;
  readonly line: number;
  readonly column: number;
}

/**
 * Max nesting depth. go-yaml accepts 10,000; 500 keeps the recursion far from the end of the stack.
 */
export const maxDepth = 500;

/** Max characters of a key. */
const maxKeyLength = 1024;

const tab = 0x09;
const lf = 0x0a;
const cr = 0x0d;
const space = 0x20;
const colon = 0x3a;
const nel = 0x85;

/** Characters that a plain scalar cannot begin with, except `-`, `?` and `:` before more text. */
const indicators = '-?:,[]{}#&*!|>\'"%@`';

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  // go-yaml refuses this escape; JSON has it.
  '/': '/',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

const codeLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Splits a text into tokens on demand. The parser looks at one token with `peek` and consumes it
 * with `skip`.
 */
export class YamlScanner {
  readonly #text: string;
  #at = 0;
  #line = 0;
  #lineStart = 0;
  #tokens: Token[] = [];
  #head = 0;
  /** Number of tokens consumed so far. */
  #taken = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  #flowLevel = 0;
  #isKeyAllowed = true;
  /** One possible key for each flow level. */
  readonly #keys: PossibleKey[] = [noKey];

  /** @param text without a byte order mark and without control characters */
  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Returns the next token without consuming it.
   * @throws YamlProblem
   */
  peek(): Token {
    this.#fetchEnough();
    const token = this.#tokens[this.#head];
    if (token === undefined) throw this.#problem('unexpected end');
    return token;
  }

  /** Consumes the token that {@link peek} returned. */
  skip(): void {
    this.#head++;
    this.#taken++;
    if (this.#head > 64 && this.#head === this.#tokens.length) {
      this.#tokens = [];
      this.#head = 0;
    }
  }

  /** Makes the error for a token or for the current position. */
  #problem(problem: string, at: { line: number; column: number } = this.#here()): YamlProblem {
    return new YamlProblem(problem, at.line + 1, at.column + 1);
  }

  #here(): { line: number; column: number } {
    return { line: this.#line, column: this.#column() };
  }

  #column(): number {
    return this.#at - this.#lineStart;
  }

  /** Returns the code of a character. NaN beyond the end, which equals no character. */
  #code(ahead = 0): number {
    return this.#text.charCodeAt(this.#at + ahead);
  }

  #isBlankOrEnd(ahead = 0): boolean {
    const code = this.#code(ahead);
    return code === space || code === tab || isBreak(code) || Number.isNaN(code);
  }

  /** Skips a line end. */
  #skipBreak(): void {
    this.#at += this.#code() === cr && this.#code(1) === lf ? 2 : 1;
    this.#line++;
    this.#lineStart = this.#at;
  }

  /**
   * Skips a line end and returns its value in YAML: the Unicode separators stay, all others become
   * a line feed.
   */
  #readBreak(): string {
    const code = this.#code();
    this.#skipBreak();
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n';
  }

  /** Skips the characters that a sticky pattern matches: data of a megabyte takes one step. */
  #skipRun(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    if (pattern.test(this.#text)) this.#at = pattern.lastIndex;
  }

  #skipBlanks(): void {
    while (this.#code() === space || this.#code() === tab) this.#at++;
  }

  #skipToBreak(): void {
    this.#skipRun(lineRun);
  }

  #push(
    kind: TokenKind,
    at: { line: number; column: number },
    text = '',
    suffix = '',
    isPlain = false,
  ): void {
    this.#tokens.push({ kind, line: at.line, column: at.column, text, suffix, isPlain });
  }

  /** Fetches tokens until the first one of the queue can no longer become the content of a key. */
  #fetchEnough(): void {
    while (this.#head === this.#tokens.length || this.#canBecomeKey(this.#taken)) this.#fetchNext();
  }

  #canBecomeKey(tokenNumber: number): boolean {
    for (let level = this.#keys.length - 1; level >= 0; level--) {
      const key = this.#keys[level] ?? noKey;
      if (key.isPossible && key.tokenNumber === tokenNumber) return this.#isStillPossible(key);
    }
    return false;
  }

  #isStillPossible(key: PossibleKey): boolean {
    if (!key.isPossible) return false;
    if (key.line === this.#line && key.at + maxKeyLength >= this.#at) return true;
    if (key.isRequired) throw this.#problem(missingColon, key);
    key.isPossible = false;
    return false;
  }

  #saveKey(): void {
    if (!this.#isKeyAllowed) return;
    this.#dropKey();
    this.#keys[this.#keys.length - 1] = {
      isPossible: true,
      isRequired: this.#flowLevel === 0 && this.#indent === this.#column(),
      tokenNumber: this.#taken + this.#tokens.length - this.#head,
      at: this.#at,
      line: this.#line,
      column: this.#column(),
    };
  }

  #dropKey(): void {
    const key = this.#keys.at(-1) ?? noKey;
    if (!key.isPossible) return;
    if (key.isRequired) throw this.#problem(missingColon, key);
    key.isPossible = false;
  }

  /** Opens a block collection if the column is deeper than the enclosing collection. */
  #openBlock(
    column: number,
    kind: 'block-sequence' | 'block-mapping',
    at: { line: number; column: number },
    index?: number,
  ): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (this.#indents.length > maxDepth) throw new YamlProblem('nested too deeply');
    this.#insert(kind, at, index);
  }

  #insert(kind: TokenKind, at: { line: number; column: number }, index = this.#tokens.length): void {
    const token: Token = { kind, line: at.line, column: at.column, text: '', suffix: '', isPlain: false };
    this.#tokens.splice(index, 0, token);
  }

  #closeBlocks(column: number): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#push('block-end', this.#here());
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #fetchNext(): void {
    this.#skipToToken();
    this.#closeBlocks(this.#column());
    const code = this.#code();
    if (Number.isNaN(code)) this.#fetchEnd();
    else if (this.#column() === 0 && code === 0x25) this.#fetchDirective();
    else if (this.#column() === 0 && this.#isDocumentMark()) {
      this.#fetchDocumentMark(code === 0x2d ? 'document-start' : 'document-end');
    } else if (!this.#fetchIndicated(this.#text.charAt(this.#at))) {
      if (!this.#canStartPlain(code)) throw this.#problem(this.#whyNoToken());
      this.#saveKey();
      this.#isKeyAllowed = false;
      this.#scanPlain();
    }
  }

  /**
   * Fetches a token that begins with an indicator.
   * @returns false if the character is not an indicator here
   */
  #fetchIndicated(char: string): boolean {
    const inFlow = this.#flowLevel > 0;
    if (char === '[') this.#fetchFlowStart('flow-sequence');
    else if (char === '{') this.#fetchFlowStart('flow-mapping');
    else if (char === ']') this.#fetchFlowEnd('flow-sequence-end');
    else if (char === '}') this.#fetchFlowEnd('flow-mapping-end');
    else if (char === ',') this.#fetchFlowEntry();
    else if (char === '-' && this.#isBlankOrEnd(1)) this.#fetchEntry();
    else if (char === '?' && (inFlow || this.#isBlankOrEnd(1))) this.#fetchKey();
    else if (char === ':' && (inFlow || this.#isBlankOrEnd(1))) this.#fetchValue();
    else if (char === '*') this.#fetchAnchor('alias');
    else if (char === '&') this.#fetchAnchor('anchor');
    else if (char === '!') this.#fetchTag();
    else if ((char === '|' || char === '>') && !inFlow) this.#fetchBlockScalar(char === '|');
    else if (char === "'" || char === '"') this.#fetchQuoted(char === "'");
    else return false;
    return true;
  }

  #canStartPlain(code: number): boolean {
    if (this.#isBlankOrEnd()) return false;
    if (!indicators.includes(String.fromCharCode(code))) return true;
    if (code === 0x2d) return this.#code(1) !== space && this.#code(1) !== tab;
    return this.#flowLevel === 0 && (code === 0x3f || code === colon) && !this.#isBlankOrEnd(1);
  }

  #whyNoToken(): string {
    return this.#code() === tab
      ? 'a tab used for indentation'
      : 'a character that must be quoted at the start of a value';
  }

  #isDocumentMark(): boolean {
    const mark = this.#text.slice(this.#at, this.#at + 3);
    return (mark === '---' || mark === '...') && this.#isBlankOrEnd(3);
  }

  #skipToToken(): void {
    for (;;) {
      while (
        this.#code() === space ||
        (this.#code() === tab && (this.#flowLevel > 0 || !this.#isKeyAllowed))
      ) {
        this.#at++;
      }
      if (this.#code() === 0x23) this.#skipToBreak();
      if (!isBreak(this.#code())) return;
      this.#skipBreak();
      if (this.#flowLevel === 0) this.#isKeyAllowed = true;
    }
  }

  #fetchEnd(): void {
    if (this.#column() !== 0) {
      this.#line++;
      this.#lineStart = this.#at;
    }
    this.#closeBlocks(-1);
    this.#dropKey();
    this.#isKeyAllowed = false;
    this.#push('stream-end', this.#here());
  }

  #fetchDocumentMark(kind: 'document-start' | 'document-end'): void {
    this.#closeBlocks(-1);
    this.#dropKey();
    this.#isKeyAllowed = false;
    this.#push(kind, this.#here());
    this.#at += 3;
  }

  #fetchDirective(): void {
    this.#closeBlocks(-1);
    this.#dropKey();
    this.#isKeyAllowed = false;
    const at = this.#here();
    const lineEnd = /[\r\n\x85\u2028\u2029]|$/g;
    lineEnd.lastIndex = this.#at;
    const line = this.#text.slice(this.#at, lineEnd.exec(this.#text)?.index);
    const version = /^%YAML[ \t]+(\d{1,2}\.\d{1,2})[ \t]*(?:#.*)?$/.exec(line);
    const tag =
      /^%TAG[ \t]+(!(?:[\w-]*!)?)[ \t]+((?:[\w\-;/?:@&=+$,.!~*'()[\]]|%[0-9A-Fa-f]{2})+)[ \t]*(?:#.*)?$/.exec(
        line,
      );
    if (version !== null) this.#push('version', at, version[1]);
    else if (tag !== null) this.#push('tag-directive', at, tag[1], tag[2]);
    else throw this.#problem('a directive that is not known');
    this.#at += line.length;
    if (isBreak(this.#code())) this.#skipBreak();
  }

  #fetchFlowStart(kind: 'flow-sequence' | 'flow-mapping'): void {
    this.#saveKey();
    this.#keys.push({ ...noKey });
    this.#flowLevel++;
    if (this.#flowLevel > maxDepth) throw new YamlProblem('nested too deeply');
    this.#isKeyAllowed = true;
    this.#push(kind, this.#here());
    this.#at++;
  }

  #fetchFlowEnd(kind: 'flow-sequence-end' | 'flow-mapping-end'): void {
    this.#dropKey();
    if (this.#flowLevel > 0) {
      this.#flowLevel--;
      this.#keys.pop();
    }
    this.#isKeyAllowed = false;
    this.#push(kind, this.#here());
    this.#at++;
  }

  #fetchFlowEntry(): void {
    this.#dropKey();
    this.#isKeyAllowed = true;
    this.#push('flow-entry', this.#here());
    this.#at++;
  }

  #fetchEntry(): void {
    if (this.#flowLevel === 0) {
      if (!this.#isKeyAllowed) throw this.#problem('a list entry where none can be');
      this.#openBlock(this.#column(), 'block-sequence', this.#here());
    }
    this.#dropKey();
    this.#isKeyAllowed = true;
    this.#push('entry', this.#here());
    this.#at++;
  }

  #fetchKey(): void {
    if (this.#flowLevel === 0) {
      if (!this.#isKeyAllowed) throw this.#problem('a key where none can be');
      this.#openBlock(this.#column(), 'block-mapping', this.#here());
    }
    this.#dropKey();
    this.#isKeyAllowed = this.#flowLevel === 0;
    this.#push('key', this.#here());
    this.#at++;
  }

  #fetchValue(): void {
    const key = this.#keys.at(-1) ?? noKey;
    if (this.#isStillPossible(key)) {
      const index = key.tokenNumber - this.#taken + this.#head;
      this.#insert('key', key, index);
      this.#openBlock(key.column, 'block-mapping', key, index);
      key.isPossible = false;
      this.#isKeyAllowed = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#isKeyAllowed) {
          throw this.#problem('a mapping where a value was expected (a missing line break or quotes)');
        }
        this.#openBlock(this.#column(), 'block-mapping', this.#here());
      }
      this.#isKeyAllowed = this.#flowLevel === 0;
    }
    this.#push('value', this.#here());
    this.#at++;
  }

  #fetchAnchor(kind: 'alias' | 'anchor'): void {
    this.#saveKey();
    this.#isKeyAllowed = false;
    const at = this.#here();
    const start = ++this.#at;
    while (isWordCode(this.#code())) this.#at++;
    const name = this.#text.slice(start, this.#at);
    if (name === '' || !(this.#isBlankOrEnd() || '?:,]}%@`'.includes(this.#text.charAt(this.#at)))) {
      throw this.#problem(`the name of an ${kind} must be letters, digits, - and _`, at);
    }
    this.#push(kind, at, name);
  }

  #fetchTag(): void {
    this.#saveKey();
    this.#isKeyAllowed = false;
    const at = this.#here();
    const rest = this.#text.slice(this.#at, this.#at + maxKeyLength);
    const verbatim = /^!<((?:[\w\-;/?:@&=+$,.!~*'()[\]]|%[0-9A-Fa-f]{2})+)>/.exec(rest);
    const named = /^(![\w-]*!)((?:[\w\-;/?:@&=+$,.!~*'()[\]]|%[0-9A-Fa-f]{2})+)/.exec(rest);
    const local = /^!((?:[\w\-;/?:@&=+$,.!~*'()[\]]|%[0-9A-Fa-f]{2})*)/.exec(rest);
    if (verbatim !== null) this.#push('tag', at, '', verbatim[1]);
    else if (named !== null) this.#push('tag', at, named[1], named[2]);
    else if (/^![\w-]*!/.test(rest)) throw this.#problem('a tag that cannot be read', at);
    else if (local?.[1] === '') this.#push('tag', at, '', '!');
    else this.#push('tag', at, '!', local?.[1]);
    this.#at += (verbatim ?? named ?? local ?? [''])[0].length;
    if (!this.#isBlankOrEnd()) throw this.#problem('a tag that cannot be read', at);
  }

  #fetchBlockScalar(isLiteral: boolean): void {
    this.#dropKey();
    this.#isKeyAllowed = true;
    const start = this.#here();
    this.#at++;
    const header = /^(?:([+-])([1-9])?|([1-9])([+-])?)?/.exec(this.#text.slice(this.#at, this.#at + 2));
    this.#at += header?.[0].length ?? 0;
    const chomping = header?.[1] ?? header?.[4] ?? '';
    const increment = Number(header?.[2] ?? header?.[3] ?? 0);
    this.#skipBlanks();
    if (this.#code() === 0x23) this.#skipToBreak();
    if (!isBreak(this.#code()) && this.#at < this.#text.length) {
      throw this.#problem('text behind | or >, which belongs on the next line');
    }
    if (isBreak(this.#code())) this.#skipBreak();

    let indent = increment > 0 ? Math.max(this.#indent, 0) + increment : 0;
    let text = '';
    let leading = '';
    let isLeadingBlank = false;
    let trailing: string;
    [indent, trailing] = this.#scanBlockBreaks(indent);
    while (this.#column() === indent && this.#at < this.#text.length) {
      const isBlank = this.#code() === space || this.#code() === tab;
      if (!isLiteral && leading.startsWith('\n') && !isLeadingBlank && !isBlank) {
        if (trailing === '') text += ' ';
      } else {
        text += leading;
      }
      text += trailing;
      isLeadingBlank = isBlank;
      const from = this.#at;
      this.#skipToBreak();
      text += this.#text.slice(from, this.#at);
      leading = isBreak(this.#code()) ? this.#readBreak() : '';
      [indent, trailing] = this.#scanBlockBreaks(indent);
    }
    if (chomping !== '-') text += leading;
    if (chomping === '+') text += trailing;
    this.#push('scalar', start, text);
  }

  /**
   * Skips indentation and empty lines. If `known` is 0, determines the indentation of the block.
   */
  #scanBlockBreaks(known: number): [indent: number, breaks: string] {
    let breaks = '';
    let maxColumn = 0;
    for (;;) {
      while ((known === 0 || this.#column() < known) && this.#code() === space) this.#at++;
      maxColumn = Math.max(maxColumn, this.#column());
      if ((known === 0 || this.#column() < known) && this.#code() === tab) {
        throw this.#problem('a tab used for indentation');
      }
      if (!isBreak(this.#code())) break;
      breaks += this.#readBreak();
    }
    return [known === 0 ? Math.max(maxColumn, this.#indent + 1, 1) : known, breaks];
  }

  #fetchQuoted(isSingle: boolean): void {
    this.#saveKey();
    this.#isKeyAllowed = false;
    const start = this.#here();
    const quote = isSingle ? 0x27 : 0x22;
    this.#at++;
    let text = '';
    for (;;) {
      if (this.#column() === 0 && this.#isDocumentMark()) {
        throw this.#problem('a document mark inside quotes (a missing quote?)', start);
      }
      let isFolded = false;
      let from = this.#at;
      for (;;) {
        this.#skipRun(quotedRun);
        if (this.#isBlankOrEnd()) break;
        const code = this.#code();
        if (isSingle && code === quote && this.#code(1) === quote) {
          text += this.#text.slice(from, this.#at + 1);
          this.#at += 2;
          from = this.#at;
        } else if (code === quote) {
          break;
        } else if (!isSingle && code === 0x5c) {
          text += this.#text.slice(from, this.#at);
          if (isBreak(this.#code(1))) {
            this.#at++;
            this.#skipBreak();
            isFolded = true;
            from = this.#at;
            break;
          }
          text += this.#readEscape(start);
          from = this.#at;
        } else {
          this.#at++;
        }
      }
      text += this.#text.slice(from, this.#at);
      if (this.#at >= this.#text.length) throw this.#problem('a quote that is not closed', start);
      if (this.#code() === quote) break;
      text += this.#readFold(isFolded);
    }
    this.#at++;
    this.#push('scalar', start, text);
  }

  /**
   * Reads the white space between words: blanks stay, line ends fold.
   * @param isFolded true if the line end before was escaped, so that nothing of it stays
   */
  #readFold(isFolded: boolean): string {
    const from = this.#at;
    this.#skipBlanks();
    if (!isBreak(this.#code())) return isFolded ? '' : this.#text.slice(from, this.#at);
    const first = isFolded ? '' : this.#readBreak();
    let more = '';
    for (;;) {
      this.#skipBlanks();
      if (!isBreak(this.#code())) break;
      more += this.#readBreak();
    }
    if (first !== '\n') return first + more;
    return more === '' ? ' ' : more;
  }

  #readEscape(start: { line: number; column: number }): string {
    const letter = this.#text.charAt(this.#at + 1);
    const length = codeLengths[letter];
    if (length === undefined) {
      const value = escapes[letter];
      if (value === undefined) {
        throw this.#problem('an escape that does not exist in a double-quoted string', start);
      }
      this.#at += 2;
      return value;
    }
    const digits = this.#text.slice(this.#at + 2, this.#at + 2 + length);
    const code =
      /^[0-9A-Fa-f]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : NaN;
    this.#at += 2 + length;
    if (code >= 0xd800 && code <= 0xdbff) {
      // JSON writes characters beyond U+FFFF as surrogate pairs; go-yaml refuses them.
      const low = /^\\u([dD][c-fC-F][0-9A-Fa-f]{2})/.exec(this.#text.slice(this.#at, this.#at + 6))?.[1];
      if (low !== undefined) {
        this.#at += 6;
        return String.fromCharCode(code, Number.parseInt(low, 16));
      }
    }
    if (!(code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) {
      throw this.#problem('an escape that is not a character in a double-quoted string', start);
    }
    return String.fromCodePoint(code);
  }

  #scanPlain(): void {
    const start = this.#here();
    const indent = this.#indent + 1;
    const inFlow = this.#flowLevel > 0;
    let text = '';
    let gap = '';
    let hasFolded = false;
    while (!(this.#column() === 0 && this.#isDocumentMark()) && this.#code() !== 0x23) {
      const from = this.#at;
      for (;;) {
        this.#skipRun(inFlow ? flowRun : blockRun);
        if (this.#code() !== colon || this.#isBlankOrEnd(1)) break;
        this.#at++;
      }
      if (this.#at > from) {
        text += gap + this.#text.slice(from, this.#at);
        gap = '';
        hasFolded = false;
      }
      const next = this.#code();
      if (next !== space && next !== tab && !isBreak(next)) break;
      const blanks = this.#at;
      this.#skipBlanks();
      if (isBreak(this.#code())) {
        hasFolded = true;
        gap = this.#foldPlain(indent);
      } else {
        gap = hasFolded ? gap : this.#text.slice(blanks, this.#at);
      }
      if (!inFlow && this.#column() < indent) break;
    }
    this.#push('scalar', start, text, '', true);
    if (hasFolded) this.#isKeyAllowed = true;
  }

  #foldPlain(indent: number): string {
    const first = this.#readBreak();
    let more = '';
    for (;;) {
      for (let code = this.#code(); code === space || code === tab; code = this.#code()) {
        if (code === tab && this.#column() < indent) throw this.#problem('a tab used for indentation');
        this.#at++;
      }
      if (!isBreak(this.#code())) break;
      more += this.#readBreak();
    }
    if (first !== '\n') return first + more;
    return more === '' ? ' ' : more;
  }
}

const missingColon = 'a key without a colon behind it (wrong indentation, or a missing colon or bracket)';

/** What plain scalars consist of between colons, outside and inside brackets. */
const blockRun = /[^ \t\r\n\x85\u2028\u2029:]+/y;
const flowRun = /[^ \t\r\n\x85\u2028\u2029:,?[\]{}]+/y;
/** What quoted scalars consist of between escapes and white space. */
const quotedRun = /[^ \t\r\n\x85\u2028\u2029'"\\]+/y;
const lineRun = /[^\r\n\x85\u2028\u2029]+/y;

const noKey: PossibleKey = {
  isPossible: false,
  isRequired: false,
  tokenNumber: -1,
  at: 0,
  line: 0,
  column: 0,
};

function isBreak(code: number): boolean {
  return code === lf || code === cr || code === nel || code === 0x2028 || code === 0x2029;
}

/** True for ASCII letters, digits, `_` and `-`. */
function isWordCode(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    code === 0x2d
  );
}
