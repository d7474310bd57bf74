// The syntax tree of CEL expressions, and the error for invalid text. Pure.

/** A position in an expression. Offsets are UTF-16 units of the text. */
interface Place {
  /** Offset of the character that errors about the node point at. */
  readonly at: number;
}

export type Node = Place &
  (
    | { readonly kind: 'literal'; readonly value: LiteralValue }
    | { readonly kind: 'identifier'; readonly name: string }
    | {
        readonly kind: 'select';
        readonly operand: Node;
        readonly field: string;
        /** `a.?b` */
        readonly isOptional: boolean;
      }
    | {
        readonly kind: 'index';
        readonly operand: Node;
        readonly key: Node;
        /** `a[?b]` */
        readonly isOptional: boolean;
      }
    | {
        readonly kind: 'call';
        readonly name: string;
        /** Undefined: a global function. */
        readonly target: Node | undefined;
        readonly arguments: readonly Node[];
      }
    | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly operand: Node }
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly left: Node;
        readonly right: Node;
      }
    | {
        readonly kind: 'conditional';
        readonly condition: Node;
        readonly whenTrue: Node;
        readonly whenFalse: Node;
      }
    | { readonly kind: 'list'; readonly elements: readonly ListElement[] }
    | { readonly kind: 'map'; readonly entries: readonly MapEntry[] }
  );

export interface ListElement {
  readonly value: Node;
  /** `[?a]` */
  readonly isOptional: boolean;
}

export interface MapEntry {
  readonly key: Node;
  readonly value: Node;
  /** `{?a: b}` */
  readonly isOptional: boolean;
}

export type BinaryOperator =
  '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+' | '-' | '*' | '/' | '%';

/** A constant as written. compile.ts converts it to a value. */
export type LiteralValue =
  | { readonly type: 'null' }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'uint'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bytes'; readonly value: Uint8Array };

/** An invalid expression, with the position of the error. */
export class CelSyntaxError extends Error {
  /** Number of UTF-16 units before the error. */
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.name = 'CelSyntaxError';
    this.at = at;
  }
}

/**
 * Returns the line of an expression that contains a position, and a caret below it. Keeps tabs, so
 * that the caret is aligned.
 * @param at UTF-16 units before the position
 */
export function pointAt(expression: string, at: number): string {
  const start = expression.lastIndexOf('\n', at - 1) + 1;
  const newline = expression.indexOf('\n', at);
  const line = expression.slice(start, newline < 0 ? expression.length : newline);
  // Shows a part of a long line: the caret would be outside the screen.
  const from = Math.max(0, at - start - 60);
  const shown = line.slice(from, from + 100);
  const before = shown.slice(0, at - start - from).replace(/[^\t]/g, ' ');
  const cut = from > 0 ? '... ' : '';
  return `${cut}${shown}\n${' '.repeat(cut.length)}${before}^`;
}
