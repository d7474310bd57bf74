// Fetches Bun from npm and its libraries from Debian. Entry points: fetchBun, fetchLibraries.
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { architectures, bunVersion, isFile, run } from './tools.mjs';

/**
 * Packages with the libraries that Node is linked to; base-files contains the texts of the
 * licences.
 */
export const debianPackages = ['libc6', 'base-files'];

/**
 * Unpacks the pinned Bun for an architecture into `folder`.
 * @returns the path of the program
 */
export async function fetchBun(arch, folder) {
  const { bun, integrity } = architectures[arch];
  const file = `${bun.slice(1).replace('/', '-')}-${bunVersion}.tgz`;
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const kept = join(base, 'kapi-build', file);
  const isRight = async (path) => {
    const digest = createHash('sha512')
      .update(await readFile(path))
      .digest('base64');
    return integrity === `sha512-${digest}`;
  };
  if (!(await isFile(kept)) || !(await isRight(kept))) {
    await run('npm', ['pack', '--silent', '--pack-destination', folder, `${bun}@${bunVersion}`]);
    const packed = join(folder, file);
    if (!(await isRight(packed))) throw new Error(`${bun}@${bunVersion} has another digest than expected`);
    await mkdir(join(base, 'kapi-build'), { recursive: true });
    await cp(packed, `${kept}.${process.pid}`);
    await rename(`${kept}.${process.pid}`, kept);
  }
  const unpacked = join(folder, `bun-${arch}`);
  await mkdir(unpacked, { recursive: true });
  await run('tar', ['-xzf', kept, '-C', unpacked]);
  return join(unpacked, 'package/bin/bun');
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
      `the libraries for ${debian} are not available: ${error.message}\n` +
        'They come from Debian by apt-get, on a Debian machine or in an image made of one (deploy/Dockerfile).',
      { cause: error },
    );
  }
  const describe = async (file) => {
    const format = '${Package}\n${Version}\n${source:Package}\n${source:Version}';
    const { stdout } = await run('dpkg-deb', ['--show', `--showformat=${format}`, file], { cwd });
    const [name, itsVersion, source, sourceVersion] = stdout.split('\n');
    return { name, version: itsVersion, source: `${source}_${sourceVersion}` };
  };
  const packages = [];
  for (const file of await readdir(cwd)) packages.push(await describe(file));
  for (const file of await readdir(cwd)) {
    const place = join(folder, 'debian', file.split('_')[0] ?? file);
    await mkdir(place, { recursive: true });
    await run('dpkg-deb', ['-x', join(cwd, file), place]);
  }
  return packages;
}
