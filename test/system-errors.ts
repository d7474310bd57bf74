// The errors of system calls as Node throws them. Entry points: writeErrors, openErrors,
// systemError().

import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

/**
 * Errnos that Linux documents for write(2), close(2) and fsync(2) on a file, a pipe or a terminal.
 */
export const writeErrors = [
  'EAGAIN',
  'EBADF',
  'EDQUOT',
  'EFBIG',
  'EINTR',
  'EINVAL',
  'EIO',
  'ENOSPC',
  'EPERM',
  'EROFS',
] as const;

/** Codes that mean that the reader of a pipe or socket is gone. */
export const goneErrors = ['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED'] as const;

/** Errnos that Linux documents for open(2), stat(2), mkdir(2) and rename(2). */
export const openErrors = [
  'EACCES',
  'EBUSY',
  'EDQUOT',
  'EEXIST',
  'EFBIG',
  'EINTR',
  'EINVAL',
  'EIO',
  'EISDIR',
  'ELOOP',
  'EMFILE',
  'EMLINK',
  'ENAMETOOLONG',
  'ENFILE',
  'ENODEV',
  'ENOENT',
  'ENOMEM',
  'ENOSPC',
  'ENOTDIR',
  'ENOTEMPTY',
  'ENXIO',
  'EOPNOTSUPP',
  'EOVERFLOW',
  'EPERM',
  'EROFS',
  'ESTALE',
  'ETXTBSY',
  'EXDEV',
] as const;

/**
 * Errnos that Linux documents for socket(2), connect(2) and the first reads and writes of TCP, and
 * codes of getaddrinfo(3).
 */
export const connectErrors = [
  'EACCES',
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EAGAIN',
  'EAI_AGAIN',
  'EALREADY',
  'EBADF',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EINTR',
  'EINVAL',
  'EIO',
  'EISCONN',
  'EMFILE',
  'ENETDOWN',
  'ENETUNREACH',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'ENOTFOUND',
  'ENOTSOCK',
  'EPERM',
  'EPIPE',
  'EPROTO',
  'EPROTOTYPE',
  'ETIMEDOUT',
] as const;

/** Errnos that Linux documents for socket(2), bind(2) and listen(2). */
export const listenErrors = [
  'EACCES',
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EBADF',
  'EINVAL',
  'ELOOP',
  'EMFILE',
  'ENAMETOOLONG',
  'ENFILE',
  'ENOBUFS',
  'ENOENT',
  'ENOMEM',
  'ENOTDIR',
  'ENOTSOCK',
  'EOPNOTSUPP',
  'EPERM',
  'EROFS',
] as const;

/** Errnos that Linux documents for fork(2) and execve(2). */
export const spawnErrors = [
  'E2BIG',
  'EACCES',
  'EAGAIN',
  'EINVAL',
  'EIO',
  'EISDIR',
  'ELOOP',
  'EMFILE',
  'ENAMETOOLONG',
  'ENFILE',
  'ENOENT',
  'ENOEXEC',
  'ENOMEM',
  'ENOTDIR',
  'EPERM',
  'ETXTBSY',
] as const;

/** Makes an error like Node's. Node has no name for some errnos and prints their number. */
export function systemError(code: string, syscall = 'write'): Error {
  const errno: Readonly<Record<string, number | undefined>> = constants.errno;
  const number = errno[code];
  const [named] = getSystemErrorMap().get(-(number ?? 0)) ?? [];
  const shown = number === undefined ? code : (named ?? `Unknown system error ${-number}`);
  return Object.assign(new Error(`${shown}: ${code.toLowerCase()}, ${syscall}`), {
    code: shown,
    ...(number === undefined ? {} : { errno: -number, syscall }),
  });
}
