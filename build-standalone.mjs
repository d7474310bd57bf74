// Makes kapi for Linux machines without Node, from dist/: one self-extracting file, a directory, or the root file system of
// an image. All hold the same: Node, its loader and libraries, kapi, licences.
//
//   node build-standalone.mjs [--arch x64|arm64|all] [--form file|directory|image]... [--out DIR]
//
// Not Node's "single executable": it, too, needs a libc that a container without glibc does not have, so that it would lie
// in such a directory anyway; and it cannot load the ES module of the live table.
//
// Node comes from npm, at a version and digest that stand below; the libraries come from the Debian release of this machine,
// by apt, whose signatures vouch for them: the newest with its security fixes. The same inputs give the same bytes.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { librariesOf, machineOf, machines, withoutSymbols } from './standalone/elf.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

/** Of the lines that npm has, 22 starts fastest and is smallest: docs/standalone.md has the figures. */
const nodeVersion = '22.23.3';

const architectures = {
  x64: {
    integrity:
      'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
    debian: 'amd64',
    machine: 'x86_64',
    loader: 'ld-linux-x86-64.so.2',
    /** Where programs of an image look for the loader. */
    loaderFolder: 'lib64',
  },
  arm64: {
    integrity:
      'sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
    debian: 'arm64',
    machine: 'aarch64',
    loader: 'ld-linux-aarch64.so.1',
    loaderFolder: 'lib',
  },
};

/** Packages with what Node is linked to; base-files has the texts of the licences. */
const debianPackages = ['libc6', 'libstdc++6', 'libgcc-s1', 'libatomic1', 'base-files'];

/** Loaded by glibc itself when a name is looked up; since 2.34 most of it is in libc, and these are for its older ways. */
const nameServiceLibraries = ['libnss_files.so.2', 'libnss_dns.so.2', 'libresolv.so.2'];

/** Where an image has the directory. */
const folderInImage = 'opt/kapi';

/**
 * For glibc's malloc: it takes memory by 4 MB, which come in huge pages where the system has them for programs that ask, and from one arena,
 * so that not each of Node's threads takes some. A short list has a fifth fewer page faults and takes 6 % less.
 * https://www.gnu.org/software/libc/manual/html_node/Memory-Allocation-Tunables.html
 */
const tunables = ['arena_max=1', 'top_pad=4194304', 'hugetlb=1'].map((of) => `glibc.malloc.${of}`).join(':');

/** A run of a tool. Its own words go into the error. */
async function run(program, args, options = {}) {
  try {
    return await promisify(execFile)(program, args, { maxBuffer: 1e9, ...options });
  } catch (error) {
    if (error.code === 'ENOENT') throw new Error(`${program} is needed and not on PATH`, { cause: error });
    throw new Error(`${program} ${args[0]} failed: ${String(error.stderr).trim()}`, { cause: error });
  }
}

