// What a command can still do after a refusal: add local facts to a 401, and suggest the missing
// role of a 403. Entry points: withLocalFacts(), suggestForRefusal(). main calls them for every
// command.

import { suggested } from '../model/suggestion.ts';
import { isImpersonationRefused, readRefusal } from '../api/refusal.ts';
import { requestInfoOf, type RequestInfo, type ResourceRequest } from '../model/request-info.ts';
import { statusOf } from '../api/status.ts';
import type { InspectedCredential } from '../auth/local-credentials.ts';
import type { Impersonation } from '../config/cluster-config.ts';
import { ConfigError, PartialFailure, RefusedError, type KapiError } from '../errors.ts';
import { replacedText } from './config-facts.ts';
import { lifetimesOf, spanText, stateOf } from './credential-facts.ts';
import type { Deps } from './deps.ts';
import { writeSuggestion } from './suggest-rbac.ts';

/** True if a failure is, or contains, a response with this status. */
export function isRefusedWith(thrown: unknown, httpStatus: 401 | 403 | 404): boolean {
  return refusalsIn(thrown).some(({ facts }) => facts.httpStatus === httpStatus);
}

/** Returns the same failure, with facts from the sent credentials added to a 401. */
export async function withLocalFacts(
  thrown: unknown,
  deps: Pick<Deps, 'config' | 'credentials' | 'now'>,
): Promise<unknown> {
  if (thrown instanceof PartialFailure) {
    const failures: KapiError[] = [];
    for (const failure of thrown.failures) {
      const explained = await withLocalFacts(failure, deps);
      failures.push(explained instanceof RefusedError ? explained : failure);
    }
    const [first, ...others] = failures;
    return first === undefined ? thrown : new PartialFailure([first, ...others]);
  }
  if (!(thrown instanceof RefusedError) || thrown.facts.httpStatus !== 401) return thrown;
  const credentials = await inspectCredentials(deps);
  if (credentials === undefined) return thrown;
  const { message, code, facts, prefix, causes, hint, cause } = thrown;
  const said = credentialLines(credentials, deps.now());
  const replaced = replacedText(await deps.config());
  return new RefusedError(message, {
    code,
    facts,
    prefix,
    cause,
    causes: [...causes, ...said.lines, ...(replaced === undefined ? [] : [replaced])],
    hint: said.hint ?? hint,
  });
}

async function inspectCredentials(
  deps: Pick<Deps, 'credentials'>,
): Promise<readonly InspectedCredential[] | undefined> {
  try {
    return await (await deps.credentials()).inspect();
  } catch (thrown) {
    // The refusal is the failure to report; an unreadable credential would only hide it.
    if (thrown instanceof ConfigError) return undefined;
    throw thrown;
  }
}

function credentialLines(
  credentials: readonly InspectedCredential[],
  now: Date,
): { lines: string[]; hint: string | undefined } {
  const lines: string[] = [];
  let over = false;
  let early = false;
  for (const credential of credentials) {
    const { kind, detail, origin } = credential;
    const from = `(from ${origin.text})`;
    const lifetimes = lifetimesOf(credential);
    const { audiences = [], issuer = '' } = credential.token?.claims ?? {};
    if (audiences.length > 0 || issuer !== '') {
      lines.push(
        `the token is for the audience ${audiences.length === 0 ? '(none)' : audiences.join(', ')}, from the issuer ${issuer === '' ? '(none)' : issuer}: the server must accept both`,
      );
    }
    for (const lifetime of lifetimes) {
      const { what, begins, ends } = lifetime;
      const state = stateOf(lifetime, now);
      over ||= state === 'over';
      early ||= state === 'not-yet';
      if (state === 'over') lines.push(`${what} expired ${spanText(ends, now)} ${from}`);
      else if (state === 'not-yet')
        lines.push(`${what} is not valid before ${spanText(begins, now)} ${from}`);
      else if (ends !== undefined)
        lines.push(`${what} has not expired: it holds until ${spanText(ends, now)} ${from}`);
    }
    if (lifetimes.length > 0) continue;
    if (kind === 'anonymous') lines.push('no credentials were sent');
    else if (kind === 'withheld') lines.push(`no credentials were sent over plain http ${from}`);
    else lines.push(`${kind}${detail === '' ? '' : ` ${detail}`} was sent ${from}`);
  }
  return {
    lines,
    hint: over
      ? `get new credentials from whoever issued them; ${suggested('whoami')} shows all that kapi sends`
      : early
        ? 'the credentials are not valid yet, or the clock of this machine or of the issuer is wrong'
        : undefined,
  };
}

/** Prints the roles that grant what was refused with 403. */
export async function suggestForRefusal(thrown: unknown, command: string, deps: Deps): Promise<void> {
  const refused = refusalsIn(thrown).filter(({ facts }) => facts.httpStatus === 403);
  const requests: RequestInfo[] = [];
  let username: string | undefined;
  for (const error of refused) {
    if (error.facts.answeredBy !== undefined) {
      deps.warn('kapi cannot suggest a role: the refusal does not come from the API server');
      continue;
    }
    const refusal = readRefusal(statusOf(error)?.message ?? '');
    if (refusal === undefined) {
      deps.warn('no role can be suggested: the server refuses in words that are not those of authorization');
      continue;
    }
    username ??= refusal.username;
    const { impersonation } = await deps.config();
    if (isImpersonationRefused(refusal) && impersonation !== undefined) {
      requests.push(...impersonationRequests(impersonation));
    } else {
      requests.push(...requestsFor(requestInfoOf(error.facts), command));
    }
  }
  await writeSuggestion(requests, username, deps);
}

/**
 * Returns the requests of a command. A watch needs both list and watch, whichever was refused
 * first.
 */
function requestsFor(info: RequestInfo, command: string): RequestInfo[] {
  // Only `*` allows a method that the API does not have.
  if (info.verb === '') return [{ ...info, verb: '*' }];
  const watches = command === 'watch' && info.kind === 'resource';
  if (!watches || (info.verb !== 'list' && info.verb !== 'watch')) return [info];
  return [
    { ...info, verb: 'list' },
    { ...info, verb: 'watch' },
  ];
}

/**
 * Returns the permissions that an impersonation needs.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 */
function impersonationRequests({ user, uid, groups, extra }: Impersonation): ResourceRequest[] {
  const group = 'authentication.k8s.io';
  const request = (resource: string, name: string, more: Partial<ResourceRequest> = {}): ResourceRequest => ({
    kind: 'resource',
    verb: 'impersonate',
    group: '',
    version: 'v1',
    resource,
    subresource: '',
    namespace: '',
    name,
    ...more,
  });
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  return [
    namespace !== undefined && name !== undefined
      ? request('serviceaccounts', name, { namespace })
      : request('users', user),
    ...groups.map((each) => request('groups', each)),
    ...(uid === undefined ? [] : [request('uids', uid, { group })]),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => request('userextras', value, { group, subresource: key })),
    ),
  ];
}

function refusalsIn(thrown: unknown): RefusedError[] {
  if (thrown instanceof PartialFailure) return thrown.failures.flatMap(refusalsIn);
  return thrown instanceof RefusedError ? [thrown] : [];
}
