// The namespaces of a filled server and their numbers of pods. Pure. Cases need namespaces of
// certain sizes; the others share the remaining pods, so that the total is exact.

/** A namespace of the generator. */
export interface FilledNamespace {
  readonly name: string;
  readonly pods: number;
}

/**
 * Label of everything the generator makes; its value on a pod is the size of the pod's namespace.
 */
export const benchLabel = 'kapi-bench';

/** Sizes that cases need, in the order in which they are dropped if there are too few pods. */
export const namespaceSizes = [20, 1_000, 500, 5_000] as const;

/** A size that a case needs. */
export type NamespaceSize = (typeof namespaceSizes)[number];

/** Returns the name of the namespace with exactly this number of pods. */
export function sizedNamespace(size: NamespaceSize): string {
  return `${benchLabel}-${size}`;
}

/**
 * @param pods of all namespaces together
 * @param namespaces their number
 * @throws RangeError if there are too few namespaces for the pods
 */
export function planNamespaces(pods: number, namespaces: number): FilledNamespace[] {
  const plan: FilledNamespace[] = [];
  let left = pods;
  for (const size of namespaceSizes) {
    if (size > left) continue;
    plan.push({ name: sizedNamespace(size), pods: size });
    left -= size;
  }
  const others = namespaces - plan.length;
  if (others < 0 || (others === 0 && left > 0)) {
    throw new RangeError(`${pods} pods need at least ${plan.length + (left > 0 ? 1 : 0)} namespaces`);
  }
  for (let index = 0; index < others; index += 1) {
    const share = Math.floor(left / (others - index));
    left -= share;
    plan.push({ name: `${benchLabel}-rest-${String(index + 1).padStart(2, '0')}`, pods: share });
  }
  return plan;
}