/** Unpacks the pinned Node into `folder`. */
async function fetchNode(arch, folder) {
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
 * Unpacks the Debian packages of an architecture into `folder`, whatever the architecture of this machine is: apt gets lists
 * of its own, made from this machine's sources. Each package gets a folder of its name.
 * @returns what was unpacked, as `{ name, version, source, depends }`
 */
async function fetchLibraries(debian, folder) {
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
    // The folder is this user's alone.
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
  // gcc's licence is in a package whose name has the version; the others point to it.
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

/** Lays the directory out: everything that runs, and nothing that says when or where it was built. */
async function assemble(arch, folder, work) {
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
    await writeFile(join(folder, name), filled(await readFile(join(root, 'standalone', template), 'utf8')));
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
  // The licences of what is bundled in dist/, where the house keeps them in one file.
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
    // A link with an absolute target points into this machine.
    const found = await isFile(file);
    if (found && !(await run('readlink', ['-f', file])).stdout.startsWith(unpacked)) continue;
    if (found) return file;
  }
  throw new Error(`none of ${debianPackages.join(', ')} has ${name}, which Node needs`);
}

async function isFile(path) {
  try {
    return (await stat(path)).isFile();
  } catch {
    // Absent or unreachable: no file to use.
    return false;
  }
}

/** An archive that says nothing of when, where and by whom it was made, as gzip, which every small system can unpack. */
async function archive(folder, file) {
  const settings = [
    '--sort=name',
    '--mtime=@0',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--format=ustar',
  ];
  await run('tar', [
    ...settings,
    '--mode=u+rwX,go=rX',
    '-cf',
    file,
    '-C',
    folder,
    ...(await readdir(folder)).sort(),
  ]);
  // -9 takes three times as long for half a percent; xz makes two thirds of it, but Debian's slim images have no xz.
  await run('gzip', ['-6n', file]);
  return `${file}.gz`;
}

/** A file of standalone/ with its blanks (`@NAME@`) filled: the tunables, and what is given. */
function filled(template, blanks = {}) {
  return Object.entries({ TUNABLES: tunables, ...blanks }).reduce(
    (text, [name, value]) => text.replaceAll(`@${name}@`, String(value)),
    template,
  );
}

/** The script with its blanks filled, and the archive behind it. */
async function selfExtracting(arch, folder, work) {
  const payload = await readFile(await archive(folder, join(work, 'payload.tar')));
  const template = await readFile(join(root, 'standalone/launcher.sh'), 'utf8');
  const kilobytes = Number((await run('du', ['-sk', '--apparent-size', folder])).stdout.split('\t')[0]);
  const blanks = {
    VERSION: version,
    MACHINE: architectures[arch].machine,
    DIGEST: createHash('sha256').update(payload).digest('hex'),
    SIZE: Math.ceil(kilobytes / 1024),
  };
  const script = (offset) => filled(template, { ...blanks, OFFSET: offset });
  // The offset counts from one; its own width is part of what it counts.
  let offset = 0;
  while (script(offset).length + 1 !== offset) offset = script(offset).length + 1;
  return Buffer.concat([Buffer.from(script(offset)), payload]);
}

/** A root file system with nothing but the directory, and Node and kapi where one looks for programs. */
async function imageRoot(arch, target) {
  const { loader, loaderFolder, machine } = architectures[arch];
  const libraries = `${machine}-linux-gnu`;
  for (const folder of ['usr/bin', 'etc', 'lib', loaderFolder])
    await mkdir(join(target, folder), { recursive: true });
  await mkdir(join(target, 'tmp'));
  await chmod(join(target, 'tmp'), 0o1777);
  // Filled by the Dockerfile, which can run what it builds.
  await mkdir(join(target, folderInImage, 'compile-cache'));
  await symlink(`/${folderInImage}/ld.so`, join(target, loaderFolder, loader));
  await symlink(`/${folderInImage}/lib`, join(target, 'lib', libraries));
  await symlink(`/${folderInImage}/node`, join(target, 'usr/bin/node'));
  await symlink(`/${folderInImage}/kapi.js`, join(target, 'usr/bin/kapi'));
  await writeFile(join(target, 'etc/passwd'), 'nonroot:x:65534:65534:nonroot:/:/usr/bin/kapi\n');
  await writeFile(join(target, 'etc/group'), 'nonroot:x:65534:\n');
  await writeFile(join(target, 'etc/nsswitch.conf'), 'hosts: files dns\n');
}

const endings = { file: '', directory: '.d', image: '.image' };

const { values: options } = parseArgs({
  options: {
    arch: { type: 'string', default: 'x64' },
    form: { type: 'string', multiple: true, default: ['file'] },
    out: { type: 'string', default: join(root, 'dist-standalone') },
  },
});

async function main() {
  const wanted = options.arch === 'all' ? Object.keys(architectures) : [options.arch];
  for (const arch of wanted) {
    if (!Object.hasOwn(architectures, arch)) throw new Error(`--arch ${arch}: one of x64, arm64, all`);
  }
  for (const form of options.form) {
    if (!Object.hasOwn(endings, form)) throw new Error(`--form ${form}: one of file, directory, image`);
  }
  if (!(await isFile(join(root, 'dist/main.cjs'))))
    throw new Error('there is no dist/: run npm run build first');
  await mkdir(options.out, { recursive: true });
  for (const arch of wanted) {
    const work = await mkdtemp(join(tmpdir(), 'kapi-standalone-'));
    try {
      const folder = join(work, 'kapi');
      await mkdir(folder);
      await assemble(arch, folder, work);
      for (const form of options.form) {
        const target = join(options.out, `kapi-linux-${arch}${endings[form]}`);
        await make(form, arch, { folder, work, target: `${target}.unfinished` });
        await rm(target, { recursive: true, force: true });
        await rename(`${target}.unfinished`, target);
        console.log(target);
      }
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
}

async function make(form, arch, { folder, work, target }) {
  await rm(target, { recursive: true, force: true });
  if (form === 'file') {
    await writeFile(target, await selfExtracting(arch, folder, work), { mode: 0o755 });
    return;
  }
  const place = form === 'image' ? join(target, folderInImage) : target;
  await cp(folder, place, { recursive: true, verbatimSymlinks: true });
  if (form === 'image') await imageRoot(arch, target);
}

try {
  await main();
} catch (error) {
  console.error(`build-standalone: ${error.message}`);
  process.exitCode = 1;
}
