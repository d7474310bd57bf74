// Fetches Node from npm and its libraries from Debian. Entry points: fetchNode, fetchLibraries.
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { architectures, isFile, nodeVersion, run } from './tools.mjs';

/**
 * Packages with the libraries that Node is linked to; base-files contains the texts of the
 * licences.
 */
export const debianPackages = ['libc6', 'libstdc++6', 'libgcc-s1', 'libatomic1', 'base-files'];

/** Unpacks the pinned Node into `folder`. */
export async function fetchNode(arch, folder) {
  const name = `node-linux-${arch}`;
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const kept = join(base, 'kapi-build', `${name}-${nodeVersion}.tgz`);
  const isRight = async (file) => {
    const digest = createHash('sha512')
      .update(await readFile(file))
      .digest('base64');
    return architectures[arch].integrity === `sha512-${digest}`;
  };
  if (!(await isFile(kept)) || !(await isRight(kept))) {
    await run('npm', ['pack', '--silent', '--pack-destination', folder, `${name}@${nodeVersion}`]);
    const packed = join(folder, `${name}-${nodeVersion}.tgz`);
    if (!(await isRight(packed)))
      throw new Error(`${name}@${nodeVersion} is not what it was: its digest differs`);
    await mkdir(join(base, 'kapi-build'), { recursive: true });
    await cp(packed, `${kept}.${process.pid}`);
    await rename(`${kept}.${process.pid}`, kept);
  }
  await run('tar', ['-xzf', kept, '-C', folder]);
  return join(folder, 'package');
}

/**
 * Unpacks the Debian packages of an architecture into `folder`, whatever the architecture of this
 * machine is: apt gets separate lists, made from the sources of this machine. Each package gets a
 * directory of its name.
 * @returns the packages as `{ name, version, source, depends }`
 */
export async function fetchLibraries(debian, folder) {
  const state = join(folder, 'apt');
  for (const part of ['lists/partial', 'cache/archives/partial', 'packages']) {
    await mkdir(join(state, part), { recursive: true });
  }
  await writeFile(join(state, 'status'), '');
  const settings = [
    `APT::Architecture=${debian}`,
    `APT::Architectures=${debian}`,
    `APT::Architectures::=${debian}`,
    `Dir::State=${state}`,
    `Dir::State::lists=${join(state, 'lists')}`,
    `Dir::State::status=${join(state, 'status')}`,
    `Dir::Cache=${join(state, 'cache')}`,
    'Acquire::Languages=none',
    // Only this user can access the directory.
    'APT::Sandbox::User=root',
  ].flatMap((setting) => ['-o', setting]);
  const cwd = join(state, 'packages');
  const apt = (...words) => run('apt-get', [...settings, '-qq', ...words], { cwd });
  try {
    await apt('update');
    await apt('download', ...debianPackages);
  } catch (error) {
    throw new Error(
      `the libraries for ${debian} cannot be had: ${error.message}\n` +
        'They come from Debian by apt-get, on a Debian machine or in an image made of one (deploy/Dockerfile).',
      { cause: error },
    );
  }
  const describe = async (file) => {
    const format = '${Package}\n${Version}\n${source:Package}\n${source:Version}\n${Depends}';
    const { stdout } = await run('dpkg-deb', ['--show', `--showformat=${format}`, file], { cwd });
    const [name, itsVersion, source, sourceVersion, depends] = stdout.split('\n');
    return { name, version: itsVersion, source: `${source}_${sourceVersion}`, depends };
  };
  const packages = [];
  for (const file of await readdir(cwd)) packages.push(await describe(file));
  // gcc's licence is in a package whose name contains the version; the other packages refer to it.
  const ofGcc = /gcc-[0-9]+-base/.exec(packages.find(({ name }) => name === 'libgcc-s1').depends)?.[0];
  if (ofGcc === undefined) throw new Error('libgcc-s1 names no package with its licence');
  await apt('download', ofGcc);
  for (const file of await readdir(cwd)) {
    const place = join(folder, 'debian', file.split('_')[0] ?? file);
    await mkdir(place, { recursive: true });
    await run('dpkg-deb', ['-x', join(cwd, file), place]);
  }
  return packages;
}
