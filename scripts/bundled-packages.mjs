// Which packages of node_modules are really inside dist/, by esbuild's own account. Entry points: writePackageList, which
// build.mjs calls, and readPackageList for licenses.mjs and sbom.mjs. The list is no part of what is shipped.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const fileName = 'packages.json';

/**
 * Leaves a list of places such as `node_modules/ink/node_modules/string-width` in `outdir`: keys of the lock file, since one
 * package may be there in several versions. What esbuild read and dropped again as unused is not in it.
 */
export async function writePackageList(outdir, ...metafiles) {
  const places = new Set();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
        const [place] = /(?<=^|\/)(?:node_modules\/(?:@[^/]+\/)?[^/]+\/)+/.exec(path) ?? [];
        if (place !== undefined && bytesInOutput > 0) places.add(place.slice(0, -1));
      }
    }
  }
  await writeFile(join(outdir, fileName), `${JSON.stringify([...places].sort(), undefined, 2)}\n`);
}

/** The list of the last build. */
export async function readPackageList(outdir) {
  return JSON.parse(await readFile(join(outdir, fileName), 'utf8'));
}
