// From the words of `can-i` to the question that the server is asked: types through discovery, subresources told from
// names, scope. Entry point: readQuestions(). Asking is access-review.ts.

import { RefusedError, ServerError, UsageError, messageOf } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import { pathVerbs, resourceVerbs } from '../model/verbs.ts';
import { groupResourceOf, type ResourceType } from '../model/resource.ts';
import { typesAndParents } from './groups.ts';
import type { Discovery } from './open-discovery.ts';
import { resolveParent } from './resolve.ts';
import type { RequestInfo } from '../model/request-info.ts';

/** One question as typed; verb and target may be several, separated by commas. */
export interface QuestionWords {
  readonly verb: string;
  /** `pods`, `deploy.apps`, `pods/exec`, `pods/web-0`, `/metrics`. */
  readonly target: string;
  readonly name?: string | undefined;
  /** With it, what follows a slash in the target is a name. */
  readonly subresource?: string | undefined;
  /** Empty: all namespaces. */
  readonly namespace: string;
  /** The namespace was named on purpose: a type without namespaces is worth a warning then. */
  readonly namespaceGiven: boolean;
}

export interface ReadQuestions {
  /** For each target all verbs, in the order given. */
  readonly questions: readonly RequestInfo[];
  /** What kubectl warns of, in its words: unknown types and verbs. */
  readonly warnings: readonly string[];
  /** How a target was understood that can be understood in two ways. */
  readonly notes: readonly string[];
}

/** Types of rules that no server lists, all without namespaces; kubectl knows the first two. */
const virtualTypes: readonly { readonly resource: string; readonly group: string }[] = [
  { resource: 'users', group: '' },
  { resource: 'groups', group: '' },
  { resource: 'uids', group: 'authentication.k8s.io' },
  { resource: 'userextras', group: 'authentication.k8s.io' },
  { resource: 'signers', group: 'certificates.k8s.io' },
];

/** A type as a rule names it. */
interface Subject {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** Undefined: not known. */
  readonly namespaced: boolean | undefined;
}

/** What a word was found to mean. */
interface Found {
  readonly types: readonly (Omit<Subject, 'subresource' | 'name'> & { readonly type?: ResourceType })[];
  readonly warning?: string;
}

export interface ReadOptions {
  /** Unknown types and verbs are errors instead of warnings. */
  readonly strict: boolean;
}

/**
 * @throws UsageError for words that are no question; with `strict` for unknown types and verbs
 * @throws ServerError, ConnectionError when discovery was needed and failed
 */
export async function readQuestions(
  words: QuestionWords,
  discovery: () => Promise<Discovery>,
  { strict }: ReadOptions,
): Promise<ReadQuestions> {
  const verbs = split(words.verb);
  const targets = split(words.target);
  if (verbs.length === 0 || targets.length === 0) throw empty();
  const warnings = new Set<string>();
  const notes = new Set<string>();
  const questions: RequestInfo[] = [];
  for (const target of targets) {
    const isPath = target.startsWith('/');
    for (const verb of verbs) {
      const known: readonly string[] = isPath ? pathVerbs : resourceVerbs;
      if (known.includes(verb)) continue;
      if (strict) throw unknownVerb(verb, known);
      warnings.add(`verb '${verb}' is not a known verb`);
    }
    if (isPath) {
      checkPath(words);
      questions.push(...verbs.map((verb): RequestInfo => ({ kind: 'path', verb, path: target })));
      continue;
    }
    for (const subject of await readTarget(target, words, discovery, strict, warnings, notes)) {
      const namespace = scopeOf(subject, words, warnings);
      const { group, version, resource, subresource, name } = subject;
      for (const verb of verbs) {
        questions.push({ kind: 'resource', verb, group, version, resource, subresource, namespace, name });
      }
    }
  }
  return { questions, warnings: [...warnings], notes: [...notes] };
}

/** A question in words: `get pods/exec "web-0" in namespace "dev"`. */
export function questionText(question: RequestInfo): string {
  if (question.kind === 'path') return `${question.verb} ${question.path}`;
  const { verb, name, namespace } = question;
  return [
    verb,
    targetText(question),
    ...(name === '' ? [] : [JSON.stringify(name)]),
    namespace === '' ? 'in the whole cluster' : `in namespace ${JSON.stringify(namespace)}`,
  ].join(' ');
}

