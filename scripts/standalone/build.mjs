// Makes kapi for Linux machines without Node: one self-extracting file, a directory, or the root
// file system of an image. Each form contains the program (Bun with kapi's code), its loader and
// libraries, and licences.
//
//   node scripts/standalone/build.mjs [--arch x64|arm64|all] [--form file|directory|image]...
//     [--out DIR]
//
// Bun comes from npm, at the version and digest in tools.mjs. The libraries come from the Debian
// release of this machine through apt, which verifies their signatures. The same inputs give the
// same bytes. docs/decisions/ says why Bun.
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { assemble } from './assemble.mjs';
import { pack } from './pack.mjs';
import { architectures, root } from './tools.mjs';

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
  await mkdir(options.out, { recursive: true });
  for (const arch of wanted) {
    const work = await mkdtemp(join(tmpdir(), 'kapi-standalone-'));
    try {
      const folder = join(work, 'kapi');
      await mkdir(folder);
      await assemble(arch, folder, work);
      for (const form of options.form) {
        const target = join(options.out, `kapi-linux-${arch}${endings[form]}`);
        await pack(form, arch, { folder, work, target: `${target}.unfinished` });
        await rm(target, { recursive: true, force: true });
        await rename(`${target}.unfinished`, target);
        console.log(target);
      }
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
}

try {
  await main();
} catch (error) {
  console.error(`build-standalone: ${error.message}`);
  process.exitCode = 1;
}
