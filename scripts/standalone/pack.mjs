// Packs the directory into one self-extracting file, a copy, or the root file system of an image.
// Entry point: pack.
import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { architectures, filled, run, templates, version } from './tools.mjs';

/** Path of the directory in an image. */
const folderInImage = 'opt/kapi';

/** Writes one form of the standalone kapi to `target`. */
export async function pack(form, arch, { folder, work, target }) {
  await rm(target, { recursive: true, force: true });
  if (form === 'file') {
    await writeFile(target, await selfExtracting(arch, folder, work), { mode: 0o755 });
    return;
  }
  const place = form === 'image' ? join(target, folderInImage) : target;
  await cp(folder, place, { recursive: true, verbatimSymlinks: true });
  if (form === 'image') await imageRoot(arch, target);
}

/**
 * Makes an archive that does not show when, where and by which user it was made. gzip, because
 * every small system can unpack it.
 */
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
  // -9 takes three times as long for half a percent. xz needs two thirds of the size, but Debian's
  // slim images have no xz.
  await run('gzip', ['-6n', file]);
  return `${file}.gz`;
}

/** Returns the script with its placeholders filled, followed by the archive. */
async function selfExtracting(arch, folder, work) {
  const payload = await readFile(await archive(folder, join(work, 'payload.tar')));
  const template = await readFile(join(templates, 'launcher.sh'), 'utf8');
  const kilobytes = Number((await run('du', ['-sk', '--apparent-size', folder])).stdout.split('\t')[0]);
  const blanks = {
    VERSION: version,
    MACHINE: architectures[arch].machine,
    DIGEST: createHash('sha256').update(payload).digest('hex'),
    SIZE: Math.ceil(kilobytes / 1024),
  };
  const script = (offset) => filled(template, { ...blanks, OFFSET: offset });
  // The offset counts from one, and its own digits are part of what it counts.
  let offset = 0;
  while (script(offset).length + 1 !== offset) offset = script(offset).length + 1;
  return Buffer.concat([Buffer.from(script(offset)), payload]);
}

/**
 * Writes a root file system with only the directory, and links to Node and kapi at the usual paths.
 */
async function imageRoot(arch, target) {
  const { loader, loaderFolder, machine } = architectures[arch];
  const libraries = `${machine}-linux-gnu`;
  for (const folder of ['usr/bin', 'etc', 'lib', loaderFolder])
    await mkdir(join(target, folder), { recursive: true });
  await mkdir(join(target, 'tmp'));
  await chmod(join(target, 'tmp'), 0o1777);
  await symlink(`/${folderInImage}/ld.so`, join(target, loaderFolder, loader));
  await symlink(`/${folderInImage}/lib`, join(target, 'lib', libraries));
  await symlink(`/${folderInImage}/program`, join(target, 'usr/bin/kapi'));
  await writeFile(join(target, 'etc/passwd'), 'nonroot:x:65534:65534:nonroot:/:/usr/bin/kapi\n');
  await writeFile(join(target, 'etc/group'), 'nonroot:x:65534:\n');
  await writeFile(join(target, 'etc/nsswitch.conf'), 'hosts: files dns\n');
}
