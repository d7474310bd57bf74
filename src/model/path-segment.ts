// Checks names and namespaces as single segments of a request path. Pure.

/**
 * Returns why a name cannot be a path segment, in client-go's words, or undefined if it can. Such a
 * name could lead a proxy that normalizes paths to another object.
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/api/validation/path#IsValidPathSegmentName
 */
export function pathSegmentProblem(name: string): string | undefined {
  if (name === '.' || name === '..') return `may not be '${name}'`;
  const found = ['/', '%'].filter((character) => name.includes(character));
  return found.length === 0
    ? undefined
    : found.map((character) => `may not contain '${character}'`).join(', ');
}
