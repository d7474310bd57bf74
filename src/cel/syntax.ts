// The syntax tree of CEL expressions, and the error for text that is not one. Pure.

/** A part of an expression. Offsets are UTF-16 units of the text. */
interface Place {
  /** The character that errors about the node point at. */
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
        /** undefined: a global function. */
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

/** A constant as it is written; what it becomes is decided by compile.ts. */
export type LiteralValue =
  | { readonly type: 'null' }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'uint'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bytes'; readonly value: Uint8Array };

/** An expression that is not valid, with the place where it stops being so. */
export class CelSyntaxError extends Error {
  /** UTF-16 units before the place. */
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.name = 'CelSyntaxError';
    this.at = at;
  }
}

/**
 * The line of an expression that holds a place, and a caret under the place. Tabs stay tabs, so that the caret is right.
 * @param at UTF-16 units before the place
 */
export function pointAt(expression: string, at: number): string {
  const start = expression.lastIndexOf('\n', at - 1) + 1;
  const newline = expression.indexOf('\n', at);
  const line = expression.slice(start, newline < 0 ? expression.length : newline);
  // A window: the caret of a long line would be far off the screen.
  const from = Math.max(0, at - start - 60);
  const shown = line.slice(from, from + 100);
  const before = shown.slice(0, at - start - from).replace(/[^\t]/g, ' ');
  const cut = from > 0 ? '... ' : '';
  return `${cut}${shown}\n${' '.repeat(cut.length)}${before}^`;
}
