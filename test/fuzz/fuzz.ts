// Shared parts of the fuzzers: the number of inputs, the seed, and common inputs. Entry points:
// fuzz, awkwardText, json, mutated.
import fc from 'fast-check';
import { it } from 'vitest';

import { KapiError } from '../../src/errors.ts';
import type { Json } from '../../src/model/object.ts';

const factor = Number(process.env['FUZZ_RUNS'] ?? 1);
/**
 * Default seed, so that every run has the same inputs and a CI failure can be reproduced. FUZZ_SEED
 * selects others.
 */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_129);

/**
 * Declares a test with `runs` inputs, times FUZZ_RUNS. fast-check shrinks a failing input and
 * prints it with its seed: make a unit test of it.
 */
export function fuzz<Input>(
  name: string,
  runs: number,
  inputs: fc.Arbitrary<Input>,
  check: (input: Input) => void | Promise<void>,
): void {
  const numRuns = Math.ceil(runs * factor);
  it(`${name} (${numRuns} inputs)`, async () => {
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => check(input)),
      { numRuns, seed },
    );
  });
}

/** Runs a function that can refuse its input. @throws errors that are not one of `allowed` */
export function mayRefuse<Value>(
  run: () => Value,
  ...allowed: readonly (new (...args: never[]) => Error)[]
): Value | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof KapiError && error.exitCode !== 70) return undefined;
    if (allowed.some((kind) => error instanceof kind)) return undefined;
    throw error;
  }
}

/**
 * Hostile and unusual texts: escapes, bidirectional controls, lone surrogates, YAML's special
 * characters.
 */
export const awkwardText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.constantFrom(
    '', ' ', '~', 'null', 'true', 'no', 'on', '0x1F', '0o7', '1e3', '5e1234567', '.5', '+1', '1_000', '2026-11-29', '=', '<<', '-',
    '- a', 'a: b', '# x', '"', "'", '|', '>', '%', '@', '`', '{', '[', '*x', '&x', '!!str', '?', ':', 'a\nb', 'a\r\nb', '\t', 'é', '한국어', '\u001b[31m',
    '\u202e', '\ud800', '\u0000', '\u2028', '\u00ad', 'x'.repeat(200), '__proto__', 'constructor', '0001-01-01T00:00:00Z',
  ),
); // prettier-ignore

/** Any JSON value with numbers that JavaScript can represent. */
export const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'json' },
    awkwardText,
    fc.constantFrom<Json>(null, true, false, 0, -0.5, 1e21, 2 ** 53 - 1),
    fc.integer(),
    fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'json' }),
    fc
      .array(fc.tuple(awkwardText, tie('value')), { maxLength: 4, depthIdentifier: 'json' })
      .map((entries) => Object.fromEntries(entries.filter(([key]) => key !== '__proto__')) as Json),
  ),
})).value;

/**
 * One of the documents with some values replaced, removed, or moved, like the response of a broken
 * or hostile server.
 */
export function mutated(documents: readonly Json[]): fc.Arbitrary<Json> {
  const change = fc.tuple(fc.nat(), fc.oneof(json, fc.constant(undefined)));
  return fc
    .tuple(fc.constantFrom(...documents), fc.array(change, { maxLength: 5 }))
    .map(([document, changes]) =>
      changes.reduce<Json>((value, [at, by]) => replaceAt(value, at, by), document),
    );
}

/** Replaces the value at a position in document order; `undefined` removes it. */
function replaceAt(document: Json, position: number, by: Json | undefined): Json {
  const places: (readonly (string | number)[])[] = [];
  const visit = (value: Json, path: readonly (string | number)[]): void => {
    places.push(path);
    if (value === null || typeof value !== 'object') return;
    for (const [key, child] of Object.entries(value)) visit(child as Json, [...path, key]);
  };
  visit(document, []);
  const path = places[position % places.length] ?? [];
  const rebuild = (value: Json, depth: number): Json | undefined => {
    const key = path[depth];
    if (key === undefined) return by;
    if (Array.isArray(value)) {
      return value.flatMap((child: Json, at): Json[] => {
        const next = String(at) === key ? rebuild(child, depth + 1) : child;
        return next === undefined ? [] : [next];
      });
    }
    const entries = Object.entries(value as Record<string, Json>).flatMap(([name, child]) => {
      const next = name === key ? rebuild(child, depth + 1) : child;
      return next === undefined ? [] : [[name, next] as const];
    });
    return Object.fromEntries(entries);
  };
  return rebuild(document, 0) ?? null;
}

/** Cuts bytes at the given positions, as a network does. */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

/**
 * Replaces lone surrogates by U+FFFD, as every encoder to UTF-8 does. `JSON.stringify` escapes them
 * instead.
 */
export function wellFormed(text: string): string {
  return Buffer.from(text.replaceAll(/\\u(d[89a-f][0-9a-f]{2})/g, '\ufffd')).toString();
}
