// What to do next after the server refused: one hint for each kind of refusal, made of the request and the Status; of
// message text only where nothing else tells (refusal.ts). Entry point: hintFor().

import type { StatusFacts } from '../errors.ts';
import type { Status } from '../model/status.ts';
import { isImpersonationRefused, readRefusal } from './refusal.ts';
import { fieldSelectorOfName } from '../model/field-selector.ts';
import { requestInfoOf, type RequestInfo, type ResourceRequest } from '../model/request-info.ts';

/** The hint for a refusal; undefined where the message says all there is to say. */
export function hintFor(facts: StatusFacts, status: Status): string | undefined {
  const info = requestInfoOf(facts);
  if (facts.answeredBy !== undefined) return foreignHint(facts, facts.answeredBy);
  switch (facts.httpStatus) {
    case 400:
      return undefined;
    case 401:
      return (
        'the server does not accept these credentials; ' +
        '`kapi whoami` shows which ones kapi sends and where they come from'
      );
    case 403:
      return forbiddenHint(info, status);
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
  return facts.httpStatus >= 500 ? serverFailureHint(info, facts, status) : undefined;
}

const suggestion = 'or have the role printed by the same command with `--suggest-rbac`';

/**
 * Names the missing right where the words of the answer are those of authorization. Admission (quota, pod security, a
 * webhook) and servers with words of their own say themselves what is wrong, and no role helps.
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
  const command = ['kapi can-i', info.verb, argumentOf(info), info.name, scopeFlag(info)]
    .filter((word) => word !== '')
    .join(' ');
  return `missing right: ${rule}; ask with \`${command}\`, ${suggestion}`;
}

/** Nothing is known about the API server: the hint is about finding out who answered. */
function foreignHint(facts: StatusFacts, answeredBy: string): string {
  const again = facts.retryAfterSeconds === undefined ? '' : `; it asks to try again ${inSeconds(facts)}`;
  return (
    `the answer (${answeredBy}) is not a Kubernetes Status: a load balancer, gateway or proxy may have answered instead of the API server${again}; ` +
    '`kapi config show` names the server and where it was set, -v shows the exchange'
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
  return `looked in namespace "${info.namespace}"; \`kapi list ${argumentOf(info)} -A --field-selector ${fieldSelectorOfName(name)}\` looks in all of them`;
}

function serverFailureHint(info: RequestInfo, facts: StatusFacts, status: Status): string | undefined {
  const again = facts.retryAfterSeconds === undefined ? undefined : `try again ${inSeconds(facts)}`;
  const { message } = status;
  if (/\bconversion webhook\b/.test(message) && info.kind === 'resource') {
    return (
      `the API server asked the conversion webhook of the CRD and got no usable answer; \`kapi get crd ${info.resource}.${info.group} -o jsonpath={.spec.conversion}\` shows it, ` +
      'and the version in {.status.storedVersions} needs no conversion'
    );
  }
  if (/\bfailed calling (?:admission )?webhook\b/.test(message)) {
    return 'a webhook of the cluster did not answer as it should; `kapi list validatingwebhookconfigurations,mutatingwebhookconfigurations` lists them';
  }
  if (message.includes('no preferred addresses found')) {
    return 'the API server knows no address of the node, so that it cannot ask the kubelet; `kapi list nodes -o wide` shows the addresses';
  }
  if (info.kind === 'resource' && isAggregated(info.group)) {
    return (
      `group ${info.group} may be served by an API behind the API server; ` +
      `\`kapi get apiservice ${info.version}.${info.group}\` shows whether it answers`
    );
  }
  if (facts.httpStatus === 504)
    return 'ask for less at a time (--limit, --chunk-size, a namespace), or try again later';
  return `\`kapi get '/readyz?verbose'\` shows whether the server is ready${again === undefined ? '' : `; ${again}`}`;
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
