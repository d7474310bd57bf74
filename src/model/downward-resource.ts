// resourceFieldRef: a container's limits and requests as the kubelet writes them for it. Entry points: resourceValue,
// quotientOf. What refers to them is downward.ts.

import { objectAt, type Json, type JsonObject } from './object.ts';
import { compareQuantities, parseQuantity, type Quantity } from './quantity.ts';

/** A limit or request that is asked for. */
export interface ResourceRef {
  readonly kind: 'resource';
  /** Whose resources; empty: the container's own that has the variable. */
  readonly container: string;
  /** `limits.cpu`, `requests.hugepages-2Mi`. */
  readonly resource: string;
  /** As written; `1` where there is none or zero. */
  readonly divisor: string;
}

/** What is known of the node that the pod is on. */
export type NodeFacts =
  | { readonly kind: 'known'; readonly allocatable: JsonObject }
  /** It was not asked for yet. */
  | { readonly kind: 'unasked' }
  /** It cannot be asked for, or was in vain. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** A limit that nobody set: what stands in for it. */
export type LimitDefault = 'node' | 'pod';

/** What the Downward API gives for one reference. */
export type DownwardValue =
  | {
      readonly kind: 'value';
      readonly text: string;
      readonly default?: LimitDefault;
      /** The kubelet puts annotations of its own between these lines: {@link kubeletAnnotations}. */
      readonly kubeletAdds?: true;
    }
  /** Nobody can tell yet, or the one who can was not or could not be asked. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly needsNode: boolean }
  /** The API does not take such a reference: the kubelet could not start the container. */
  | { readonly kind: 'invalid'; readonly reason: string };

export interface ResourceContext {
  /** The container whose resources count. */
  readonly container: JsonObject;
  /** `spec.resources.limits` of the pod, where limits of the pod as a whole stand in for missing ones of the container. */
  readonly podLimits?: JsonObject | undefined;
  /** Undefined: a limit that is not set is zero. */
  readonly node: NodeFacts | undefined;
}

const binaryUnits = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const byteDivisors = ['1', ...['k', 'M', 'G', 'T', 'P', 'E', ...binaryUnits].map((unit) => `1${unit}`)];
const cpuDivisors = ['1m', '1'];
const defaultedLimits = new Set(['cpu', 'memory', 'ephemeral-storage']);
const podLevelLimits = new Set(['cpu', 'memory']);

/**
 * The quotient of a limit or request and the divisor, rounded up; cpu is divided in thousandths, everything else in
 * bytes. A request that is not set is 0. A limit of cpu, memory or ephemeral storage that is not set is the pod's limit,
 * else what the node can give to pods; huge pages are never defaulted.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#downwardapi-resourceFieldRef
 */
export function resourceValue(ref: ResourceRef, context: ResourceContext): DownwardValue {
  const [, list = '', name = ''] =
    /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.*)$/s.exec(ref.resource) ?? [];
  if (list === '') return { kind: 'invalid', reason: `unsupported container resource: ${ref.resource}` };
  const divisor = divisorOf(ref.divisor, name);
  if (divisor === undefined) {
    const allowed = name === 'cpu' ? cpuDivisors : byteDivisors;
    return {
      kind: 'invalid',
      reason: `unsupported divisor ${ref.divisor} for ${name}: ${allowed.join(', ')}`,
    };
  }
  const own = quantityAt(objectAt(objectAt(context.container, 'resources'), list), name);
  const quotient = (quantity: Quantity | undefined): string => quotientOf(quantity, divisor, name === 'cpu');
  if (list === 'requests' || !defaultedLimits.has(name) || (own !== undefined && own.sign !== 0)) {
    return { kind: 'value', text: quotient(own) };
  }
  const ofPod = podLevelLimits.has(name) ? quantityAt(context.podLimits, name) : undefined;
  if (ofPod !== undefined && ofPod.sign !== 0) {
    return { kind: 'value', text: quotient(ofPod), default: 'pod' };
  }
  const { node } = context;
  if (node?.kind === 'unasked') return { kind: 'unknown', reason: "the node's allocatable", needsNode: true };
  if (node?.kind === 'unknown') return { kind: 'unknown', reason: node.reason, needsNode: true };
  const ofNode = node === undefined ? undefined : quantityAt(node.allocatable, name);
  if (ofNode === undefined) return { kind: 'value', text: quotient(own) };
  return { kind: 'value', text: quotient(ofNode), default: 'node' };
}

/**
 * `quantity / divisor` rounded up, as the kubelet's floating-point division has it.
 * @param inThousandths both are rounded up to thousandths first (cpu); otherwise to whole numbers
 */
export function quotientOf(
  quantity: Quantity | undefined,
  divisor: Quantity,
  inThousandths: boolean,
): string {
  const scale = inThousandths ? 3 : 0;
  const dividend = Number(quantity === undefined ? 0n : roundedUp(quantity, scale));
  return String(BigInt(Math.ceil(dividend / Number(roundedUp(divisor, scale)))));
}

const maxInt64 = 2n ** 63n - 1n;

/** `quantity * 10^scale` rounded away from zero, within 64 bits. */
function roundedUp({ sign, digits, exponent }: Quantity, scale: number): bigint {
  const power = exponent + scale;
  // 10^19 is beyond 64 bits, and multiplying a far greater power out is not an option.
  if (sign !== 0 && power > 18) return BigInt(sign) * maxInt64;
  const ten = 10n ** BigInt(Math.abs(power));
  const size = power >= 0 ? digits * ten : (digits + ten - 1n) / ten;
  return BigInt(sign) * (size > maxInt64 ? maxInt64 : size);
}

/** Undefined for one that the API refuses; it compares the canonical text, so 1000m is 1 and 1024 is not 1Ki. */
function divisorOf(text: string, name: string): Quantity | undefined {
  const divisor = parseQuantity(text);
  if (divisor === undefined) return undefined;
  const same = (name === 'cpu' ? cpuDivisors : byteDivisors).some((allowed) => {
    const quantity = parseQuantity(allowed);
    const oneFamily = allowed === '1' || isBinary(allowed) === isBinary(text);
    return quantity !== undefined && oneFamily && compareQuantities(quantity, divisor) === 0;
  });
  return same ? divisor : undefined;
}

function isBinary(text: string): boolean {
  return text.endsWith('i');
}

function quantityAt(resources: JsonObject | undefined, name: string): Quantity | undefined {
  return quantityOf(resources?.[name]);
}

/** Quantities come as text; the API takes numbers too. */
export function quantityOf(value: Json | undefined): Quantity | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  return parseQuantity(String(value));
}
