// Finds the program of an exec plugin, as Go's exec.LookPath does. Entry point: findProgram.

import nativePaths, { type PlatformPath } from 'node:path';

export interface ProgramPlace {
  /** PATH, and on Windows PATHEXT. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True if a file exists and can be executed. */
  readonly isProgram: (path: string) => Promise<boolean>;
  /** The path rules of the platform. Default: those of this machine. */
  readonly paths?: PlatformPath | undefined;
}

/**
 * Finds a program. A command with a separator is a path, which is absolute by now. Other commands
 * come from PATH. Skips entries of PATH that are not absolute, including the empty one: never runs
 * a program from the working directory. On Windows a command can omit an extension of PATHEXT.
 * @see https://pkg.go.dev/os/exec#LookPath
 */
export async function findProgram(
  command: string,
  { env, isProgram, paths = nativePaths }: ProgramPlace,
): Promise<string | undefined> {
  const directories = hasSeparator(command, paths)
    ? [undefined]
    : (env['PATH'] ?? '').split(paths.delimiter).filter((directory) => paths.isAbsolute(directory));
  for (const directory of directories) {
    const path = directory === undefined ? command : paths.join(directory, command);
    for (const ending of endings(path, env, paths)) {
      if (await isProgram(path + ending)) return path + ending;
    }
  }
  return undefined;
}

/** True for `./plugin` and, on Windows, for `.\plugin`. */
export function hasSeparator(command: string, paths: PlatformPath = nativePaths): boolean {
  return command.includes('/') || command.includes(paths.sep);
}

/** What Windows appends to a name. */
function endings(path: string, env: ProgramPlace['env'], paths: PlatformPath): readonly string[] {
  if (paths.sep === '/') return [''];
  const listed = (env['PATHEXT'] ?? '')
    .toLowerCase()
    .split(';')
    .filter((ending) => ending !== '')
    .map((ending) => (ending.startsWith('.') ? ending : `.${ending}`));
  const known = listed.length === 0 ? ['.com', '.exe', '.bat', '.cmd'] : listed;
  return paths.extname(path) === '' ? known : ['', ...known];
}
