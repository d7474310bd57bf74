// Formats a NetworkPolicy: which connections of which pods it permits. Entry point:
// networkPolicyEntries(). Pure.

import { numberAt, objectsAt, quantityTextAt } from '../../model/fields.ts';
import { objectAt, stringAt, stringsAt, type JsonObject } from '../../model/object.ts';
import { selectorText } from './pod-template.ts';

/**
 * Returns the pods that a policy selects and the rules of each direction.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function networkPolicyEntries(
  spec: JsonObject,
): readonly (readonly [name: string, lines: string | readonly string[]])[] {
  const types = stringsAt(spec, 'policyTypes');
  return [
    ['Pods', selectionText(objectAt(spec, 'podSelector'), 'all of the namespace')],
    ['Ingress', rulesOf(spec, 'ingress', 'from', types.includes('Ingress'))],
    ['Egress', rulesOf(spec, 'egress', 'to', types.includes('Egress'))],
    ['Policy types', types.join(', ')],
  ];
}

function rulesOf(
  spec: JsonObject,
  field: 'ingress' | 'egress',
  peers: 'from' | 'to',
  isRestricted: boolean,
): readonly string[] {
  if (!isRestricted) return ['not restricted by this policy'];
  const rules = objectsAt(spec, field);
  if (rules.length === 0) return ['no connections'];
  return rules.map((rule) => {
    const ports = objectsAt(rule, 'ports').map((port) => {
      const end = numberAt(port, 'endPort');
      const number = quantityTextAt(port, 'port');
      return `${number === '' ? 'all' : number}${end === 0 ? '' : `-${end}`}/${stringAt(port, 'protocol') || 'TCP'}`;
    });
    const others = objectsAt(rule, peers).map(peerText);
    return `${ports.length === 0 ? 'all ports' : `ports ${ports.join(', ')}`} ${peers} ${others.length === 0 ? 'everywhere' : others.join('; or ')}`;
  });
}

function peerText(peer: JsonObject): string {
  const block = objectAt(peer, 'ipBlock');
  if (block !== undefined) {
    const except = stringsAt(block, 'except').join(', ');
    return `${stringAt(block, 'cidr')}${except === '' ? '' : ` except ${except}`}`;
  }
  const [pods, namespaces] = [objectAt(peer, 'podSelector'), objectAt(peer, 'namespaceSelector')];
  const inNamespaces = namespaces === undefined ? '' : ` in namespaces ${selectionText(namespaces, '(all)')}`;
  return `${pods === undefined ? 'all pods' : `pods ${selectionText(pods, '(all)')}`}${inNamespaces}`;
}

function selectionText(selector: JsonObject | undefined, all: string): string {
  return selectorText({ selector: selector ?? {} }) || all;
}
