// Regular expressions in the dialect of Go's regexp package (RE2), matched in linear time. Entry
// points: compileGoRegExp(), canMatchText(). Pure. Loads re2js, 260 kB: import it only from code
// that is loaded lazily.

import { RE2JS, RE2JSException } from 're2js';

/** A compiled expression. */
export interface GoRegExp {
  /** The expression as written. */
  readonly source: string;
  /**
   * True if the expression matches anywhere in the text. Takes time linear in the length of the
   * text.
   */
  readonly test: (text: string) => boolean;
  /** Returns the first match, or undefined. */
  readonly find: (text: string) => string | undefined;
  /**
   * Returns the matches from left to right, as Go's FindAllString does.
   * @param limit negative: all
   */
  readonly findAll: (text: string, limit: number) => readonly string[];
  /** The instructions that re2js compiled, for {@link canMatchText}. */
  readonly program: GoProgram;
}

/** A program of RE2: the entry point and the instructions. */
export interface GoProgram {
  readonly start: number;
  readonly instructions: readonly GoInstruction[];
}

interface GoInstruction {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  /** Pairs of first and last code point, or one code point. */
  readonly runes: ArrayLike<number>;
}

/** Thrown for an expression that is not valid in Go's dialect. The message is Go's own. */
export class GoRegExpError extends Error {}

/**
 * Compiles an expression of Go's dialect, which kubectl and the API server use.
 * @throws GoRegExpError for what Go refuses, such as lookaheads, backreferences, and `{1001}`
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function compileGoRegExp(source: string, mode: { readonly ignoreCase?: boolean } = {}): GoRegExp {
  try {
    const compiled = RE2JS.compile(source, mode.ignoreCase === true ? RE2JS.CASE_INSENSITIVE : 0);
    const engine = compiled.re2() as Engine;
    return {
      source,
      test: (text) => compiled.test(text),
      find: (text) => engine.findAll(text, 1)?.[0],
      findAll: (text, limit) => engine.findAll(text, limit) ?? [],
      program: programOf(compiled),
    };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new GoRegExpError(error.message, { cause: error });
  }
}

/**
 * The part of re2js that corresponds to Go's regexp package. re2js does not declare the types of
 * the results.
 */
interface Engine {
  /** Null if there is no match. */
  findAll(text: string, limit: number): readonly string[] | null;
}

function programOf(compiled: RE2JS): GoProgram {
  const prog: unknown = compiled.re2().prog;
  const { inst, start } = prog as { readonly inst: readonly GoInstruction[]; readonly start: number };
  return { start, instructions: inst };
}

/**
 * A set of texts, by the code points they consist of: `first` begins every text, `rest` contains
 * all others.
 */
export interface TextShape {
  readonly first: number;
  /** Ranges of code points that can follow, pairs of first and last. */
  readonly rest: readonly (readonly [number, number])[];
}

// Opcodes and conditions of RE2's programs (re2/prog.h; regexp/syntax/prog.go in Go).
const op = { alt: 1, altMatch: 2, capture: 3, emptyWidth: 4, match: 6, nop: 7, rune: 8, rune1: 9 } as const;
const opAny = new Set([10, 11]);
const atBegin = 1 | 4;
const atEnd = 2 | 8;

/**
 * True if some text of a shape can match. An expression that cannot match is a mistake, such as
 * `^api/` for paths, which begin with a slash. Assumes that word boundaries match, so `true` can be
 * wrong; `false` never is.
 */
export function canMatchText({ program }: GoRegExp, shape: TextShape): boolean {
  const seen = new Set<string>();
  // The search is unanchored: a match can begin before the first code point or after any other.
  const open: State[] = (['begin', 'inside'] as const).map((where) => ({ pc: program.start, where }));
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const key = `${state.pc} ${state.where}`;
    const instruction = program.instructions[state.pc];
    if (seen.has(key) || instruction === undefined) continue;
    seen.add(key);
    if (instruction.op === op.match) return true;
    open.push(...after(instruction, state.where, shape));
  }
  return false;
}

/** A position in a text: before its first code point, after at least one, or at its end. */
type Where = 'begin' | 'inside' | 'end';

interface State {
  readonly pc: number;
  readonly where: Where;
}

function after(instruction: GoInstruction, where: Where, shape: TextShape): readonly State[] {
  const { out, arg } = instruction;
  switch (instruction.op) {
    case op.alt:
    case op.altMatch:
      return [
        { pc: out, where },
        { pc: arg, where },
      ];
    case op.capture:
    case op.nop:
      return [{ pc: out, where }];
    case op.emptyWidth:
      if ((arg & atBegin) !== 0 && where !== 'begin') return [];
      // No text of the shape is empty, so its start is not its end.
      if ((arg & atEnd) !== 0) return where === 'begin' ? [] : [{ pc: out, where: 'end' }];
      return [{ pc: out, where }];
    default:
      return where !== 'end' && takes(instruction, where, shape) ? [{ pc: out, where: 'inside' }] : [];
  }
}

function takes({ op: code, arg, runes }: GoInstruction, where: Where, shape: TextShape): boolean {
  if (opAny.has(code)) return true;
  if (code !== op.rune && code !== op.rune1) return false;
  const ranges: (readonly [number, number])[] = [];
  for (let at = 0; at < runes.length; at += 2) {
    const low = runes[at] ?? 0;
    ranges.push([low, runes[at + 1] ?? low]);
  }
  const foldsCase = runes.length === 1 && (arg & 1) !== 0;
  if (foldsCase) {
    const letter = String.fromCodePoint(ranges[0]?.[0] ?? 0);
    for (const other of [letter.toLowerCase(), letter.toUpperCase()]) {
      const point = other.codePointAt(0) ?? 0;
      ranges.push([point, point]);
    }
  }
  const allowed = where === 'begin' ? [[shape.first, shape.first] as const] : shape.rest;
  return ranges.some(([low, high]) => allowed.some(([from, to]) => low <= to && from <= high));
}
