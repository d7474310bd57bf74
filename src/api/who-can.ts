// Finds the subjects that RBAC grants a permission to, and has the server verify them. Entry
// points: findSubjects(), verifySubjects(). rbac-grants.ts decides what a rule allows. Covers RBAC
// only, because other authorizers do not publish their rules.

import { RefusedError } from '../errors.ts';
import { nameOf, namespaceOf } from '../model/fields.ts';
import type { KubeObject } from '../model/object.ts';
import type { RequestSpec, Send } from '../model/request.ts';
import type { RequestInfo } from '../model/request-info.ts';
import { askSubjectAccess, type ReviewedSubject } from './access-review.ts';
import { listPages, type ListOptions } from './list.ts';
import { buildListRequest } from './object-request.ts';
import { allows, decodeBinding, decodeRules, type Grant } from './rbac-grants.ts';
import { wellKnownType } from './well-known.ts';

/** A subject of a binding, with the permission that it has by this binding. */
export interface Holder extends Grant {
  /** The namespace in which the grant applies. Empty: the whole cluster. */
  readonly namespace: string;
}

export interface Holders {
  /** By kind and name of the subject, then by namespace and binding. */
  readonly holders: readonly Holder[];
  /** Number of grants for single named objects, which a question without a name leaves out. */
  readonly byNameOnly: number;
  /** The lists that the server refused, such as `clusterroles`, with the refusals. */
  readonly unreadable: readonly { readonly what: string; readonly error: RefusedError }[];
}

/** Where to look: the whole cluster only, one namespace as well, or all namespaces. */
export type Scope =
  | { readonly kind: 'cluster' }
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'all-namespaces' };

/**
 * Finds the subjects whose bindings and roles allow a request. Reads each type of role and binding
 * with one list, because a cluster has more bindings than lists. The server has already written the
 * rules of aggregated ClusterRoles into these.
 * @throws RefusedError if the server refuses all bindings, or for a refusal other than 403
 * @throws ServerError, ConnectionError
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#api-overview
 */
export async function findSubjects(
  send: Send,
  question: RequestInfo,
  scope: Scope,
  options: ListOptions,
): Promise<Holders> {
  const unreadable: { readonly what: string; readonly error: RefusedError }[] = [];
  const read = async ({ resource, namespace, what }: RoleList): Promise<readonly KubeObject[]> => {
    const type = wellKnownType(resource);
    if (type === undefined) return [];
    const objects: KubeObject[] = [];
    try {
      const query = { type, namespace, as: 'objects', withoutManagedFields: true } as const;
      for await (const page of listPages(send, query, options)) {
        if (page.kind === 'objects') objects.push(...page.objects);
      }
    } catch (thrown) {
      if (!(thrown instanceof RefusedError) || thrown.facts.httpStatus !== 403) throw thrown;
      unreadable.push({ what, error: thrown });
    }
    return objects;
  };
  const lists = roleLists(scope);
  const found = new Map<string, readonly KubeObject[]>(
    await Promise.all(lists.map(async (list) => [list.resource, await read(list)] as const)),
  );
  const bindings = lists.filter(({ resource }) => resource.endsWith('bindings'));
  const [first] = unreadable;
  if (first !== undefined && bindings.every(({ what }) => unreadable.some((one) => one.what === what))) {
    throw first.error;
  }
  const rules = new Map(
    (['Role', 'ClusterRole'] as const).flatMap((kind) =>
      (found.get(`${kind.toLowerCase()}s`) ?? []).map(
        (role) => [roleKey(kind, namespaceOf(role), nameOf(role)), decodeRules(role)] as const,
      ),
    ),
  );
  let byNameOnly = 0;
  const holders = (['ClusterRoleBinding', 'RoleBinding'] as const).flatMap((kind) =>
    (found.get(`${kind.toLowerCase()}s`) ?? []).flatMap((item) => {
      const { reference: binding, subjects, role } = decodeBinding(item, kind);
      const granting = rules.get(roleKey(role.kind, role.namespace, role.name)) ?? [];
      const rule = granting.find((one) => allows(one, question));
      if (rule === undefined) {
        const isNamed = granting.some((one) => one.resourceNames.length > 0 && allowsSome(one, question));
        if (isNamed) byNameOnly += subjects.length;
        return [];
      }
      return subjects.map((subject): Holder => ({
        namespace: binding.namespace,
        binding,
        subject,
        role,
        rule,
      }));
    }),
  );
  return { holders: holders.sort(bySubject), byNameOnly, unreadable };
}

