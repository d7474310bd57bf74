// Parses the goals of kapi watch: --until, --until-any, --fail-on, and --for of kubectl wait. Entry
// point: parseGoal(). A new kind of goal needs a row of `kinds` here and a judge in goal.ts. Pure.

import { UsageError } from '../../errors.ts';
import { nearest } from '../../model/nearest.ts';

/** A goal to wait for. Paths are compiled when the command runs. */
export type Goal =
  | {
      readonly kind: 'condition';
      /** Compared without case, as in kubectl. */
      readonly type: string;
      readonly status: string;
    }
  | {
      readonly kind: 'jsonpath';
      readonly path: string;
      /** Undefined: any value, as long as the field exists. */
      readonly value: string | undefined;
    }
  /** A condition in CEL. */
  | { readonly kind: 'cel'; readonly expression: string }
  | { readonly kind: 'create' }
  | { readonly kind: 'delete' }
  /** The goal of `kubectl rollout status`. */
  | { readonly kind: 'rollout' };

type Kind = Goal['kind'];

/** Each kind with its parser, which returns undefined for invalid text after the equals sign. */
const kinds: Readonly<Record<Kind, (rest: string | undefined) => Goal | undefined>> = {
  condition: (rest = '') => {
    const [type = '', ...status] = rest.split('=');
    if (type === '' || status.length > 1) return undefined;
    return { kind: 'condition', type, status: status[0] ?? 'true' };
  },
  jsonpath: (rest = '') => (rest === '' ? undefined : { kind: 'jsonpath', ...parsePathAndValue(rest) }),
  cel: (rest = '') => (rest.trim() === '' ? undefined : { kind: 'cel', expression: rest }),
  create: (rest) => (rest === undefined ? { kind: 'create' } : undefined),
  delete: (rest) => (rest === undefined ? { kind: 'delete' } : undefined),
  rollout: (rest) => (rest === undefined ? { kind: 'rollout' } : undefined),
};

const forms = `a goal is condition=TYPE[=STATUS], 'jsonpath={.path}=VALUE', 'jsonpath={.path}', 'cel=EXPRESSION', create, delete or rollout`;

/**
 * Parses the forms of `kubectl wait --for`, and `rollout`.
 * @throws UsageError that names the form which was probably meant
 * @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_wait/
 */
export function parseGoal(text: string): Goal {
  const equals = text.indexOf('=');
  const word = (equals < 0 ? text : text.slice(0, equals)).toLowerCase();
  const rest = equals < 0 ? undefined : text.slice(equals + 1);
  const goal = isKind(word) ? kinds[word](rest) : undefined;
  if (goal !== undefined) return goal;
  const meant = suggestGoal(text);
  throw badGoal(
    `unrecognized condition: ${JSON.stringify(text)}`,
    meant === undefined ? forms : `did you mean ${quoteForShell(meant)}?\n${forms}`,
  );
}

/** Formats a goal as typed, for messages. */
export function goalText(goal: Goal): string {
  switch (goal.kind) {
    case 'condition':
      return `condition=${goal.type}${goal.status.toLowerCase() === 'true' ? '' : `=${goal.status}`}`;
    case 'jsonpath':
      return `jsonpath=${goal.path}${goal.value === undefined ? '' : `=${goal.value}`}`;
    case 'cel':
      return `cel=${goal.expression}`;
    default:
      return goal.kind;
  }
}

function isKind(word: string): word is Kind {
  return Object.hasOwn(kinds, word);
}

/**
 * Splits `{.status.phase}=Running`. An equals sign inside braces, or next to another comparison
 * operator, belongs to the path.
 */
