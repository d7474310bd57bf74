// Reads the events of a watch. Entry point: EventReader. Servers send one event per line, and kapi
// decodes such a line as it is. client-go reads a stream of JSON values, so events that share a
// line, take several lines or have no line feed after them are valid as well.

import { EndlessLine, EventLines, maxLineLength } from './event-lines.ts';
import { JsonSyntaxError } from './exact-json.ts';
import { decodeEvent, NotAnEvent, type EventContext, type WatchEvent } from './watch-event.ts';

/** An event with its text. */
export interface ReadEvent {
  readonly event: WatchEvent;
  readonly text: string;
}

/** Reads one stream. */
export class EventReader {
  readonly #context: EventContext;
  readonly #lines: EventLines;
  /** Undefined while every line is one document. */
  #documents: DocumentSplitter | undefined;

  /** @param trim removes parts of the stream that no caller needs; can overwrite it */
  constructor(context: EventContext, trim?: (line: Buffer) => Buffer) {
    this.#context = context;
    this.#lines = new EventLines(trim);
  }

  /**
   * Appends a chunk and yields the events that it completes.
   * @throws NotAnEvent, ServerError as decodeEvent()
   * @throws EndlessLine
   */
  push(chunk: Uint8Array): Generator<ReadEvent, void, undefined> {
    return this.#decode(this.#lines.push(chunk));
  }

  /** True if the last event is incomplete or no line feed follows it. */
  get hasRest(): boolean {
    return this.#lines.rest > 0 || this.#documents?.hasRest === true;
  }

  /**
   * Yields the events after the last line feed, when the stream has ended.
   * @throws NotAnEvent also if the last event is incomplete
   */
  *takeRest(): Generator<ReadEvent, void, undefined> {
    yield* this.#decode(this.#lines.takeRest());
    if (this.#documents?.hasRest === true) yield this.#decodeText(this.#documents.takeRest());
  }

  *#decode(lines: readonly string[]): Generator<ReadEvent, void, undefined> {
    for (const line of lines) {
      const event = this.#documents === undefined ? this.#decodeWhole(line) : undefined;
      if (event !== undefined) {
        yield { event, text: line };
        continue;
      }
      this.#documents ??= new DocumentSplitter();
      for (const text of this.#documents.push(line)) yield this.#decodeText(text);
    }
  }

  /** Decodes a line. Undefined if it is not exactly one document. */
  #decodeWhole(line: string): WatchEvent | undefined {
    try {
      return decodeEvent(line, this.#context);
    } catch (thrown) {
      if (thrown instanceof NotAnEvent && thrown.cause instanceof JsonSyntaxError) return undefined;
      throw thrown;
    }
  }

  #decodeText(text: string): ReadEvent {
    return { event: decodeEvent(text, this.#context), text };
  }
}

/** What can follow in a JSON document. */
type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end';

/** Max nesting depth, as in Go's decoder. */
const maxDepth = 10_000;

/**
 * Splits lines into JSON objects. Notices a wrong token at once, as client-go does, so that a
 * broken event does not swallow the next ones. The parser checks strings, numbers and literals.
 */
export class DocumentSplitter {
  readonly #maxLength: number;
  /** Lines of the incomplete document. */
  #lines: string[] = [];
  #length = 0;
  /** For each open brace or bracket, whether it is a brace. */
  #open: boolean[] = [];
  #expected: Expected = 'value';

  /** @param maxLength max characters of a document */
  constructor(maxLength = maxLineLength) {
    this.#maxLength = maxLength;
  }

  /** True if a document is incomplete. */
  get hasRest(): boolean {
    return this.#lines.length > 0;
  }

  /** Returns the incomplete document. */
  takeRest(): string {
    return this.#end('');
  }

  /**
   * Appends a line, or a part of a line that ends after a token.
   * @returns the documents that it completes. The last one can be text that is not JSON
   * @throws EndlessLine
   */
  push(line: string): string[] {
    const documents: string[] = [];
    let start = 0;
    for (let at = 0; at < line.length;) {
      const code = line.charCodeAt(at);
      if (code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a) {
        at++;
        continue;
      }
      at = this.#readToken(line, at);
      if (at < 0) return [...documents, this.#end(line.slice(start))];
      if (this.#open.length === 0) {
        documents.push(this.#end(line.slice(start, at)));
        start = at;
      }
    }
    if (this.#open.length > 0) {
      this.#length += line.length - start;
      if (this.#length > this.#maxLength) throw new EndlessLine(this.#maxLength);
      this.#lines.push(line.slice(start));
    }
    return documents;
  }

  #end(last: string): string {
    const text = [...this.#lines, last].join('\n');
    this.#lines = [];
    this.#length = 0;
    this.#open = [];
    this.#expected = 'value';
    return text;
  }

  /** Returns the position after the token. -1 if no document has such a token there. */
  #readToken(line: string, at: number): number {
    const isKeyNext = this.#expected === 'key' || this.#expected === 'key or end';
    const isValueNext = this.#expected === 'value' || this.#expected === 'value or end';
    const isEndNext = this.#expected.endsWith('end');
    const char = line.charAt(at);
    switch (char) {
      case '{':
      case '[':
        if (!isValueNext || this.#open.length >= maxDepth || (char === '[' && this.#open.length === 0))
          return -1;
        this.#open.push(char === '{');
        this.#expected = char === '{' ? 'key or end' : 'value or end';
        return at + 1;
      case '}':
      case ']':
        if (!isEndNext || this.#open.pop() !== (char === '}')) return -1;
        this.#expected = 'comma or end';
        return at + 1;
      case ',':
        if (this.#expected !== 'comma or end') return -1;
        this.#expected = this.#open.at(-1) === true ? 'key' : 'value';
        return at + 1;
      case ':':
        if (this.#expected !== 'colon') return -1;
        this.#expected = 'value';
        return at + 1;
    }
    if (this.#open.length === 0 || !(isValueNext || (isKeyNext && char === '"'))) return -1;
    this.#expected = isKeyNext ? 'colon' : 'comma or end';
    return char === '"' ? endOfString(line, at) : endOfLiteral(line, at);
  }
}

function endOfString(line: string, start: number): number {
  for (let at = line.indexOf('"', start + 1); at >= 0; at = line.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (line[at - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return at + 1;
  }
  return -1;
}

/** Returns the end of a number, `true`, `false` or `null`. */
function endOfLiteral(line: string, start: number): number {
  const literal = /[-+.\w]+/y;
  literal.lastIndex = start;
  return literal.test(line) ? literal.lastIndex : -1;
}
