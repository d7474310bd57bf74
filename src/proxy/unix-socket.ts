// The file of `kapi proxy --unix-socket`: whether its path can be one, and whether a file that is there may go. Entry
// points: checkSocketPath(), removeStaleSocket().

import { lstat, stat, unlink } from 'node:fs/promises';
import net from 'node:net';
import { dirname } from 'node:path';
import { ConfigError, fileProblemOf, systemCodeOf } from '../errors.ts';

/** Bytes of a socket's path: `sun_path` has 108 on Linux and 104 elsewhere, the last of which is a NUL. */
function maxPathBytes(platform: string): number {
  return platform === 'linux' || platform === 'android' ? 107 : 103;
}

/**
 * Refuses what the system would cut, or explain with a wrong errno: libuv turns ENOENT of bind(2) into EACCES.
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
    throw cannotListen(path, `${folder}: ${fileProblemOf(cause)}`, { cause });
  }
  throw cannotListen(path, `${folder} is not a directory`);
}

/**
 * Removes a socket that a killed process has left behind. A living one stays: it is asked first.
 * @throws ConfigError where somebody answers, where the file is no socket, and where it cannot be removed
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
    // Not one that somebody else has put there meanwhile.
    const now = await lstat(path);
    if (now.ino === found.ino && now.ctimeMs === found.ctimeMs) await unlink(path);
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return;
    if (cause instanceof ConfigError) throw cause;
    throw cannotListen(path, fileProblemOf(cause), { cause });
  }
}

/** Whether a process listens. @throws the system's error where that cannot be told, such as `EACCES` */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => {
      const code = systemCodeOf(error);
      // A queue that is full has a listener.
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
  return new ConfigError(`cannot listen on ${path}: ${why}`, { code: 'SocketUnavailable', ...more });
}
