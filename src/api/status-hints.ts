// What to do next after the server refused: one hint for each kind of refusal, made of the request and the Status; of
// message text only where nothing else tells (refusal.ts). Entry point: hintFor().

import type { StatusFacts } from '../errors.ts';
import type { Status } from '../model/status.ts';
import { isImpersonationRefused, readRefusal } from './refusal.ts';
import { requestInfoOf, type RequestInfo, type ResourceRequest } from '../model/request-info.ts';

/** The hint for a refusal; undefined where the message says all there is to say. */
export function hintFor(facts: StatusFacts, status: Status): string | undefined {
  const info = requestInfoOf(facts);
  switch (facts.httpStatus) {
    case 400:
      return undefined;
    case 401:
      return (
        'the server does not know these credentials, or they have expired; ' +
        '`kapi whoami` shows which ones kapi sends and where they come from'
      );
    case 403:
      return facts.answeredBy === undefined ? forbiddenHint(info, status) : foreignHint(facts.answeredBy);
    case 404:
      return notFoundHint(info, status);
    case 405:
      return info.kind === 'resource'
        ? `\`kapi resources -o wide\` lists the verbs of ${typeOf(info)}`
        : undefined;
    case 409:
      return status.reason === 'AlreadyExists'
        ? undefined
        : 'someone else changed the object in the meantime: read it again and repeat the change on what you got';
    case 410:
      return 'the server no longer has that moment of the list: ask again from the start';
    case 429:
      return `the server is busy or the request has to wait its turn; try again ${inSeconds(facts)}`;
  }
  return facts.httpStatus >= 500 ? serverFailureHint(info, facts) : undefined;
}

const suggestion = 'or have the role printed by the same command with `--suggest-rbac`';

/**
 * Reading is refused by authorization and by nothing else, so the missing rule can be named. Writing may also have been
 * refused by admission (quota, pod security, a webhook), which then says so in the message.
 */
function forbiddenHint(info: RequestInfo, status: Status): string {
  const denied = status.details?.kind ?? '';
  if (info.kind === 'resource' && denied !== '' && denied !== info.resource) {
    return (
      `the missing right is one on ${denied}, not on ${info.resource}: ` +
      'it is needed when you act as someone else (--as, --as-group, --as-uid)'
    );
  }
  const refusal = readRefusal(status.message);
  if (refusal !== undefined && isImpersonationRefused(refusal)) {
    return (
      `the missing right is one for ${JSON.stringify(refusal.username)} to act as someone else ` +
      '(--as, --as-group, --as-uid): verb "impersonate" on that user and each of the groups'
    );
  }
  if (info.kind === 'path') {
    return `missing right: verb "${info.verb}" on path "${info.path}"; ask with \`kapi can-i ${info.verb} ${info.path}\`, ${suggestion}`;
  }
  if (info.verb === '') return 'only a rule with the verb "*" allows a method that the API does not have';
  const resource = info.subresource === '' ? info.resource : `${info.resource}/${info.subresource}`;
  const rule = [
    `verb "${info.verb}"`,
    `resource "${resource}"`,
    `API group "${info.group}"`,
    ...(info.name === '' ? [] : [`name "${info.name}"`]),
    info.namespace === '' ? 'in the whole cluster' : `in namespace "${info.namespace}"`,
  ].join(', ');
  const reading = info.verb === 'get' || info.verb === 'list' || info.verb === 'watch';
  const command = ['kapi can-i', info.verb, argumentOf(info), info.name, scopeFlag(info)]
    .filter((word) => word !== '')
    .join(' ');
  return `${reading ? 'missing right' : 'if a right is missing, it is'}: ${rule}; ask with \`${command}\`, ${suggestion}`;
}

/** No role helps against what stands before the API server. */
function foreignHint(answeredBy: string): string {
  return (
    `the answer (${answeredBy}) is no Status, so it is not the API server's RBAC that refused but most likely a load balancer, ` +
    'gateway or proxy before it; `kapi config show` names the server and where it was set, -v shows the exchange'
  );
}

function notFoundHint(info: RequestInfo, status: Status): string | undefined {
  if (info.kind === 'path') return '`kapi paths` lists the paths that the server has';
  const name = status.details?.name ?? '';
  if (name === '' && info.subresource !== '') {
    return `${typeOf(info)} has no subresource "${info.subresource}"; \`kapi resources --subresources\` lists those it has`;
  }
  if (name === '') {
    return 'the server has no such type at this path; `kapi resources` lists the types and their versions';
  }
  // A name that is not the one asked for is that of something the object needs, such as its namespace.
  if (name !== info.name || info.namespace === '') return undefined;
  return `looked in namespace "${info.namespace}"; \`kapi list ${argumentOf(info)} -A --field-selector metadata.name=${name}\` looks in all of them`;
}

function serverFailureHint(info: RequestInfo, facts: StatusFacts): string {
  if (info.kind === 'resource' && isAggregated(info.group)) {
    return (
      `group ${info.group} may be served by an API behind the API server; ` +
      `\`kapi get apiservice ${info.version}.${info.group}\` shows whether it answers`
    );
  }
  if (facts.httpStatus === 504)
    return 'ask for less at a time (--limit, --chunk-size, a namespace), or try again later';
  return `\`kapi get '/readyz?verbose'\` shows what the server is missing; try again ${inSeconds(facts)}`;
}

/** Custom resources are served by the API server itself, but nothing in the name tells; built-in groups end in .k8s.io or have no dot. */
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

/** The type as a command line takes it, subresource included. */
function argumentOf(info: ResourceRequest): string {
  return info.subresource === '' ? typeOf(info) : `${typeOf(info)}/${info.subresource}`;
}

function scopeFlag(info: ResourceRequest): string {
  return info.namespace === '' ? '-A' : `-n ${info.namespace}`;
}
