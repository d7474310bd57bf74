// Compares resource versions. Entry point: compareResourceVersions(). Pure.

/** Matches the versions that Kubernetes servers send: decimal numbers without leading zeros. */
const decimal = /^[1-9]\d*$/;

/**
 * Compares two versions: negative if `a` is older than `b`, positive if `a` is newer, 0 if both are
 * the same text. Undefined if they differ and one of them is not a decimal number, because such
 * versions have no order. Undefined if both are empty.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-version-comparability
 */
export function compareResourceVersions(a: string, b: string): number | undefined {
  if (a === b && a !== '') return 0;
  if (!decimal.test(a) || !decimal.test(b)) return undefined;
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}

/** True if `a` is known to be older than `b`. */
export function isOlderVersion(a: string, b: string): boolean {
  return (compareResourceVersions(a, b) ?? 0) < 0;
}
