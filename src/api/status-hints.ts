// Suggests what to do after a server refused or failed: one hint for each kind of response, made
// from the request and the Status. Reads message text only if no other field tells (refusal.ts).
// Entry point: hintFor().

import { nearest } from '../model/nearest.ts';
import { wellKnownType } from './well-known.ts';
import type { StatusFacts } from '../errors.ts';
import type { Status } from '../model/status.ts';
import { isImpersonationRefused, readRefusal } from './refusal.ts';
import { fieldSelectorOfName } from '../model/field-selector.ts';
import { suggested, suggestedAgain } from '../model/suggestion.ts';
import { requestInfoOf, type RequestInfo, type ResourceRequest } from '../model/request-info.ts';

/** Returns the hint for an error. Undefined if the message is sufficient. */
export function hintFor(facts: StatusFacts, status: Status): string | undefined {
  const info = requestInfoOf(facts);
  if (facts.answeredBy !== undefined) return foreignHint(facts, facts.answeredBy);
  switch (facts.httpStatus) {
    case 400:
      return undefined;
    case 401:
      return (
        'the server does not accept these credentials; ' +
        `${suggested('whoami')} shows which ones kapi sends and where they come from`
      );
    case 403:
      return forbiddenHint(info, status);
    case 404:
      return notFoundHint(info, status, facts);
    case 405:
      return info.kind === 'resource'
        ? `${suggested('resources', '-o', 'wide')} lists the verbs of ${typeOf(info)}`
        : undefined;
    case 409:
      // A Conflict can have other reasons, such as fields of another manager or a namespace that is
      // being deleted. The message then says so.
      return /\bobject (?:has|might have) been modified\b/.test(status.message)
        ? 'someone else changed the object in the meantime: read it again and repeat the change on what you got'
        : undefined;
    case 410:
      return info.verb === 'list' || info.verb === 'watch'
        ? 'the server no longer has that moment of the list: ask again from the start'
        : undefined;
    case 429:
      return `the server is busy or the request has to wait its turn; try again ${inSeconds(facts)}`;
  }
  return facts.httpStatus >= 500 ? serverFailureHint(info, facts, status) : undefined;
}

/** Paths outside the API groups that servers commonly have. */
const commonPaths = [
  ...['/version', '/metrics', '/healthz', '/livez', '/readyz', '/api', '/apis', '/openapi/v2', '/openapi/v3'],
];

const role = `${suggestedAgain('--suggest-rbac')} prints the role and binding that grant it`;

/**
 * Names the missing permission if the message comes from an authorizer. Admission (quota, pod
 * security, a webhook) and servers with their own wording state the problem themselves, and no role
 * would help.
 */
function forbiddenHint(info: RequestInfo, status: Status): string | undefined {
  const refusal = readRefusal(status.message);
  const denied = status.details?.kind ?? '';
  if (info.kind === 'resource' && denied !== '' && denied !== info.resource) {
    return (
      `the missing right is one on ${denied}, not on ${info.resource}: ` +
      'it is needed when you act as someone else (--as, --as-group, --as-uid)'
    );
  }
  if (refusal === undefined) return undefined;
  if (isImpersonationRefused(refusal)) {
    return (
      `the missing right is one for ${JSON.stringify(refusal.username)} to act as someone else ` +
      '(--as, --as-group, --as-uid): verb "impersonate" on that user and each of the groups'
    );
  }
  if (info.kind === 'path') {
    return `you need verb "${info.verb}" on path "${info.path}"; ${role}; ${whyNot(info.verb, info.path)}`;
  }
  if (info.verb === '') return 'only a rule with the verb "*" allows a method that the API does not have';
  const resource = info.subresource === '' ? info.resource : `${info.resource}/${info.subresource}`;
  const right = [
    `verb "${info.verb}" on resource "${resource}"`,
    ...(info.group === '' ? [] : [`of API group "${info.group}"`]),
    ...(info.name === '' ? [] : [`named "${info.name}"`]),
    info.namespace === '' ? 'in the whole cluster' : `in namespace "${info.namespace}"`,
  ].join(' ');
  const why = whyNot(info.verb, typeOf(info), info.name, ...subresourceFlag(info), ...scopeFlag(info));
  return `you need ${right}; ${role}; ${why}`;
}

function whyNot(...words: readonly string[]): string {
  return `${suggested('can-i', ...words, '--why')} asks the server for its reason`;
}

/**
 * Returns the node, pod or service to which the API server forwards a request, such as
 * `services/web`. Undefined if it answers the request itself.
 */
export function targetOf(request: { readonly method: string; readonly path: string }): string | undefined {
  const info = requestInfoOf(request);
  return info.kind === 'resource' && info.subresource === 'proxy'
    ? `${info.resource}/${info.name}`
    : undefined;
}

