// Evaluates resourceFieldRef: limits and requests of a container as the kubelet writes them. Entry
// points: resourceValue, quotientOf. downward.ts finds the references.

import { objectAt, type Json, type JsonObject } from './object.ts';
import { compareQuantities, parseQuantity, type Quantity } from './quantity.ts';

/** A reference to a limit or request. */
export interface ResourceRef {
  readonly kind: 'resource';
  /** The container with the resources. Empty: the container that has the variable. */
  readonly container: string;
  /** `limits.cpu`, `requests.hugepages-2Mi`. */
  readonly resource: string;
  /** The divisor as written. `1` if it is absent or zero. */
  readonly divisor: string;
}

/** What kapi knows about the pod's node. */
export type NodeFacts =
  | { readonly kind: 'known'; readonly allocatable: JsonObject }
  /** Not requested yet. */
  | { readonly kind: 'unasked' }
  /** kapi cannot request it, or the request failed. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** The source of a limit that the container does not set. */
export type LimitDefault = 'node' | 'pod';

/** The value of one Downward API reference. */
export type DownwardValue =
  | {
      readonly kind: 'value';
      readonly text: string;
      readonly default?: LimitDefault;
      /** The kubelet adds annotations of its own to these lines: {@link kubeletAnnotations}. */
      readonly kubeletAdds?: true;
    }
  /** Not known yet, or not available to kapi. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly needsNode: boolean }
  /** The API does not accept such a reference: the kubelet could not start the container. */
  | { readonly kind: 'invalid'; readonly reason: string };

export interface ResourceContext {
  /** The container with the resources. */
  readonly container: JsonObject;
  /**
   * `spec.resources.limits` of the pod, if pod-level limits replace missing limits of the
   * container.
   */
  readonly podLimits?: JsonObject | undefined;
  /** Undefined: an unset limit is zero. */
  readonly node: NodeFacts | undefined;
}

const binaryUnits = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const byteDivisors = ['1', ...['k', 'M', 'G', 'T', 'P', 'E', ...binaryUnits].map((unit) => `1${unit}`)];
const cpuDivisors = ['1m', '1'];
const defaultedLimits = new Set(['cpu', 'memory', 'ephemeral-storage']);
const podLevelLimits = new Set(['cpu', 'memory']);

/**
 * Returns a limit or request divided by the divisor, rounded up. cpu is divided in thousandths,
 * everything else in bytes. An unset request is 0. An unset limit of cpu, memory or ephemeral
 * storage is the pod's limit, else the allocatable of the node. Huge pages have no default.
 * @see
 *   https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#downwardapi-resourceFieldRef
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
 * Returns `quantity / divisor` rounded up, with the result of the kubelet's floating-point
 * division.
 * @param inThousandths true to round both up to thousandths first (cpu); false: to whole numbers
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

/** Returns `quantity * 10^scale` rounded away from zero, within 64 bits. */
function roundedUp({ sign, digits, exponent }: Quantity, scale: number): bigint {
  const power = exponent + scale;
  // 10^19 exceeds 64 bits, and a much larger power must not be multiplied out.
  if (sign !== 0 && power > 18) return BigInt(sign) * maxInt64;
  const ten = 10n ** BigInt(Math.abs(power));
  const size = power >= 0 ? digits * ten : (digits + ten - 1n) / ten;
  return BigInt(sign) * (size > maxInt64 ? maxInt64 : size);
}

/**
 * Parses a divisor. Undefined if the API refuses it: it compares the canonical text, so 1000m is 1
 * but 1024 is not 1Ki.
 */
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

/** Parses a quantity. Quantities are text, and the API accepts numbers too. */
export function quantityOf(value: Json | undefined): Quantity | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  return parseQuantity(String(value));
}
