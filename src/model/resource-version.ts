// Compares resource versions. Entry point: compareResourceVersions(). Pure.

/** A version as Kubernetes' own servers give them: a decimal number without leading zeros. */
const decimal = /^[1-9]\d*$/;

/**
 * Negative when `a` is older than `b`, positive when it is newer, 0 when both are the same version. Undefined when one of
 * them is no decimal number: versions of such servers have no order.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-version-comparability
 */
export function compareResourceVersions(a: string, b: string): number | undefined {
  if (a === b && a !== '') return 0;
  if (!decimal.test(a) || !decimal.test(b)) return undefined;
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}

/** Whether `a` is known to be older than `b`. */
export function isOlderVersion(a: string, b: string): boolean {
  return (compareResourceVersions(a, b) ?? 0) < 0;
}
