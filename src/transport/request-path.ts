// What can stand in a request line.

import { UsageError } from '../errors.ts';

/** Lets a path of the API through as it is, dots and double slashes included. @throws UsageError when a path cannot be a request target */
export function checkPath(path: string): void {
  if (!path.startsWith('/')) {
    throw new UsageError(`a path of the API begins with a slash: ${JSON.stringify(path)}`, {
      code: 'PathInvalid',
    });
  }
  if (/[^\x21-\x7e]/.test(path)) {
    throw new UsageError(`${JSON.stringify(path)} holds characters that must be percent-encoded in a path`, {
      code: 'PathInvalid',
    });
  }
}
