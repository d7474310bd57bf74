// Lays out the directory that every form of the standalone kapi contains. Entry point: assemble.
import { chmod, cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { librariesOf, machineOf, machines, withoutSymbols } from './elf.mjs';
import { debianPackages, fetchLibraries, fetchNode } from './fetch.mjs';
import { architectures, filled, isFile, nodeVersion, root, run, templates, version } from './tools.mjs';

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
  const node = await fetchNode(arch, work);
  const packages = await fetchLibraries(debian, work);
  const unpacked = join(work, 'debian');

  await mkdir(join(folder, 'lib'), { recursive: true });
  await writeFile(join(folder, 'node'), withoutSymbols(await readFile(join(node, 'bin/node'))), {
    mode: 0o755,
  });
  const wanted = [...librariesOf(await readFile(join(node, 'bin/node'))), ...nameServiceLibraries];
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

  await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  await cp(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  for (const [name, template] of [
    ['kapi.js', 'kapi.js'],
    ['kapi', 'kapi.sh'],
  ]) {
    await writeFile(join(folder, name), filled(await readFile(join(templates, template), 'utf8')));
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n');

  const licences = join(folder, 'licences');
  await mkdir(licences);
  const common = join(unpacked, 'base-files/usr/share/common-licenses');
  const gcc = (await readdir(unpacked)).find((name) => /^gcc-[0-9]+-base$/.test(name));
  for (const [name, file] of [
    ['kapi', join(root, 'LICENSE')],
    ['node', join(node, 'LICENSE')],
    ['glibc', join(unpacked, 'libc6/usr/share/doc/libc6/copyright')],
    ['gcc', join(unpacked, gcc, 'usr/share/doc', gcc, 'copyright')],
    ['LGPL-2.1', join(common, 'LGPL-2.1')],
    ['GPL-2', join(common, 'GPL-2')],
    ['GPL-3', join(common, 'GPL-3')],
  ]) {
    await writeFile(join(licences, name), await readFile(file));
  }
  // The licences of the packages in dist/, if the repository has them in one file.
  const bundled = join(root, 'THIRD-PARTY-LICENSES');
  if (await isFile(bundled)) await cp(bundled, join(licences, 'bundled'));
  await writeFile(
    join(folder, 'NOTICE'),
    notice(packages.filter(({ name }) => [...taken.values()].includes(name))),
  );
  for (const name of ['kapi', 'kapi.js', 'bin/kapi.js']) await chmod(join(folder, name), 0o755);
}

function notice(packages) {
  const rows = packages
    .map(({ name, version: of, source }) => `  ${name} ${of}, of the source package ${source}`)
    .sort();
  return `kapi ${version} for machines without Node. The folder licences/ has the texts.

kapi, under the Apache License 2.0: licences/kapi. What is bundled in dist/ has its own permissive licences.

Node.js ${nodeVersion}, under the MIT licence and those of its parts: licences/node. Its symbol table, which debuggers
read, is left out. Source: https://nodejs.org/dist/v${nodeVersion}/

The GNU C library and the run-time libraries of GCC, as Debian built them, unchanged:
${rows.join('\n')}
glibc is under the GNU Lesser General Public License 2.1 or later (licences/glibc, licences/LGPL-2.1), those of GCC under the
GNU General Public License 3 with the GCC Runtime Library Exception (licences/gcc, licences/GPL-3). They are files of their
own in lib/ and ld.so: put others in their place and kapi runs with those. Their complete source code is in Debian's archive:
apt-get source, with the names and versions above, or the archive of Debian snapshots
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
  throw new Error(`none of ${debianPackages.join(', ')} has ${name}, which Node needs`);
}