function parsePathAndValue(text: string): { readonly path: string; readonly value: string | undefined } {
  const match = text.startsWith('{')
    ? /^(\{.*?\})(?:=(.*))?$/s.exec(text)
    : /^(.+?)(?:(?<![=!<>])=(?!=)(.*))?$/s.exec(text);
  const [, path = text, given] = match ?? [];
  if (match === null) throw badGoal(`no jsonpath with a value: ${JSON.stringify(text)}`, forms);
  if (given === undefined) return { path, value: undefined };
  // As in kubectl, for values that a YAML file has quoted.
  const value = given.replaceAll(/^['"]+|['"]+$/g, '');
  if (value === '') {
    throw badGoal(
      "jsonpath wait has to have a value after equal sign, like --until 'jsonpath={.status.readyReplicas}=3'",
      forms,
    );
  }
  return { path, value };
}

/**
 * Values of `status.phase` in Kubernetes' own types. `Failed` is also a condition of Jobs, which
 * have no phase.
 */
const phases = new Set(['active', 'bound', 'pending', 'released', 'running', 'succeeded', 'terminating']);

/** Synonyms of goals without a value. */
const synonyms: Readonly<Record<string, Kind>> = {
  created: 'create',
  creation: 'create',
  exist: 'create',
  exists: 'create',
  present: 'create',
  absent: 'delete',
  deleted: 'delete',
  deletion: 'delete',
  gone: 'delete',
  removed: 'delete',
  'rolled-out': 'rollout',
  rolledout: 'rollout',
  'rollout-status': 'rollout',
};

/** Fields of `spec` that users name without their path; other fields are in `status`. */
const specFields = new Set(['replicas', 'paused', 'suspend', 'unschedulable']);

/** Returns the valid form that was probably meant. Undefined: unknown. */
function suggestGoal(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed !== text && trimmed !== '') return suggestOrSame(trimmed);
  // {.spec.replicas}=2, .status.phase=Running, status.phase=Running, $.status.phase
  if (/^(?:\{|\$?\.|(?:status|spec|metadata|data)\b\.?)/.test(text)) return `jsonpath=${withBraces(text)}`;
  const [, name = '', separator = '', value = ''] = /^([\w.-]*)\s*([=:]*)\s*(.*)$/s.exec(text) ?? [];
  const lower = name.toLowerCase();
  const known = synonyms[lower] ?? (isKind(lower) ? lower : nearest(lower, Object.keys(kinds), 1)[0]);
  if (known === 'create' || known === 'delete' || known === 'rollout') return known;
  if (lower.startsWith('cond') || known === 'condition') {
    const type = value.split('=')[0] ?? '';
    return /^[A-Za-z][\w./-]*$/.test(type)
      ? `condition=${value.split('=').slice(0, 2).join('=')}`
      : undefined;
  }
  if (/^json-?path$/.test(lower) || known === 'jsonpath') {
    return value === '' ? undefined : `jsonpath=${withBraces(value)}`;
  }
  if (name === '') return undefined;
  if (separator === '') {
    if (phases.has(lower)) return `jsonpath={.status.phase}=${capitalize(name)}`;
    return /^[A-Za-z][A-Za-z0-9./-]*$/.test(name) ? `condition=${capitalize(name)}` : undefined;
  }
  if (value === '') return undefined;
  if (/^(?:true|false|unknown)$/i.test(value) && !specFields.has(lower))
    return `condition=${capitalize(name)}=${value}`;
  return `jsonpath={.${specFields.has(name) ? 'spec' : 'status'}.${name}}=${value}`;
}

function suggestOrSame(text: string): string | undefined {
  try {
    parseGoal(text);
    return text;
  } catch {
    return suggestGoal(text);
  }
}

/** Converts `status.phase=Running` to `{.status.phase}=Running`. */
function withBraces(text: string): string {
  const [, path = text, value = ''] =
    text.startsWith('{') || /^[^=]*[=!<>]=/.test(text)
      ? (/^(\{.*\}|[^]*?)(=[^]*)?$/.exec(text) ?? [])
      : (/^([^=]*)(=[^]*)?$/.exec(text) ?? []);
  if (path.startsWith('{')) return `${path}${value}`;
  const bare = path.replace(/^\$/, '');
  return `{${bare.startsWith('.') || bare.startsWith('[') ? '' : '.'}${bare}}${value}`;
}

function capitalize(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}

/** Quotes a goal for a shell: braces need quotes. */
function quoteForShell(goal: string): string {
  return /^[\w=.,:/-]+$/.test(goal) ? goal : `'${goal.replaceAll("'", String.raw`'\''`)}'`;
}

function badGoal(message: string, hint: string): UsageError {
  return new UsageError(message, { code: 'BadFlagValue', hint });
}