/** Suggests how to find out which server responded: nothing is known about the API server. */
function foreignHint(facts: StatusFacts, answeredBy: string): string {
  const again = facts.retryAfterSeconds === undefined ? '' : `; it asks to try again ${inSeconds(facts)}`;
  const target = targetOf(facts);
  if (target !== undefined) {
    return `the answer (${answeredBy}) is not a Kubernetes Status: the API server forwards this path to ${target}, which may have answered${again}`;
  }
  return (
    `the answer (${answeredBy}) is not a Kubernetes Status: a load balancer, gateway or proxy may have answered instead of the API server${again}; ` +
    `${suggested('config', 'show')} names the server and where it was set, -v shows the exchange`
  );
}

function notFoundHint(info: RequestInfo, status: Status, facts: StatusFacts): string | undefined {
  if (info.kind === 'path') {
    const isCommon = commonPaths.includes(info.path);
    const near = isCommon ? [] : nearest(info.path, commonPaths).map((path) => suggested('get', path));
    if (near.length > 0) return `did you mean ${near.join(' or ')}?`;
    return `${suggested('paths')} lists the paths that the server has`;
  }
  const name = status.details?.name ?? '';
  if (name === '' && info.subresource !== '') {
    return `${typeOf(info)} has no subresource "${info.subresource}"; ${suggested('resources', '--subresources')} lists those it has`;
  }
  if (name === '') {
    const meant = wellKnownType(info.resource);
    if (meant?.group === info.group && meant.resource !== info.resource) {
      const path = facts.path.replace(/[?#].*$/s, '').replace(`/${info.resource}`, `/${meant.resource}`);
      return `a path has the plural of the type: ${suggested('get', path)}`;
    }
    return `the server has no such type at this path; ${suggested('resources')} lists the types and their versions`;
  }
  // Another name in the Status is the name of something that the object needs, such as its
  // namespace.
  if (name !== info.name || info.namespace === '') return undefined;
  // The server treats a request for a Namespace as one in that namespace.
  if (info.group === '' && info.resource === 'namespaces') return undefined;
  const everywhere = suggested('list', typeOf(info), '-A', '--field-selector', fieldSelectorOfName(name));
  return `looked in namespace "${info.namespace}"; ${everywhere} looks in all of them`;
}

function serverFailureHint(info: RequestInfo, facts: StatusFacts, status: Status): string | undefined {
  const again = facts.retryAfterSeconds === undefined ? undefined : `try again ${inSeconds(facts)}`;
  const { message } = status;
  if (/\bconversion webhook\b/.test(message) && info.kind === 'resource') {
    return (
      `the API server asked the conversion webhook of the CRD and got no usable answer; ${suggested('get', 'crd', `${info.resource}.${info.group}`, '-o', 'jsonpath={.spec.conversion}')} shows it, ` +
      'and the version in {.status.storedVersions} needs no conversion'
    );
  }
  if (/\bfailed calling (?:admission )?webhook\b/.test(message)) {
    return `a webhook of the cluster did not answer as it should; ${suggested('list', 'validatingwebhookconfigurations,mutatingwebhookconfigurations')} lists them`;
  }
  if (message.includes('no preferred addresses found')) {
    return `the API server knows no address of the node, so that it cannot ask the kubelet; ${suggested('list', 'nodes', '-o', 'wide')} shows the addresses`;
  }
  if (info.kind === 'resource' && isAggregated(info.group)) {
    return (
      `group ${info.group} may be served by an API behind the API server; ` +
      `${suggested('get', 'apiservice', `${info.version}.${info.group}`)} shows whether it answers`
    );
  }
  if (facts.httpStatus === 504)
    return 'ask for less at a time (--limit, --chunk-size, a namespace), or try again later';
  return `${suggested('get', '/readyz?verbose')} shows whether the server is ready${again === undefined ? '' : `; ${again}`}`;
}

/**
 * True if an aggregated API server can serve the group. The name does not tell custom resources
 * (served by the API server itself) from aggregated ones. Built-in groups end in .k8s.io or have no
 * dot.
 */
function isAggregated(group: string): boolean {
  return group.includes('.') && (!group.endsWith('.k8s.io') || group.endsWith('metrics.k8s.io'));
}

function inSeconds(facts: StatusFacts): string {
  const seconds = facts.retryAfterSeconds;
  if (seconds === undefined) return 'in a while';
  return seconds === 1 ? 'in 1 second' : `in ${seconds} seconds`;
}

function typeOf({ group, resource }: ResourceRequest): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function subresourceFlag({ subresource }: ResourceRequest): string[] {
  return subresource === '' ? [] : ['--subresource', subresource];
}

/** Returns the flag for the scope. For cluster-scoped requests the scope is all namespaces. */
function scopeFlag(info: ResourceRequest): string[] {
  return info.namespace === '' ? ['-A'] : ['-n', info.namespace];
}
