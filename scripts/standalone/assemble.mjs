// Lays out the directory that every form of the standalone kapi contains. Entry point: assemble.
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { librariesOf, machineOf, machines } from './elf.mjs';
import { debianPackages, fetchBun, fetchLibraries } from './fetch.mjs';
import { makeProgram } from './program.mjs';
import { architectures, bunVersion, isFile, root, run, templates, version } from './tools.mjs';

/**
 * glibc itself loads these for a name lookup. Since 2.34 most of the code is in libc, and these are
 * for the older mechanisms.
 */
const nameServiceLibraries = ['libnss_files.so.2', 'libnss_dns.so.2', 'libresolv.so.2'];

/**
 * Writes the directory: everything that runs, and nothing that depends on the time or place of the
 * build.
 */
export async function assemble(arch, folder, work) {
  const { debian, loader } = architectures[arch];
  const runtime = await fetchBun(arch, work);
  const builder = arch === process.arch ? runtime : await fetchBun(process.arch, work);
  const packages = await fetchLibraries(debian, work);
  const unpacked = join(work, 'debian');

  await mkdir(join(folder, 'lib'), { recursive: true });
  const program = join(folder, 'program');
  await makeProgram({ builder, runtime, work, target: program });
  const wanted = [...librariesOf(await readFile(program)), ...nameServiceLibraries];
  const taken = new Map();
  for (const name of wanted) {
    if (taken.has(name)) continue;
    const file = await findLibrary(unpacked, name);
    taken.set(name, relative(unpacked, file).split('/')[0]);
    const library = await readFile(file);
    if (machineOf(library) !== machines[arch]) throw new Error(`${name} is for another machine`);
    wanted.push(...librariesOf(library));
    await writeFile(join(folder, name === loader ? 'ld.so' : `lib/${name}`), library, { mode: 0o755 });
  }

  await cp(join(templates, 'kapi.sh'), join(folder, 'kapi'));
  await chmod(join(folder, 'kapi'), 0o755);

  const licences = join(folder, 'licences');
  await mkdir(licences);
  const common = join(unpacked, 'base-files/usr/share/common-licenses');
  for (const [name, file] of [
    ['kapi', join(root, 'LICENSE')],
    ['glibc', join(unpacked, 'libc6/usr/share/doc/libc6/copyright')],
    ['LGPL-2.1', join(common, 'LGPL-2.1')],
    ['LGPL-2', join(common, 'LGPL-2')],
    ['GPL-2', join(common, 'GPL-2')],
  ]) {
    await writeFile(join(licences, name), await readFile(file));
  }
  // The licences of the packages in the program, if the repository has them in one file.
  const bundled = join(root, 'THIRD-PARTY-LICENSES');
  if (await isFile(bundled)) await cp(bundled, join(licences, 'bundled'));
  await writeFile(
    join(folder, 'NOTICE'),
    notice(packages.filter(({ name }) => [...taken.values()].includes(name))),
  );
}

function notice(packages) {
  const rows = packages
    .map(({ name, version: of, source }) => `  ${name} ${of}, of the source package ${source}`)
    .sort();
  return `kapi ${version} for machines without Node. The folder licences/ has the texts.

kapi, under the Apache License 2.0: licences/kapi. The licences of the packages that the program contains: licences/bundled.

Bun ${bunVersion}, under the MIT license, which the program contains. Bun contains JavaScriptCore (GNU Library General Public
License 2: licences/LGPL-2) and other libraries under licenses of their own. The list and the way to build Bun with another
JavaScriptCore: https://github.com/oven-sh/bun/blob/bun-v${bunVersion}/LICENSE.md
Source: https://github.com/oven-sh/bun/tree/bun-v${bunVersion} and https://github.com/oven-sh/WebKit
scripts/standalone/ of kapi's source builds this directory with a Bun of your choice.

The GNU C library, as Debian built it, unchanged:
${rows.join('\n')}
glibc is under the GNU Lesser General Public License 2.1 or later (licences/glibc, licences/LGPL-2.1). Its libraries are
separate files, lib/ and ld.so: you can replace them. The complete source code is in Debian's archive: apt-get source, with the
name and version above, or the archive of Debian snapshots.
`;
}

async function findLibrary(unpacked, name) {
  const { stdout } = await run('find', [
    unpacked,
    '-name',
    name,
    '-not',
    '-path',
    '*/gconv/*',
    '-type',
    'f,l',
  ]);
  for (const file of stdout.split('\n').filter(Boolean)) {
    // A link with an absolute target points into the file system of this machine.
    const found = await isFile(file);
    if (found && !(await run('readlink', ['-f', file])).stdout.startsWith(unpacked)) continue;
    if (found) return file;
  }
  throw new Error(`none of ${debianPackages.join(', ')} has ${name}, which the program needs`);
}
