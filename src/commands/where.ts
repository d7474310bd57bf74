// A CEL condition on objects: --where, and the goal cel=. Entry point: openCondition(). Loaded only
// if there is one. src/cel implements the language.

import { suggested } from '../model/suggestion.ts';
import { compileCel, type CelExpression } from '../cel/expression.ts';
import { canReadManagedFields, selectableTerms, type SelectableTerms } from '../cel/selectors.ts';
import { CelSyntaxError, pointAt } from '../cel/syntax.ts';
import { Fault } from '../cel/values.ts';
import { UsageError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import { objectAt, stringAt, type JsonObject } from '../model/object.ts';
import { groupResourceOf, type ResourceType } from '../model/resource.ts';
import { propertiesOf, resolveRef, schemaOfKind } from '../model/schema.ts';
import type { Deps } from './deps.ts';

/** The result for one object. `missing`: a field that the expression reads is absent. */
export type Judgement =
  { readonly kind: 'true' | 'false' } | { readonly kind: 'missing'; readonly why: string };

export interface Condition {
  readonly text: string;
  /** The part that the server can select. */
  readonly terms: SelectableTerms;
  readonly readsManagedFields: boolean;
  /**
   * Judges an object.
   * @throws UsageError `BadExpression` if the evaluation fails, except because of a missing field
   */
  judge(object: JsonObject): Judgement;
  /**
   * Checks the variables against the schemas of the types, if one is not a field of every type.
   * @throws UsageError `BadExpression` for a variable that none of the types has
   */
  checkFields(types: readonly ResourceType[], deps: Pick<Deps, 'openApi'>): Promise<void>;
}

/**
 * Compiles a condition.
 * @param source the flag as named in errors: `--where`
 * @throws UsageError `BadExpression` with the position in the expression
 */
export function openCondition(text: string, source: string, now: () => Date): Condition {
  const expression = compile(text, source, now);
  return {
    text,
    terms: selectableTerms(expression.tree),
    readsManagedFields: canReadManagedFields(text),
    judge: (object) => judge(expression, source, object),
    checkFields: (types, deps) => checkFields(expression, source, types, deps),
  };
}

function compile(text: string, source: string, now: () => Date): CelExpression {
  try {
    return compileCel(text, { now, isCondition: true });
  } catch (thrown) {
    if (!(thrown instanceof CelSyntaxError)) throw thrown;
    throw badExpression(`${source}: ${thrown.message}`, text, thrown.at, 'kapi help cel', thrown);
  }
}

function badExpression(
  message: string,
  text: string,
  at: number,
  hint: string | undefined,
  cause?: Error,
): UsageError {
  const hintText =
    hint === 'kapi help cel' ? `${suggested('help', 'cel')} shows the language and its functions` : hint;
  return new UsageError(message, {
    code: 'BadExpression',
    causes: pointAt(text, at).split('\n'),
    ...(hintText === undefined ? {} : { hint: hintText }),
    ...(cause === undefined ? {} : { cause }),
  });
}

function judge(expression: CelExpression, source: string, object: JsonObject): Judgement {
  const value = expression.evaluate(object);
  if (typeof value === 'boolean') return { kind: value ? 'true' : 'false' };
  const fault = value instanceof Fault ? value : new Fault('the result is not true or false');
  if (fault.reason === 'missing') return { kind: 'missing', why: fault.message };
  const metadata = objectAt(object, 'metadata');
  const namespace = stringAt(metadata, 'namespace');
  const subject = `${stringAt(object, 'kind') || 'object'} ${stringAt(metadata, 'name')}`;
  const where = namespace === '' ? subject : `${subject} in namespace ${namespace}`;
  throw badExpression(`${source}: ${fault.message} (at ${where})`, expression.text, fault.at ?? 0, undefined);
}

/** Fields of nearly every type. No schema is read for them. */
const commonFields = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status']);

async function checkFields(
  { fields, text }: CelExpression,
  source: string,
  types: readonly ResourceType[],
  { openApi }: Pick<Deps, 'openApi'>,
): Promise<void> {
  const uncommon = fields.filter(({ name }) => !commonFields.has(name));
  if (uncommon.length === 0) return;
  const known = new Set<string>();
  for (const type of types) {
    const names = await fieldsOf(type, openApi);
    // Without a schema, or with one that allows any field, the variables cannot be checked.
    if (names === undefined) return;
    for (const name of names) known.add(name);
  }
  const unknown = uncommon.find(({ name }) => !known.has(name));
  if (unknown === undefined) return;
  const near = nearest(unknown.name, known);
  const meant =
    near.length === 0
      ? `the fields are ${[...known].sort().join(', ')}`
      : `did you mean ${near.join(' or ')}?`;
  const named = [...new Set(types.map(groupResourceOf))].join(', ');
  throw badExpression(
    `${source}: undeclared reference to '${unknown.name}': ${named} have no such field`,
    text,
    unknown.at,
    `${meant}\ntexts need quotes: "${unknown.name}"`,
  );
}

/** Returns the top-level fields of a type. Undefined if they are not known. */
async function fieldsOf(
  { group, version, kind }: ResourceType,
  openApi: Deps['openApi'],
): Promise<readonly string[] | undefined> {
  try {
    const document = await (await openApi()).document({ group, version });
    const schema = document === undefined ? undefined : schemaOfKind({ group, version, kind }, document);
    if (document === undefined || schema === undefined) return undefined;
    const resolved = resolveRef(schema, document);
    const names = propertiesOf(resolved).map(([name]) => name);
    const isOpen = names.length === 0 || resolved['x-kubernetes-preserve-unknown-fields'] === true;
    return isOpen ? undefined : names;
  } catch {
    // The check only improves an error; the list itself reports problems of the server.
    return undefined;
  }
}

/**
 * Counts judgements, for the notes at the end: that nothing meets the condition, and how many
 * objects lack a field that the condition reads.
 */
export class MissingNote {
  readonly #judged: string;
  readonly #selected: string;
  #count = 0;
  #total = 0;
  #met = 0;
  #first = '';

  /**
   * @param judged what is judged, in the singular
   * @param selected what the command selects by it, in the singular
   */
  constructor(judged = 'object', selected = 'object') {
    this.#judged = judged;
    this.#selected = selected;
  }

  /** Adds a judgement. Returns true if the object meets the condition. */
  take(judgement: Judgement): boolean {
    this.#total++;
    if (judgement.kind === 'true') this.#met++;
    if (judgement.kind !== 'missing') return judgement.kind === 'true';
    this.#count++;
    if (this.#first === '') this.#first = judgement.why;
    return false;
  }

  /** Number of judged objects. */
  get total(): number {
    return this.#total;
  }

  /** Returns the note about missing fields. @returns undefined if every object could be judged */
  text(): string | undefined {
    if (this.#count === 0) return undefined;
    const objects = this.#count === 1 ? `1 ${this.#judged} does` : `${this.#count} ${this.#judged}s do`;
    return `note: ${objects} not match --where because a field is missing (${this.#first}); has(...) and .?field test for it`;
  }

  /** Prints on stderr that nothing meets the condition, and the note about missing fields. */
  printNotes(warn: (text: string) => void): void {
    if (this.#met === 0 && this.#total > 0) {
      warn(`No ${this.#selected} matches --where (${this.#total} were looked at)`);
    }
    const text = this.text();
    if (text !== undefined) warn(text);
  }
}
