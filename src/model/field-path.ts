// The path of a field in the three languages in which people write it. Pure. Entry points:
// jsonPathOf(), celOf(), jsonPointerOf().

/** A key of an object, or an index of a list. */
export type PathStep = string | number;

/**
 * Returns the path as kubectl's jsonpath takes it:
 * `{.metadata.labels['app\.kubernetes\.io/name']}`. A key in brackets escapes its dots, because the
 * template would otherwise end a key there. Keys of Kubernetes (letters, digits, `-`, `_`, `.`,
 * `/`) are found; a template has no way to write a key with a blank.
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
export function jsonPathOf(path: readonly PathStep[]): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    if (/^[A-Za-z_][\w-]*$/.test(step)) return `.${step}`;
    return `['${step
      .replaceAll('\\', '\\\\')
      .replaceAll("'", String.raw`\'`)
      .replaceAll('.', String.raw`\.`)}']`;
  });
  return `{${steps.join('') || '.'}}`;
}

/**
 * Returns the path as a CEL expression of `kapi list --where`:
 * `object.metadata.labels["app.kubernetes.io/name"]`.
 */
export function celOf(path: readonly PathStep[]): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^[A-Za-z_]\w*$/.test(step) && !celWords.has(step) ? `.${step}` : `[${celString(step)}]`;
  });
  return `object${steps.join('')}`;
}

/**
 * Words that cannot follow a dot in CEL.
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md
 */
const celWords = new Set(['in', 'true', 'false', 'null']);

function celString(text: string): string {
  // CEL reads the escapes that JSON writes.
  return JSON.stringify(text);
}

/** Returns the path as a JSON pointer. @see https://www.rfc-editor.org/rfc/rfc6901 */
export function jsonPointerOf(path: readonly PathStep[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
