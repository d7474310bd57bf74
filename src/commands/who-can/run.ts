// Runs kapi who-can. api/who-can.ts reads roles and bindings and lets the server verify what they
// grant.

import { questionText, readQuestions } from '../../api/access-question.ts';
import { buildSubjectReview } from '../../api/access-review.ts';
import {
  buildRoleLists,
  findSubjects,
  verifySubjects,
  type Holder,
  type Holders,
  type Scope,
  type Verification,
} from '../../api/who-can.ts';
import { NotSent, PartialFailure, UsageError } from '../../errors.ts';
import type { Json } from '../../model/object.ts';
import type { RequestInfo } from '../../model/request-info.ts';
import { escapeLine } from '../../output/escape.ts';
import { printRows } from '../../output/rows.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import type { Deps } from '../deps.ts';
import type { WhoCanOptions } from './options.ts';

/** Max reviews at the same time. */
const maxParallelReviews = 20;

/**
 * Prints the subjects.
 * @throws UsageError, ConfigError; RefusedError, ServerError, ConnectionError
 * @throws PartialFailure if several lists are refused, after what was found is printed
 */
export async function runWhoCan(options: WhoCanOptions, deps: Deps): Promise<void> {
  const question = await readQuestion(options, deps);
  const scope = scopeOf(question, options);
  if (deps.globals.curl) {
    await printRequests(question, scope, options, deps);
    return;
  }
  const { signal, now, warn } = deps;
  const send = await deps.send();
  const found = await findSubjects(send, question, scope, { signal, now, warn });
  const verification = options.verifies
    ? await verifySubjects(send, question, found.holders, { signal, atOnce: maxParallelReviews })
    : undefined;
  await print(question, found, verification, options, deps);
  noteLimits(question, found, verification, deps);
  const [first, ...others] = found.unreadable.map(({ error }) => error);
  if (first !== undefined) throw others.length === 0 ? first : new PartialFailure([first, ...others]);
}

/**
 * Reads the question.
 * @throws UsageError for an unknown type or verb, and for words that mean several types
 */
async function readQuestion(
  { verb, target, name, subresource, allNamespaces }: WhoCanOptions,
  deps: Deps,
): Promise<RequestInfo> {
  const namespace = allNamespaces ? '' : (await deps.config()).namespace.value;
  const { questions, warnings, notes } = await readQuestions(
    {
      ...{ verb, target, name, subresource, namespace },
      namespaceGiven: !allNamespaces && deps.globals.namespace !== undefined,
    },
    deps.discovery,
    // An unknown verb or type would look like a right that no subject has.
    { refusesUnknown: true, strict: false, command: 'who-can' },
  );
  for (const text of warnings) deps.warn(`Warning: ${text}`);
  for (const note of notes) deps.warn(note);
  const [only, ...others] = questions;
  if (only !== undefined && others.length === 0) return only.question;
  throw new UsageError(`${JSON.stringify(target)} means several types: name one`, { code: 'BadArgument' });
}

function scopeOf(question: RequestInfo, { allNamespaces }: WhoCanOptions): Scope {
  if (question.kind === 'path') return { kind: 'cluster' };
  if (question.namespace !== '') return { kind: 'namespace', namespace: question.namespace };
  return allNamespaces ? { kind: 'all-namespaces' } : { kind: 'cluster' };
}

/** Prints the lists, and the review with a placeholder: its subjects are in the responses. */
async function printRequests(
  question: RequestInfo,
  scope: Scope,
  { verifies }: WhoCanOptions,
  deps: Deps,
): Promise<void> {
  const send = await deps.send();
  const requests = [
    ...buildRoleLists(scope),
    ...(verifies ? [buildSubjectReview({ user: 'USER', groups: [] }, question)] : []),
  ];
  for (const request of requests) {
    await send(request).catch((thrown: unknown) => {
      if (!(thrown instanceof NotSent)) throw thrown;
    });
  }
  if (verifies) {
    deps.warn(
      'note: kapi sends the last request once for each subject that the bindings name, as "user" or "groups"',
    );
  }
}