/** True if a rule allows the request for one of the objects that it names. */
function allowsSome(rule: Grant['rule'], question: RequestInfo): boolean {
  return (
    question.kind === 'resource' && question.name === '' && allows({ ...rule, resourceNames: [] }, question)
  );
}

/** Builds the lists of {@link findSubjects}, each as one request. */
export function buildRoleLists(scope: Scope): readonly RequestSpec[] {
  return roleLists(scope).flatMap(({ resource, namespace }) => {
    const type = wellKnownType(resource);
    return type === undefined ? [] : [buildListRequest({ type, namespace, as: 'objects' })];
  });
}

interface RoleList {
  readonly resource: string;
  /** Undefined: all namespaces, or a cluster-scoped type. */
  readonly namespace: string | undefined;
  /** For messages. */
  readonly what: string;
}

function roleLists(scope: Scope): readonly RoleList[] {
  const cluster = ['clusterrolebindings', 'clusterroles'];
  const namespaced = scope.kind === 'cluster' ? [] : ['rolebindings', 'roles'];
  const namespace = scope.kind === 'namespace' ? scope.namespace : undefined;
  return [
    ...cluster.map((resource) => ({ resource, namespace: undefined, what: resource })),
    ...namespaced.map((resource) => ({
      ...{ resource, namespace },
      what: namespace === undefined ? resource : `${resource} in namespace ${namespace}`,
    })),
  ];
}

function roleKey(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}

function bySubject(a: Holder, b: Holder): number {
  const keyOf = ({ subject, namespace, binding }: Holder): readonly string[] => [
    ...[subject.kind, subject.namespace, subject.name, namespace, binding.kind, binding.name],
  ];
  const [left, right] = [keyOf(a), keyOf(b)];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? 0 : (left[at] ?? '') < (right[at] ?? '') ? -1 : 1;
}

/** The server's verdicts on the holders. Omits those with a subject of an unknown kind. */
export interface Verification {
  readonly verdicts: ReadonlyMap<Holder, boolean>;
  /** Why the server could not be asked. Undefined: it answered. */
  readonly refusal?: RefusedError | undefined;
}

/**
 * Asks the server with a SubjectAccessReview for each subject and namespace whether it agrees.
 * Other authorizers can deny what RBAC grants, and a role can change in between.
 * @param atOnce max reviews at the same time
 * @throws RefusedError for a refusal other than 403
 * @throws ServerError, ConnectionError
 */
export async function verifySubjects(
  send: Send,
  question: RequestInfo,
  holders: readonly Holder[],
  { signal, atOnce }: { readonly signal: AbortSignal; readonly atOnce: number },
): Promise<Verification> {
  const groups = new Map<string, Holder[]>();
  for (const holder of holders) {
    const { kind, namespace, name } = holder.subject;
    const key = JSON.stringify([kind, namespace, name, holder.namespace]);
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [holder]);
    else same.push(holder);
  }
  const verdicts = new Map<Holder, boolean>();
  const left = [...groups.values()];
  const review = async (same: readonly Holder[]): Promise<void> => {
    const [holder] = same;
    const subject = holder === undefined ? undefined : reviewedSubject(holder);
    if (holder === undefined || subject === undefined) return;
    const { allowed } = await askSubjectAccess(send, subject, inNamespaceOf(question, holder), { signal });
    for (const one of same) verdicts.set(one, allowed);
  };
  const [first, ...others] = left;
  if (first === undefined) return { verdicts };
  try {
    // The first response shows whether this user can create reviews at all.
    await review(first);
  } catch (thrown) {
    if (thrown instanceof RefusedError && thrown.facts.httpStatus === 403) {
      return { verdicts, refusal: thrown };
    }
    throw thrown;
  }
  const queue = others.values();
  const work = async (): Promise<void> => {
    for (const same of queue) await review(same);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { verdicts };
}

/**
 * Returns the subject of a binding as the server authenticates it. Undefined for a kind that RBAC
 * does not know.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects
 */
function reviewedSubject({ subject: { kind, namespace, name } }: Holder): ReviewedSubject | undefined {
  switch (kind) {
    case 'User':
      return { user: name, groups: [] };
    case 'Group':
      return { user: '', groups: [name] };
    case 'ServiceAccount':
      return {
        user: `system:serviceaccount:${namespace}:${name}`,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      };
    default:
      return undefined;
  }
}

/** Limits the question to the namespace of the binding, which grants nothing outside it. */
function inNamespaceOf(question: RequestInfo, { namespace }: Holder): RequestInfo {
  return question.kind === 'path' || namespace === '' ? question : { ...question, namespace };
}
