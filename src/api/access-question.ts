// Turns the arguments of `can-i` into questions for the server: resolves types through discovery,
// tells subresources from names, and determines the scope. Entry point: readQuestions().
// access-review.ts asks the server.

import { RefusedError, ServerError, UsageError, messageOf } from '../errors.ts';
import { FieldSelectorError, parseFieldTerms } from '../model/field-selector.ts';
import { LabelSelectorError, parseLabelSelector } from '../model/label-selector.ts';
import { nearest } from '../model/nearest.ts';
import { pathVerbs, resourceVerbs } from '../model/verbs.ts';
import { apiVersionOf, groupResourceOf, type ResourceType } from '../model/resource.ts';
import { concernsGroup, typesAndParents, type ApiSurface } from './groups.ts';
import { checkSegments } from './object-request.ts';
import type { Discovery } from './open-discovery.ts';
import { resolveParent } from './resolve.ts';
import { requestInfoOf, type RequestInfo, type ResourceRequest } from '../model/request-info.ts';
import { suggested } from '../model/suggestion.ts';

/** The arguments of `can-i` as typed. Verb and target can be comma-separated lists. */
export interface QuestionWords {
  readonly verb: string;
  /** `pods`, `deploy.apps`, `pods/exec`, `pods/web-0`, `/metrics`. */
  readonly target: string;
  readonly name?: string | undefined;
  /** If set, the part of the target after a slash is a name. */
  readonly subresource?: string | undefined;
  /** Only the objects that these select. Absent or empty: all. */
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Empty: all namespaces. */
  readonly namespace: string;
  /** True if the user named the namespace. A cluster-scoped type then gets a warning. */
  readonly namespaceGiven: boolean;
}

/** A question for the server, and the words it was made from. */
export interface ReadQuestion {
  readonly question: RequestInfo;
  /** The verb as typed. For a path, `get` can be asked as `list`. */
  readonly verb: string;
  /** The subject of the question: `pods/exec`, or the path as typed without its query. */
  readonly target: string;
}

/** The questions of one call, with warnings and notes for the user. */
export interface ReadQuestions {
  /** All verbs for each target, in the given order. */
  readonly questions: readonly ReadQuestion[];
  /** kubectl's warnings about unknown types and verbs. */
  readonly warnings: readonly string[];
  /** How kapi understood an ambiguous target. */
  readonly notes: readonly string[];
}

/** Types for RBAC rules that no server lists, all cluster-scoped. kubectl knows the first two. */
const virtualTypes: readonly { readonly resource: string; readonly group: string }[] = [
  { resource: 'users', group: '' },
  { resource: 'groups', group: '' },
  { resource: 'uids', group: 'authentication.k8s.io' },
  { resource: 'userextras', group: 'authentication.k8s.io' },
  { resource: 'signers', group: 'certificates.k8s.io' },
];

/** A type as an RBAC rule names it. */
interface Subject {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** Undefined: unknown. */
  readonly namespaced: boolean | undefined;
}

/** The result of looking up a type name. */
interface Found {
  readonly types: readonly (Omit<Subject, 'subresource' | 'name'> & { readonly type?: ResourceType })[];
  readonly warning?: string;
  readonly note?: string;
}

export interface ReadOptions {
  /** True to reject unknown types, subresources and verbs. Otherwise they cause a warning. */
  readonly refusesUnknown: boolean;
  /** True to also reject words that have no effect on a question, and a forbidden discovery. */
  readonly strict: boolean;
  /** The command that notes suggest. Default: `can-i`. */
  readonly command?: string;
}

/** Options, warnings and notes of one call. */
interface Remarks {
  readonly options: ReadOptions;
  readonly warnings: Set<string>;
  readonly notes: Set<string>;
}

/**
 * Parses the arguments of `kapi can-i`. A path of objects becomes a question about these objects,
 * because that is what the server checks for a request with this path.
 * @param discovery called only if a type is not well-known
 * @throws UsageError for words that are not a question, and for what the options reject
 * @throws ServerError, ConnectionError if discovery was needed and failed
 */
