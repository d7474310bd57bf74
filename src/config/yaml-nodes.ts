// Parses tokens to the nodes of the first document, by the grammar of libyaml and go-yaml. Entry
// point: parseNodes. go-yaml.ts turns the nodes into values.

import { YamlProblem, YamlScanner, type Token, type TokenKind } from './yaml-scanner.ts';

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly line: number;
  /** The full tag, such as `tag:yaml.org,2002:str`. Empty: no tag. */
  readonly tag: string;
  readonly text: string;
  /** True for a scalar without quotes and tag: its text determines its type. */
  readonly isImplicit: boolean;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly line: number;
  readonly items: YamlNode[];
}

export interface MappingNode {
  readonly kind: 'mapping';
  readonly line: number;
  /** In order, including duplicate keys. */
  readonly entries: (readonly [key: YamlNode, value: YamlNode])[];
}

export interface AliasNode {
  readonly kind: 'alias';
  readonly line: number;
  readonly target: YamlNode;
}

export type YamlNode = ScalarNode | SequenceNode | MappingNode | AliasNode;

const standardTags = 'tag:yaml.org,2002:';

/**
 * Parses the first document of a text.
 * @param text without a byte order mark and without control characters
 * @returns undefined for a text without a document
 * @throws YamlProblem
 */
export function parseNodes(text: string): YamlNode | undefined {
  return new Parser(text).parseDocument();
}

class Parser {
  readonly #scanner: YamlScanner;
  readonly #anchors = new Map<string, YamlNode>();
  readonly #handles = new Map<string, string>();

  constructor(text: string) {
    this.#scanner = new YamlScanner(text);
  }

  parseDocument(): YamlNode | undefined {
    if (this.#peek().kind === 'stream-end') return undefined;
    this.#readDirectives();
    const isExplicit = this.#skipIf('document-start');
    const { kind } = this.#peek();
    if (
      isExplicit &&
      ['document-start', 'document-end', 'stream-end', 'version', 'tag-directive'].includes(kind)
    ) {
      return emptyAt(this.#peek());
    }
    const node = this.#parseNode(true, false);
    // Like go-yaml, checks only that the text right after the document starts with a token of any
    // kind.
    this.#peek();
    return node;
  }

  #peek(): Token {
    return this.#scanner.peek();
  }

  #skipIf(kind: TokenKind): boolean {
    if (this.#peek().kind !== kind) return false;
    this.#scanner.skip();
    return true;
  }

  #readDirectives(): void {
    let hasVersion = false;
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'version') {
        if (hasVersion) throw problem(token, 'a second %YAML directive');
        if (!/^0?1\.0?1$/.test(token.text)) throw problem(token, 'a version of YAML other than 1.1');
        hasVersion = true;
      } else if (token.kind === 'tag-directive') {
        if (this.#handles.has(token.text)) throw problem(token, 'a second %TAG directive of one name');
        this.#handles.set(token.text, token.suffix);
      } else {
        if ((hasVersion || this.#handles.size > 0) && token.kind !== 'document-start') {
          throw problem(token, 'a directive without --- behind it');
        }
        return;
      }
      this.#scanner.skip();
    }
  }