/** What a question is about, without verb, name and scope: `pods/exec`, `deployments.apps`, `/metrics`. */
export function targetText(question: RequestInfo): string {
  if (question.kind === 'path') return question.path;
  const type = groupResourceOf(question);
  return question.subresource === '' ? type : `${type}/${question.subresource}`;
}

function checkPath({ name, subresource }: QuestionWords): void {
  if (subresource !== undefined) {
    throw new UsageError('--subresource can not be used with NonResourceURL', { code: 'ConflictingFlags' });
  }
  if (name !== undefined) {
    throw new UsageError('NonResourceURL and ResourceName can not specified together', {
      code: 'BadArgument',
    });
  }
}

function empty(): UsageError {
  return new UsageError('a verb, type or name is empty', { code: 'BadArgument' });
}

function unknownVerb(verb: string, known: readonly string[]): UsageError {
  const near = nearest(verb, known);
  return new UsageError(`verb '${verb}' is not a known verb`, {
    code: 'UnknownVerb',
    hint: near.length > 0 ? `did you mean ${near.join(' or ')}?` : `verbs: ${known.join(', ')}`,
  });
}

/** Types without namespaces are asked for in the whole cluster; kubectl asks for them within a namespace. */
function scopeOf(subject: Subject, words: QuestionWords, warnings: Set<string>): string {
  if (subject.namespaced !== false) return words.namespace;
  const { resource, group, name } = subject;
  if (words.namespaceGiven && words.namespace !== '') {
    warnings.add(
      `resource '${resource}' is not namespace scoped${group === '' ? '' : ` in group '${group}'`}`,
    );
  }
  // The API server judges requests for one namespace as lying in it, so that its own roles may give rights on it.
  return group === '' && resource === 'namespaces' ? name : '';
}

async function readTarget(
  target: string,
  words: QuestionWords,
  discovery: () => Promise<Discovery>,
  strict: boolean,
  warnings: Set<string>,
  notes: Set<string>,
): Promise<Subject[]> {
  const slash = target.indexOf('/');
  const word = slash < 0 ? target : target.slice(0, slash);
  const rest = slash < 0 ? undefined : target.slice(slash + 1);
  if (word === '' || rest === '') throw empty();
  const found = await findType(word, discovery, strict);
  if (found.warning !== undefined) warnings.add(found.warning);
  const subjects: Subject[] = [];
  for (const { type, ...place } of found.types) {
    const whole = { ...place, subresource: '', name: words.name ?? '' };
    if (words.subresource !== undefined) {
      if (rest !== undefined && words.name !== undefined) throw twoNames(rest, words.name);
      if (!(await hasSubresource(place, type, words.subresource, discovery))) {
        warnings.add(
          `the server doesn't have a subresource '${words.subresource}' of '${groupResourceOf(place)}'`,
        );
      }
      subjects.push({ ...whole, subresource: words.subresource, name: rest ?? whole.name });
    } else if (rest === undefined) {
      subjects.push(whole);
    } else if (await hasSubresource(place, type, rest, discovery)) {
      notes.add(
        `asked about the subresource ${groupResourceOf(place)}/${rest}` +
          (words.name === undefined && rest !== '*' && place.resource !== '*'
            ? `; about one named "${rest}": kapi can-i ${words.verb} ${word} ${rest}`
            : ''),
      );
      subjects.push({ ...whole, subresource: rest });
    } else {
      const dotted = await findDotted(word, rest, discovery);
      if (dotted !== undefined) {
        notes.add(`asked about the subresource ${groupResourceOf(dotted)}/${dotted.subresource}`);
        subjects.push({ ...dotted, name: whole.name });
      } else if (words.name !== undefined) {
        warnings.add(`the server doesn't have a subresource '${rest}' of '${groupResourceOf(place)}'`);
        subjects.push({ ...whole, subresource: rest });
      } else {
        notes.add(
          `asked about ${groupResourceOf(place)} named "${rest}"; about a subresource: --subresource ${rest}`,
        );
        subjects.push({ ...whole, name: rest });
      }
    }
  }
  return subjects;
}