export async function readQuestions(
  words: QuestionWords,
  discovery: () => Promise<Discovery>,
  options: ReadOptions,
): Promise<ReadQuestions> {
  const verbs = split(words.verb);
  const targets = splitTargets(words.target);
  if (verbs.length === 0 || targets.length === 0) throw empty();
  const selectors = readSelectors(words, verbs);
  const remarks: Remarks = { options, warnings: new Set(), notes: new Set() };
  const questions: ReadQuestion[] = [];
  for (const target of targets) {
    if (target.startsWith('/')) {
      checkPath(words, selectors);
      const path = target.replace(/[?#].*$/s, '');
      for (const verb of verbs) {
        questions.push({ question: await readPath(verb, target, discovery, remarks), verb, target: path });
      }
      continue;
    }
    for (const verb of verbs) checkVerb(verb, resourceVerbs, remarks);
    for (const subject of await readTarget(target, words, discovery, remarks)) {
      for (const verb of verbs) {
        const named = withoutUnknownName(verb, subject, remarks);
        const namespace = scopeOf(named, words, remarks.warnings);
        const { group, version, resource, subresource, name } = named;
        checkSegments({
          namespace: namespace === '' ? undefined : namespace,
          // Names of users, groups and other types without requests of their own can hold any
          // characters.
          name: version === '' || name === '' ? undefined : name,
        });
        const question: RequestInfo = {
          kind: 'resource',
          ...{ verb, group, version, resource, subresource, namespace, name, ...selectors },
        };
        questions.push({ question, verb, target: targetText(question) });
      }
    }
  }
  return { questions, warnings: [...remarks.warnings], notes: [...remarks.notes] };
}

/**
 * HTTP method for each verb in a question about a path. The verb is a method name, or the API verb
 * of the method.
 */
const methods: Readonly<Record<string, string>> = {
  get: 'GET',
  head: 'HEAD',
  list: 'GET',
  watch: 'GET',
  post: 'POST',
  create: 'POST',
  put: 'PUT',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
};

/**
 * Verbs that are HTTP methods: the server maps them to the verb of the request. Other verbs are
 * asked as typed.
 */
const httpMethodVerbs = new Set(['get', 'head', 'post', 'put', 'patch', 'delete']);

async function readPath(
  verb: string,
  typed: string,
  discovery: () => Promise<Discovery>,
  remarks: Remarks,
): Promise<RequestInfo> {
  const [path = ''] = typed.split('#');
  const plain = path.replace(/\?.*$/s, '');
  const info = requestInfoOf({ method: methods[verb] ?? verb.toUpperCase(), path });
  if (info.kind === 'path') {
    checkVerb(verb, pathVerbs, remarks);
    if (path !== plain) {
      remarks.notes.add(`note: checked the path ${plain}: a right has no query`);
    }
    return { kind: 'path', verb, path: plain };
  }
  checkVerb(verb, [...resourceVerbs, ...pathVerbs], remarks);
  await checkServed(info, plain, discovery, remarks);
  const { group, version, resource, subresource, namespace, name } = withoutUnknownName(
    info.verb,
    info,
    remarks,
  );
  const question: RequestInfo = {
    kind: 'resource',
    verb: httpMethodVerbs.has(verb) ? info.verb : verb,
    ...{ group, version, resource, subresource, namespace, name },
  };
  remarks.notes.add(
    `note: checked "${questionText(question)}", which is what the server checks for ${verb} ${plain}`,
  );
  return question;
}

/**
 * Checks that the type of a path is served: an unserved type in a path is as wrong as the type
 * alone.
 */
async function checkServed(
  info: ResourceRequest,
  path: string,
  discovery: () => Promise<Discovery>,
  remarks: Remarks,
): Promise<void> {
  const { group, resource, subresource } = info;
  const found = await findType(groupResourceOf(info), discovery, remarks.options);
  const type = found.types.find((each) => each.group === group && each.resource === resource);
  if (found.warning === undefined && type === undefined) {
    refuseOrWarn(unknownInPath(path, resource), 'UnknownResourceType', remarks);
  } else if (found.warning !== undefined) remarks.warnings.add(found.warning);
  if (type?.type === undefined) return;
  if (type.version !== info.version && !(await canBeServed(info, discovery))) {
    const version = JSON.stringify(apiVersionOf(info));
    const unserved = `the server doesn't have a resource type '${resource}' in version ${version}, and a right has no version`;
    refuseOrWarn(unserved, 'UnknownResourceType', remarks);
  }
  if (subresource === '' || (await hasSubresource(type, type.type, subresource, discovery))) return;
  refuseOrWarn(unknownSubresource(subresource, info), 'UnknownSubresource', remarks);
}

/** True if the type of a path is served in the version of the path, or if that is unknown. */
async function canBeServed(
  { group, version, resource }: ResourceRequest,
  discovery: () => Promise<Discovery>,
): Promise<boolean> {
  const surface = await surfaceIfReadable(discovery);
  if (surface === undefined) return true;
  const { groups, problems } = surface;
  if (problems.some((problem) => concernsGroup(problem, group))) return true;
  const served = groups.find(({ name }) => name === group)?.versions.find((one) => one.version === version);
  return [...(served?.types ?? []), ...(served?.parents ?? [])].some((type) => type.resource === resource);
}

/** Returns undefined if discovery is forbidden or fails: the user can still ask the question. */
async function surfaceIfReadable(discovery: () => Promise<Discovery>): Promise<ApiSurface | undefined> {
  try {
    return await (await discovery()).surface('cached');
  } catch (thrown) {
    if (thrown instanceof RefusedError || thrown instanceof ServerError) return undefined;
    throw thrown;
  }
}

function unknownInPath(path: string, resource: string): string {
  return `the server doesn't have a resource type '${resource}' at ${path}`;
}

function unknownSubresource(
  subresource: string,
  type: { readonly group: string; readonly resource: string },
): string {
  return `the server doesn't have a subresource '${subresource}' of '${groupResourceOf(type)}'`;
}

/** Throws or adds a warning, as the options say. @throws UsageError */
function refuseOrWarn(message: string, code: string, { options, warnings }: Remarks): void {
  if (options.refusesUnknown) throw new UsageError(message, { code });
  warnings.add(message);
}

/**
 * Removes a name that the server does not know when it checks such a request: the name of an object
 * to create, and those in a collection to delete.
 * @throws UsageError `BadArgument` if the options are strict
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
 */
function withoutUnknownName<Named extends Subject | ResourceRequest>(
  verb: string,
  subject: Named,
  { options, notes }: Remarks,
): Named {
  const { name, subresource } = subject;
  const isKnown = verb !== 'deletecollection' && (verb !== 'create' || subresource !== '');
  if (name === '' || isKnown) return subject;
  const what = `${verb} ${groupResourceOf(subject)}`;
  if (options.strict) {
    throw new UsageError(`the server checks "${what}" without a name: ${JSON.stringify(name)} is ignored`, {
      code: 'BadArgument',
      hint: 'leave the name out',
    });
  }
  notes.add(
    `note: checked "${what}" without the name ${JSON.stringify(name)}, which the server does not check`,
  );
  return { ...subject, name: '' };
}

function checkVerb(verb: string, known: readonly string[], { options, warnings }: Remarks): void {
  if (known.includes(verb)) return;
  if (options.refusesUnknown) throw unknownVerb(verb, known);
  warnings.add(`verb '${verb}' is not a known verb`);
}

/** Formats a question: `get pods/exec "web-0" in namespace "dev"`. */
export function questionText(question: RequestInfo): string {
  if (question.kind === 'path') return `${question.verb} ${question.path}`;
  const { verb, name, namespace } = question;
  return [
    verb,
    targetText(question),
    ...(name === '' ? [] : [JSON.stringify(name)]),
    namespace === '' ? 'in the whole cluster' : `in namespace ${JSON.stringify(namespace)}`,
    ...selectorWords(question),
  ].join(' ');
}

function selectorWords({ labelSelector, fieldSelector }: ResourceRequest): string[] {
  const words = [
    ...(labelSelector === undefined ? [] : [`labels ${JSON.stringify(labelSelector)}`]),
    ...(fieldSelector === undefined ? [] : [`fields ${JSON.stringify(fieldSelector)}`]),
  ];
  return words.length === 0 ? [] : [`with ${words.join(' and ')}`];
}

/**
 * Formats the subject of a question, without verb, name and scope: `pods/exec`, `deployments.apps`,
 * `/metrics`.
 */
export function targetText(question: RequestInfo): string {
  if (question.kind === 'path') return question.path;
  const type = groupResourceOf(question);
  return question.subresource === '' ? type : `${type}/${question.subresource}`;
}

/** Requests with a selector have one of these verbs. */
const selectingVerbs = new Set(['list', 'watch', 'deletecollection', '*']);

/**
 * Returns the selectors of a question, without empty ones.
 * @throws UsageError for a selector that the server cannot read, which would make it ignore the
 *   selector
 */
function readSelectors(
  { labelSelector = '', fieldSelector = '' }: QuestionWords,
  verbs: readonly string[],
): Pick<ResourceRequest, 'labelSelector' | 'fieldSelector'> {
  try {
    parseLabelSelector(labelSelector);
    parseFieldTerms(fieldSelector);
  } catch (thrown) {
    if (!(thrown instanceof LabelSelectorError || thrown instanceof FieldSelectorError)) throw thrown;
    throw new UsageError(`the selector cannot be read: ${thrown.message}`, {
      code: 'BadSelector',
      cause: thrown,
    });
  }
  const selectors = {
    ...(labelSelector.trim() === '' ? {} : { labelSelector }),
    ...(fieldSelector.trim() === '' ? {} : { fieldSelector }),
  };
  const other = verbs.find((verb) => !selectingVerbs.has(verb));
  if (Object.keys(selectors).length > 0 && other !== undefined) {
    throw new UsageError(`a request with the verb ${other} has no selector`, {
      code: 'ConflictingFlags',
      hint: 'selectors are for list, watch and deletecollection',
    });
  }
  return selectors;
}

function checkPath({ name, subresource }: QuestionWords, selectors: object): void {
  if (Object.keys(selectors).length > 0) {
    throw new UsageError('a selector needs a type instead of a path', { code: 'ConflictingFlags' });
  }
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

/**
 * Returns the namespace of a question. Cluster-scoped types are asked for the whole cluster;
 * kubectl asks for them within a namespace.
 */
function scopeOf(subject: Subject, words: QuestionWords, warnings: Set<string>): string {
  if (subject.namespaced !== false) return words.namespace;
  const { resource, group, name } = subject;
  if (words.namespaceGiven && words.namespace !== '') {
    warnings.add(
      `resource '${resource}' is not namespace scoped${group === '' ? '' : ` in group '${group}'`}`,
    );
  }
  // The API server treats a request for one namespace as a request in that namespace, so that the
  // roles in the namespace can grant it.
  return group === '' && resource === 'namespaces' ? name : '';
}

async function readTarget(
  target: string,
  words: QuestionWords,
  discovery: () => Promise<Discovery>,
  remarks: Remarks,
): Promise<Subject[]> {
  const slash = target.indexOf('/');
  const word = slash < 0 ? target : target.slice(0, slash);
  const rest = slash < 0 ? undefined : target.slice(slash + 1);
  if (word === '' || rest === '') throw empty();
  const { warnings, notes } = remarks;
  const found = await findType(word, discovery, remarks.options);
  if (found.warning !== undefined) warnings.add(found.warning);
  if (found.note !== undefined) notes.add(found.note);
  const subjects: Subject[] = [];
  for (const { type, ...place } of found.types) {
    const whole = { ...place, subresource: '', name: words.name ?? '' };
    if (words.subresource !== undefined) {
      if (rest !== undefined && words.name !== undefined) throw twoNames(rest, words.name);
      if (!(await hasSubresource(place, type, words.subresource, discovery))) {
        refuseOrWarn(unknownSubresource(words.subresource, place), 'UnknownSubresource', remarks);
      }
      subjects.push({ ...whole, subresource: words.subresource, name: rest ?? whole.name });
    } else if (rest === undefined) {
      subjects.push(whole);
    } else if (await hasSubresource(place, type, rest, discovery)) {
      const another = suggested(
        remarks.options.command ?? 'can-i',
        words.verb,
        word,
        rest,
        ...scopeWords(words),
      );
      notes.add(
        `note: checked the subresource ${groupResourceOf(place)}/${rest}` +
          (words.name === undefined && rest !== '*' && place.resource !== '*'
            ? `; for one named "${rest}": ${another}`
            : ''),
      );
      subjects.push({ ...whole, subresource: rest });
    } else {
      const dotted = await findDotted(word, rest, discovery);
      if (dotted !== undefined) {
        notes.add(`note: checked the subresource ${groupResourceOf(dotted)}/${dotted.subresource}`);
        subjects.push({ ...dotted, name: whole.name });
      } else if (words.name !== undefined) {
        refuseOrWarn(unknownSubresource(rest, place), 'UnknownSubresource', remarks);
        subjects.push({ ...whole, subresource: rest });
      } else {
        notes.add(
          `note: checked ${groupResourceOf(place)} named "${rest}"; for a subresource: --subresource ${rest}`,
        );
        subjects.push({ ...whole, name: rest });
      }
    }
  }
  return subjects;
}

function scopeWords({ namespace, namespaceGiven }: QuestionWords): string[] {
  if (namespace === '') return ['-A'];
  return namespaceGiven ? ['-n', namespace] : [];
}

function twoNames(first: string, second: string): UsageError {
  return new UsageError(`two names are given: "${first}" and "${second}"`, { code: 'BadArgument' });
}

async function findType(
  word: string,
  discovery: () => Promise<Discovery>,
  { refusesUnknown, strict }: ReadOptions,
): Promise<Found> {
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
    const open = await discovery();
    const types = await open.resolve(word);
    const [first] = types;
    const others = first === undefined ? [] : open.namesakesOf(first).map(groupResourceOf);
    return {
      types: types.map((type) => ({ ...placeOf(type), type })),
      ...(first === undefined || others.length === 0
        ? {}
        : { note: `note: ${name} means ${groupResourceOf(first)} here; there is also ${others.join(', ')}` }),
    };
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
      if (refusesUnknown) throw thrown;
      const where = group === '' ? '' : ` in group '${group}'`;
      return { types: asTyped, warning: `the server doesn't have a resource type '${name}'${where}` };
    }
    // Discovery is forbidden for anonymous users. The question can still be asked.
    if (thrown instanceof RefusedError && thrown.facts.httpStatus === 403) {
      return { types: asTyped, warning: `types are not known: ${messageOf(thrown)}` };
    }
    throw thrown;
  }
}

function placeOf({ group, version, resource, namespaced }: ResourceType): Found['types'][number] {
  return { group, version, resource, namespaced };
}

/**
 * True if a type has a subresource. Asks the server about subresources that the table of well-known
 * types does not have.
 */
async function hasSubresource(
  place: { readonly group: string; readonly resource: string },
  type: ResourceType | undefined,
  name: string,
  discovery: () => Promise<Discovery>,
): Promise<boolean> {
  if (name === '*' || place.resource === '*') return true;
  // The subresource of userextras is the key of the extra, which can be any text. Constrained
  // impersonation has keys of its own.
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

/**
 * Resolves `deployments/scale.apps`, the form that `kapi resources --subresources -o name` prints.
 */
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
    // Without discovery the subresources are unknown: the word after the slash is then a name, as
    // in kubectl.
    if (thrown instanceof RefusedError && thrown.facts.httpStatus === 403) return [];
    throw thrown;
  }
}

function split(words: string): string[] {
  return words.split(',').filter((word) => word !== '');
}

/** Splits targets at commas, except for commas in the query of a path. */
function splitTargets(words: string): string[] {
  const targets: string[] = [];
  for (const word of words.split(',')) {
    const before = targets.at(-1);
    const isInQuery = before?.startsWith('/') === true && before.includes('?') && !word.startsWith('/');
    if (isInQuery) targets[targets.length - 1] = `${before},${word}`;
    else if (word !== '') targets.push(word);
  }
  return targets;
}
