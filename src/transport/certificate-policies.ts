// Checks whether a chain satisfies the certificate policies that its authorities require: RFC 5280
// section 6.1 as updated by RFC 9618. Any policy is acceptable, as in Go's crypto/x509. Entry
// point: arePoliciesValid(). Pure.

import type { Certificate } from './certificate.ts';

const anyPolicy = '2.5.29.32.0';

/** A valid policy at one depth of the chain. */
interface Node {
  /** The policies of the next certificate that this policy maps to. */
  expected: readonly string[];
  /** True if `anyPolicy` is the only parent. */
  readonly isUnderAny: boolean;
  readonly parents: readonly string[];
}

/** The valid policies at each depth, keyed by policy. The first depth belongs to the anchor. */
type Graph = Map<string, Node>[];

/**
 * Returns true if the policies of a chain are valid. Certificates without policies are valid unless
 * an authority requires a policy.
 * @param chain the server certificate first, the anchor last. The policies of the anchor do not
 *   count.
 */
export function arePoliciesValid(chain: readonly Certificate[]): boolean {
  const signed = chain.slice(0, -1);
  const isPlain = signed.every(
    ({ requireExplicitPolicy, policyMappings }) =>
      requireExplicitPolicy === undefined && policyMappings.length === 0,
  );
  return isPlain || evaluate([...signed].reverse());
}

/**
 * Evaluates the policies of a chain by RFC 9618.
 * @param certificates from the one that the anchor signed down to the server certificate
 */
function evaluate(certificates: readonly Certificate[]): boolean {
  const count = certificates.length;
  let explicitPolicy = count + 1;
  let policyMapping = count + 1;
  let inhibitAny = count + 1;
  let graph: Graph | undefined = [
    new Map([[anyPolicy, { expected: [anyPolicy], isUnderAny: false, parents: [] }]]),
  ];
  for (const [at, certificate] of certificates.entries()) {
    const isLast = at === count - 1;
    const isSelfIssued = certificate.rawIssuer.equals(certificate.rawSubject);
    if (certificate.policies.length === 0) graph = undefined;
    if (graph === undefined && explicitPolicy === 0) return false;
    if (graph !== undefined) {
      descend(graph, certificate.policies, inhibitAny > 0 || (!isLast && isSelfIssued));
      if (!isLast && !applyMappings(graph, certificate, policyMapping > 0)) return false;
    }
    if (isLast) continue;
    if (!isSelfIssued) {
      explicitPolicy = Math.max(0, explicitPolicy - 1);
      policyMapping = Math.max(0, policyMapping - 1);
      inhibitAny = Math.max(0, inhibitAny - 1);
    }
    explicitPolicy = Math.min(explicitPolicy, certificate.requireExplicitPolicy ?? explicitPolicy);
    policyMapping = Math.min(policyMapping, certificate.inhibitPolicyMapping ?? policyMapping);
    inhibitAny = Math.min(inhibitAny, certificate.inhibitAnyPolicy ?? inhibitAny);
  }
  const isDemanded = explicitPolicy <= 1 || certificates.at(-1)?.requireExplicitPolicy === 0;
  return !isDemanded || (graph !== undefined && hasPolicy(graph));
}

/** Adds the depth of a certificate: its policies, each below the policies that expect it. */
function descend(graph: Graph, policies: readonly string[], anyCounts: boolean): void {
  const above = graph.at(-1) ?? new Map<string, Node>();
  const depth = new Map<string, Node>();
  const parentsOf = (policy: string): string[] =>
    [...above].flatMap(([name, { expected }]) => (expected.includes(policy) ? [name] : []));
  const add = (policy: string, parents: readonly string[]): void => {
    depth.set(policy, {
      expected: [policy],
      isUnderAny: parents.length === 1 && parents[0] === anyPolicy,
      parents,
    });
  };
  for (const policy of policies) {
    if (policy === anyPolicy) continue;
    const parents = parentsOf(policy);
    if (parents.length > 0) add(policy, parents);
    else if (above.has(anyPolicy)) add(policy, [anyPolicy]);
  }
  if (policies.includes(anyPolicy) && anyCounts) {
    const missing = new Set([...above.values()].flatMap(({ expected }) => expected));
    for (const policy of missing) if (!depth.has(policy)) add(policy, parentsOf(policy));
  }
  graph.push(depth);
  prune(graph);
}

/** Removes the policies that have no child at the next depth. */
function prune(graph: Graph): void {
  for (let at = graph.length - 2; at > 0; at -= 1) {
    const continued = new Set(
      [...(graph[at + 1] ?? new Map<string, Node>()).values()].flatMap(({ parents }) => parents),
    );
    for (const policy of graph[at]?.keys() ?? []) if (!continued.has(policy)) graph[at]?.delete(policy);
  }
}

/**
 * Applies the policy mappings of a certificate.
 * @returns false if a mapping names `anyPolicy`, which RFC 5280 forbids
 */
function applyMappings(graph: Graph, { policyMappings }: Certificate, isAllowed: boolean): boolean {
  const depth = graph.at(-1);
  if (depth === undefined || policyMappings.length === 0) return true;
  if (!isAllowed) {
    for (const { issuer } of policyMappings) depth.delete(issuer);
    prune(graph);
    return true;
  }
  if (policyMappings.some(({ issuer, subject }) => issuer === anyPolicy || subject === anyPolicy))
    return false;
  const subjects = new Map<string, string[]>();
  for (const { issuer, subject } of policyMappings) {
    subjects.set(issuer, [...(subjects.get(issuer) ?? []), subject]);
  }
  prune(graph);
  for (const [issuer, expected] of subjects) {
    const node = depth.get(issuer);
    if (node !== undefined) node.expected = expected;
    else if (depth.has(anyPolicy)) {
      // The mapped policy gets the parents of `anyPolicy` at the same depth.
      depth.set(issuer, { expected, isUnderAny: true, parents: depth.get(anyPolicy)?.parents ?? [] });
    }
  }
  return true;
}

function hasPolicy(graph: Graph): boolean {
  if (graph.at(-1)?.has(anyPolicy) === true) return true;
  return graph.some((depth) =>
    [...depth].some(([policy, { isUnderAny }]) => policy !== anyPolicy && isUnderAny),
  );
}
