// Which namespaces a filled server has and how many pods live in each. Pure. The sized ones are what single cases ask
// for; the rest share what is left, so that all together are exactly the pods asked for.

/** A namespace of the generator. */
export interface FilledNamespace {
  readonly name: string;
  readonly pods: number;
}

/** Label of everything the generator makes; its value on a pod is the size of the pod's namespace. */
export const benchLabel = 'kapi-bench';

/** Sizes that cases ask for, in the order in which they are given up when there are too few pods. */
export const namespaceSizes = [20, 1_000, 500, 5_000] as const;

/** A size some case asks for. */
export type NamespaceSize = (typeof namespaceSizes)[number];

/** Name of the namespace that has exactly so many pods. */
export function sizedNamespace(size: NamespaceSize): string {
  return `${benchLabel}-${size}`;
}

/**
 * @param pods of all namespaces together
 * @param namespaces how many there are to be
 * @throws RangeError when the namespaces do not suffice for the pods
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
