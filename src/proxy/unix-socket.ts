// Checks the socket file of `kapi proxy --unix-socket`: whether its path is valid, and whether an
// existing file can be removed. Entry points: checkSocketPath(), removeStaleSocket().

import { lstat, stat, unlink } from 'node:fs/promises';
import net from 'node:net';
import { dirname } from 'node:path';
import { ConfigError, fileProblemOf, systemCodeOf } from '../errors.ts';
import { describePath } from '../model/path-value.ts';

/**
 * Returns the max bytes of a socket's path: `sun_path` has 108 on Linux and 104 elsewhere,
 * including a final NUL.
 */
function maxPathBytes(platform: string): number {
  return platform === 'linux' || platform === 'android' ? 107 : 103;
}

/**
 * Refuses a path that the system would truncate or report with a wrong errno: libuv turns ENOENT of
 * bind(2) into EACCES.
 * @param platform `process.platform`
 * @throws ConfigError
 */
export async function checkSocketPath(path: string, platform: string): Promise<void> {
  const length = Buffer.byteLength(path);
  const maxBytes = maxPathBytes(platform);
  if (length > maxBytes) {
    throw cannotListen(
      path,
      `the path of a socket has ${maxBytes} bytes at most, and this one has ${length}`,
      {
        hint: 'choose a folder with a shorter path, such as $XDG_RUNTIME_DIR',
      },
    );
  }
  const folder = dirname(path);
  try {
    if ((await stat(folder)).isDirectory()) return;
  } catch (cause) {
    throw cannotListen(path, `${describePath(folder)}: ${fileProblemOf(cause)}`, { cause });
  }
  throw cannotListen(path, `${describePath(folder)} is not a directory`);
}

/**
 * Removes a socket that a killed process left behind. Connects first, and keeps a socket that a
 * process listens on.
 * @throws ConfigError if a process answers, if the file is not a socket, and if it cannot be
 *   removed
 */
export async function removeStaleSocket(path: string): Promise<void> {
  try {
    const found = await lstat(path);
    if (!found.isSocket()) {
      throw cannotListen(
        path,
        `it is ${found.isDirectory() ? 'a directory' : 'a file that is not a socket'}`,
      );
    }
    if (await isAnswered(path)) {
      throw cannotListen(path, 'it is in use', {
        hint: 'another process listens on it: choose another file',
      });
    }
    // Does not remove a file that another process created meanwhile.
    const now = await lstat(path);
    if (now.ino === found.ino && now.ctimeMs === found.ctimeMs) await unlink(path);
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return;
    if (cause instanceof ConfigError) throw cause;
    throw cannotListen(path, fileProblemOf(cause), { cause });
  }
}

/**
 * Resolves to true if a process listens on the socket.
 * @throws the system's error if that cannot be determined, such as `EACCES`
 */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => {
      const code = systemCodeOf(error);
      // A full queue has a listener.
      if (code === 'EAGAIN') resolve(true);
      else if (code === 'ECONNREFUSED') resolve(false);
      else reject(error);
    });
  });
}

function cannotListen(
  path: string,
  why: string,
  more: { readonly hint?: string; readonly cause?: unknown } = {},
): ConfigError {
  return new ConfigError(`cannot listen on ${describePath(path)}: ${why}`, {
    code: 'SocketUnavailable',
    ...more,
  });
}