function twoNames(first: string, second: string): UsageError {
  return new UsageError(`two names are given: "${first}" and "${second}"`, { code: 'BadArgument' });
}

async function findType(word: string, discovery: () => Promise<Discovery>, strict: boolean): Promise<Found> {
  if (word === '*') {
    return { types: [{ group: '', version: '', resource: '*', namespaced: undefined }] };
  }
  const [name = '', ...rest] = word.toLowerCase().split('.');
  const group = rest.join('.');
  const virtual = virtualTypes.find(
    (type) => type.resource === name && (group === '' || group === type.group),
  );
  if (virtual !== undefined) return { types: [{ ...virtual, version: '', namespaced: false }] };
  const asTyped = [{ group, version: '', resource: name, namespaced: undefined }];
  try {
    const types = await (await discovery()).resolve(word);
    return { types: types.map((type) => ({ ...placeOf(type), type })) };
  } catch (thrown) {
    const isUnknown = thrown instanceof UsageError && thrown.code === 'UnknownResourceType';
    const isUnavailable = thrown instanceof ServerError && thrown.code === 'TypesUnavailable';
    if (isUnknown || isUnavailable) {
      const parent = resolveParent(word, await (await discovery()).groups('cached'));
      if (parent !== undefined) return { types: [{ ...placeOf(parent), type: parent }] };
    }
    if (strict) throw thrown;
    if (isUnavailable) return { types: asTyped, warning: messageOf(thrown) };
    if (isUnknown) {
      const where = group === '' ? '' : ` in group '${group}'`;
      return { types: asTyped, warning: `the server doesn't have a resource type '${name}'${where}` };
    }
    // Discovery is closed to anonymous users; the question itself can be asked all the same.
    if (thrown instanceof RefusedError && thrown.facts.httpStatus === 403) {
      return { types: asTyped, warning: `types are not known: ${messageOf(thrown)}` };
    }
    throw thrown;
  }
}

function placeOf({ group, version, resource, namespaced }: ResourceType): Found['types'][number] {
  return { group, version, resource, namespaced };
}

/** Whether a type has a subresource; for what is not known of well-known types the server is asked. */
async function hasSubresource(
  place: { readonly group: string; readonly resource: string },
  type: ResourceType | undefined,
  name: string,
  discovery: () => Promise<Discovery>,
): Promise<boolean> {
  if (name === '*' || place.resource === '*') return true;
  // Extras are subresources by their key, which may be anything; constrained impersonation names its own.
  if (place.group === 'authentication.k8s.io' && place.resource === 'userextras') return true;
  if (type === undefined) return false;
  if (type.subresources.some((each) => each.name === name)) return true;
  const types = await allTypes(discovery);
  return types.some(
    (each) =>
      each.group === place.group &&
      each.resource === place.resource &&
      each.subresources.some((subresource) => subresource.name === name),
  );
}

/** `deployments/scale.apps`, the form that `kapi resources --subresources -o name` prints. */
async function findDotted(
  word: string,
  rest: string,
  discovery: () => Promise<Discovery>,
): Promise<Subject | undefined> {
  const dot = rest.indexOf('.');
  if (dot <= 0 || word.includes('.')) return undefined;
  const [subresource, group] = [rest.slice(0, dot), rest.slice(dot + 1)];
  const type = (await allTypes(discovery)).find(
    (each) =>
      each.group === group &&
      each.resource === word.toLowerCase() &&
      each.subresources.some(({ name }) => name === subresource),
  );
  return type === undefined ? undefined : { ...placeOf(type), subresource, name: '' };
}

async function allTypes(discovery: () => Promise<Discovery>): Promise<readonly ResourceType[]> {
  try {
    return typesAndParents(await (await discovery()).groups('cached'));
  } catch (thrown) {
    // Who may not read discovery is not told about subresources: what stands there is taken for a name, as by kubectl.
    if (thrown instanceof RefusedError && thrown.facts.httpStatus === 403) return [];
    throw thrown;
  }
}

function split(words: string): string[] {
  return words.split(',').filter((word) => word !== '');
}
