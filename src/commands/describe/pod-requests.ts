// Sums up what pods request of a node. Entry points: requestedLines(), podRequestText(). Pure.

import { objectsAt, quantityTextAt, specOf } from '../../model/fields.ts';
import { objectAt, type JsonObject, type KubeObject } from '../../model/object.ts';
import { addQuantities, parseQuantity, type Quantity } from '../../model/quantity.ts';

type Kind = 'requests' | 'limits';

const zero: Quantity = { sign: 0, digits: 0n, exponent: 0 };
const standardResources = ['cpu', 'memory', 'ephemeral-storage'];

/**
 * Returns the sums of the requests and limits of some pods, as a share of what a node has: cpu,
 * memory, storage, and what else the node has and a pod requests (huge pages, devices).
 */
export function requestedLines(
  pods: readonly KubeObject[],
  allocatable: JsonObject | undefined,
): readonly string[] {
  const others = Object.keys(allocatable ?? {}).filter(
    (name) => name !== 'pods' && !standardResources.includes(name),
  );
  return [...standardResources, ...others.sort()].flatMap((resource) => {
    const [requests, limits] = (['requests', 'limits'] as const).map((kind) => sumOf(pods, kind, resource));
    if (requests === undefined || limits === undefined || (requests === 0 && limits === 0)) return [];
    const all = valueOf(parseQuantity(quantityTextAt(allocatable, resource)) ?? zero);
    const text = (value: number): string =>
      `${amountText(resource, value)}${all === 0 ? '' : ` (${Math.round((value / all) * 100)}%)`}`;
    return [`${resource}: requests ${text(requests)}, limits ${text(limits)}`];
  });
}

/** Formats what one pod requests: `cpu 100m, memory 64Mi`. Empty if it requests nothing. */
export function podRequestText(pod: KubeObject): string {
  return ['cpu', 'memory']
    .flatMap((resource) => {
      const value = sumOf([pod], 'requests', resource);
      return value === undefined || value === 0 ? [] : [`${resource} ${amountText(resource, value)}`];
    })
    .join(', ');
}

function sumOf(pods: readonly KubeObject[], kind: Kind, resource: string): number | undefined {
  let sum: Quantity | undefined = zero;
  for (const pod of pods) sum = sum && addQuantities(sum, podQuantity(pod, kind, resource));
  return sum === undefined ? undefined : valueOf(sum);
}

function amountText(resource: string, value: number): string {
  if (resource === 'cpu') return `${Math.round(value * 1_000)}m`;
  const isBytes = /^(?:memory|ephemeral-storage|hugepages-.*)$/.test(resource);
  return isBytes ? `${Math.ceil(value / 1_048_576)}Mi` : String(value);
}

/**
 * Returns the request of a pod: that of the whole pod, else the sum of its containers and sidecars,
 * or that of an init container if it is larger.
 */
function podQuantity(pod: KubeObject, kind: Kind, resource: string): Quantity {
  const of = (owner: JsonObject): Quantity | undefined =>
    parseQuantity(quantityTextAt(objectAt(objectAt(owner, 'resources'), kind), resource));
  const spec = specOf(pod);
  const overhead = parseQuantity(quantityTextAt(objectAt(spec, 'overhead'), resource)) ?? zero;
  const whole = of(spec);
  if (whole !== undefined) return addQuantities(whole, overhead) ?? whole;
  const inits = objectsAt(spec, 'initContainers');
  const running = [
    ...objectsAt(spec, 'containers'),
    ...inits.filter((container) => container['restartPolicy'] === 'Always'),
  ];
  const sum = [...running.map((container) => of(container) ?? zero), overhead].reduce(
    (all, one) => addQuantities(all, one) ?? all,
    zero,
  );
  return [sum, ...inits.map((container) => of(container) ?? zero)].reduce((max, one) =>
    valueOf(one) > valueOf(max) ? one : max,
  );
}

function valueOf({ sign, digits, exponent }: Quantity): number {
  return Number(`${sign < 0 ? '-' : ''}${digits}e${exponent}`);
}