async function print(
  question: RequestInfo,
  { holders }: Holders,
  verification: Verification | undefined,
  { output, noHeaders }: WhoCanOptions,
  deps: Deps,
): Promise<void> {
  const { out } = deps.io;
  const verdictOf = (holder: Holder): boolean | undefined => verification?.verdicts.get(holder);
  if (output === 'name') {
    const names = new Set(
      holders.map(({ subject }) => `${subject.kind.toLowerCase()}/${subjectText(subject)}`),
    );
    await out.write([...names].map((name) => `${escapeLine(name)}\n`).join(''));
    return;
  }
  if (isStructured(output)) {
    const subjects = holders.map((holder): Json => ({
      ...{ kind: holder.subject.kind, name: holder.subject.name },
      ...(holder.subject.namespace === '' ? {} : { namespace: holder.subject.namespace }),
      grantedIn: holder.namespace === '' ? '*' : holder.namespace,
      ...{ binding: { ...holder.binding }, role: { ...holder.role } },
      rule: Object.fromEntries(
        Object.entries({ ...holder.rule }).filter(([, values]) => Array.isArray(values) && values.length > 0),
      ),
      verified: verdictOf(holder) ?? null,
    }));
    await printStructured(out, output, { question: questionText(question), subjects }, subjects);
    return;
  }
  if (holders.length === 0) return;
  const isVerified = (verification?.verdicts.size ?? 0) > 0;
  await printRows(out, {
    columns: ['SUBJECT', 'KIND', 'NAMESPACE', 'BINDING', 'ROLE', ...(isVerified ? ['VERIFIED'] : [])],
    rows: holders.map((holder) => {
      const { subject, namespace, binding, role } = holder;
      const verdict = verdictOf(holder);
      return [
        ...[subjectText(subject), subject.kind, namespace === '' ? '*' : namespace],
        ...[`${binding.kind}/${binding.name}`, `${role.kind}/${role.name}`],
        ...(isVerified ? [verdict === undefined ? '?' : verdict ? 'yes' : 'no'] : []),
      ];
    }),
    noHeaders,
    boxed: false,
  });
}

function subjectText({ kind, namespace, name }: Holder['subject']): string {
  return kind === 'ServiceAccount' ? `${namespace}/${name}` : name;
}

/** Reports what the list does not contain. */
function noteLimits(
  question: RequestInfo,
  { holders, byNameOnly, unreadable }: Holders,
  verification: Verification | undefined,
  deps: Deps,
): void {
  if (holders.length === 0) {
    deps.warn(
      `${unreadable.length === 0 ? 'no binding' : 'no binding that you may read'} grants ${questionText(question)}`,
    );
  }
  if (byNameOnly > 0) {
    deps.warn(
      `note: ${byNameOnly === 1 ? '1 more subject has' : `${byNameOnly} more subjects have`} the right for single named objects only: add NAME to see them`,
    );
  }
  for (const { what } of unreadable) {
    deps.warn(
      `Warning: you may not list ${what}: ${what.includes('binding') ? 'more subjects may have the right' : 'bindings to these roles are left out'}`,
    );
  }
  if (verification?.refusal !== undefined) {
    deps.warn('note: not verified: you may not create subjectaccessreviews');
  }
  const denied = [...(verification?.verdicts.values() ?? [])].filter((verdict) => !verdict).length;
  if (denied > 0) {
    deps.warn(
      `Warning: the server denies ${denied === 1 ? '1 grant' : `${denied} grants`} of this list (VERIFIED no): another authorizer decides first, or a role has changed`,
    );
  }
  deps.warn(
    'note: members of group system:masters may do everything; rights from authorizers other than RBAC are not in the list',
  );
}
