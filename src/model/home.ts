// The home and cache directories of a user on each platform. Entry points: homeOf, cacheOf. Pure.

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Returns the home directory: `HOME`, and on Windows what kubectl takes there. Of HOME,
 * HOMEDRIVE with HOMEPATH, and USERPROFILE the first one with a kubeconfig wins, else USERPROFILE.
 * @param platform `process.platform`
 * @param isFile true if a path is a file
 * @returns undefined if no variable names it
 * @see https://pkg.go.dev/k8s.io/client-go/util/homedir#HomeDir
 */
export function homeOf(env: Env, platform: string, isFile: (path: string) => boolean): string | undefined {
  if (platform !== 'win32') return env['HOME'];
  const { HOME = '', HOMEDRIVE = '', HOMEPATH = '', USERPROFILE = '' } = env;
  const ofDrive = HOMEPATH === '' ? '' : HOMEDRIVE + HOMEPATH;
  const named = [HOME, ofDrive, USERPROFILE].filter((directory) => directory !== '');
  const withConfig = named.find((directory) => isFile(`${directory}\\.kube\\config`));
  return withConfig ?? [USERPROFILE, HOME, ofDrive].find((directory) => directory !== '');
}

/**
 * Returns the directory of the discovery cache: `.kube/cache` of the home directory, beside that of
 * kubectl, and on Windows the directory for local data of programs.
 * @param platform `process.platform`
 * @returns undefined if no variable names it
 */
export function cacheOf(env: Env, platform: string, home: string | undefined): string | undefined {
  const local = platform === 'win32' ? (env['LOCALAPPDATA'] ?? '') : '';
  if (local !== '') return local;
  return home === undefined ? undefined : `${home}/.kube/cache`;
}
