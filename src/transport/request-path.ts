// Checks the path of a request before it becomes a request target.

import { UsageError } from '../errors.ts';

/**
 * Accepts a path of the API unchanged, including dot segments and double slashes.
 * @throws UsageError `PathInvalid` when the path cannot be a request target
 */
export function checkPath(path: string): void {
  if (!path.startsWith('/')) {
    throw new UsageError(`a path of the API begins with a slash: ${JSON.stringify(path)}`, {
      code: 'PathInvalid',
    });
  }
  if (/[^\x21-\x7e]/.test(path)) {
    throw new UsageError(
      `${JSON.stringify(path)} contains characters that must be percent-encoded in a path`,
      {
        code: 'PathInvalid',
      },
    );
  }
}