  /**
   * Parses a node.
   * @param isBlock true if block collections are allowed here
   * @param isIndentless true if a sequence with the indentation of its key is allowed here
   */
  #parseNode(isBlock: boolean, isIndentless: boolean): YamlNode {
    const first = this.#peek();
    if (first.kind === 'alias') {
      this.#scanner.skip();
      const target = this.#anchors.get(first.text);
      if (target === undefined) throw problem(first, 'an alias without an anchor before it');
      return { kind: 'alias', line: first.line, target };
    }
    let anchor: string | undefined;
    let tag: string | undefined;
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'anchor' && anchor === undefined) anchor = token.text;
      else if (token.kind === 'tag' && tag === undefined) tag = this.#tagOf(token);
      else break;
      this.#scanner.skip();
    }
    return this.#parseContent(first, anchor, tag ?? '', isBlock, isIndentless);
  }

  #parseContent(
    first: Token,
    anchor: string | undefined,
    tag: string,
    isBlock: boolean,
    isIndentless: boolean,
  ): YamlNode {
    const token = this.#peek();
    const remember = <Node extends YamlNode>(node: Node): Node => {
      if (anchor !== undefined) this.#anchors.set(anchor, node);
      return node;
    };
    const { line } = first;
    if (isIndentless && token.kind === 'entry') {
      return this.#parseEntries(remember({ kind: 'sequence', line, items: [] }), true);
    }
    switch (token.kind) {
      case 'scalar': {
        this.#scanner.skip();
        const isImplicit = (tag === '' && token.isPlain) || tag === '!';
        return remember({ kind: 'scalar', line, tag, text: token.text, isImplicit });
      }
      case 'flow-sequence':
        this.#scanner.skip();
        return this.#parseFlowSequence(remember({ kind: 'sequence', line, items: [] }));
      case 'flow-mapping':
        this.#scanner.skip();
        return this.#parseFlowMapping(remember({ kind: 'mapping', line, entries: [] }));
      case 'block-sequence':
        if (!isBlock) break;
        this.#scanner.skip();
        return this.#parseEntries(remember({ kind: 'sequence', line, items: [] }), false);
      case 'block-mapping':
        if (!isBlock) break;
        this.#scanner.skip();
        return this.#parseBlockMapping(remember({ kind: 'mapping', line, entries: [] }));
      default:
    }
    if (anchor !== undefined || tag !== '') {
      return remember({ kind: 'scalar', line, tag, text: '', isImplicit: tag === '' });
    }
    throw problem(token, unexpected);
  }

  #tagOf(token: Token): string {
    if (token.text === '') return token.suffix;
    const prefix =
      this.#handles.get(token.text) ??
      (token.text === '!!' ? standardTags : token.text === '!' ? '!' : undefined);
    if (prefix === undefined) throw problem(token, 'a tag that is not known');
    return prefix + decodeTag(token.suffix);
  }

  /**
   * Parses the items of a block sequence.
   * @param isIndentless true for a sequence without an end token: the first token that does not
   *   start an item ends it
   */
  #parseEntries(node: SequenceNode, isIndentless: boolean): SequenceNode {
    for (;;) {
      const token = this.#peek();
      if (token.kind !== 'entry') {
        if (isIndentless) return node;
        if (!this.#skipIf('block-end')) throw problem(token, 'wrong indentation in a list');
        return node;
      }
      this.#scanner.skip();
      const next = this.#peek().kind;
      const isEmpty =
        next === 'entry' || next === 'block-end' || (isIndentless && (next === 'key' || next === 'value'));
      node.items.push(isEmpty ? emptyAt(token) : this.#parseNode(true, false));
    }
  }

  #parseBlockMapping(node: MappingNode): MappingNode {
    while (!this.#skipIf('block-end')) {
      const token = this.#peek();
      if (token.kind !== 'key') {
        throw problem(token, 'wrong indentation, or a bracket that is not closed');
      }
      const key = this.#parseAfter('key');
      node.entries.push([key, this.#parseAfter('value')]);
    }
    return node;
  }

  /**
   * Parses the node after a key or value token of a block mapping. Returns null if there is no such
   * token, or nothing after it.
   */
  #parseAfter(kind: 'key' | 'value'): YamlNode {
    const token = this.#peek();
    if (!this.#skipIf(kind)) return emptyAt(token);
    const next = this.#peek().kind;
    return next === 'key' || next === 'value' || next === 'block-end'
      ? emptyAt(token)
      : this.#parseNode(true, true);
  }

  #parseFlowSequence(node: SequenceNode): SequenceNode {
    for (;;) {
      if (this.#skipIf('flow-sequence-end')) return node;
      if (node.items.length > 0) {
        this.#expectComma('a list in brackets lacks a comma or its ]');
        if (this.#skipIf('flow-sequence-end')) return node;
      }
      const token = this.#peek();
      if (this.#skipIf('key')) {
        // `[a: b]` holds a mapping of one entry.
        const key = this.#parseFlowPart('flow-sequence-end', ['value']);
        const value = this.#skipIf('value') ? this.#parseFlowPart('flow-sequence-end', []) : emptyAt(token);
        node.items.push({ kind: 'mapping', line: token.line, entries: [[key, value]] });
      } else {
        node.items.push(this.#parseNode(false, false));
      }
    }
  }

  #parseFlowMapping(node: MappingNode): MappingNode {
    for (;;) {
      if (this.#skipIf('flow-mapping-end')) return node;
      if (node.entries.length > 0) {
        this.#expectComma('a mapping in braces lacks a comma or its }');
        if (this.#skipIf('flow-mapping-end')) return node;
      }
      const token = this.#peek();
      if (this.#skipIf('key')) {
        const key = this.#parseFlowPart('flow-mapping-end', ['value']);
        const value = this.#skipIf('value') ? this.#parseFlowPart('flow-mapping-end', []) : emptyAt(token);
        node.entries.push([key, value]);
      } else {
        node.entries.push([this.#parseNode(false, false), emptyAt(token)]);
      }
    }
  }

  #expectComma(otherwise: string): void {
    const token = this.#peek();
    if (!this.#skipIf('flow-entry')) throw problem(token, otherwise);
  }

  /** Parses a key or value inside brackets, which can be empty. */
  #parseFlowPart(end: TokenKind, alsoEmptyBefore: readonly TokenKind[]): YamlNode {
    const token = this.#peek();
    const isEmpty = token.kind === 'flow-entry' || token.kind === end || alsoEmptyBefore.includes(token.kind);
    return isEmpty ? emptyAt(token) : this.#parseNode(false, false);
  }
}

const unexpected = 'something that does not belong there';

function emptyAt(token: Token): ScalarNode {
  return { kind: 'scalar', line: token.line, tag: '', text: '', isImplicit: true };
}

function problem(token: Token, text: string): YamlProblem {
  return new YamlProblem(text, token.line + 1, token.column + 1);
}

function decodeTag(suffix: string): string {
  return suffix.includes('%') ? decodePercent(suffix) : suffix;
}

/** Decodes `%C3%A9` to its character. Bytes that are not UTF-8 become replacement characters. */
function decodePercent(suffix: string): string {
  const bytes = suffix.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
