// Lists the packages of node_modules that are inside dist/, as the bundler reports them. Entry
// points: writePackageList, which build.mjs calls, and readPackageList for licenses.mjs and
// sbom.mjs. The list is not shipped.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const fileName = 'packages.json';

/**
 * Writes the directories of the packages in `outdir`, such as
 * `node_modules/ink/node_modules/string-width`. These are keys of the lock file: a package can be
 * there in several versions.
 * @param modules of each chunk: the rendered modules by path, as Rolldown returns them
 */
export async function writePackageList(outdir, modules) {
  const rendered = modules.flatMap((each) => Object.entries(each));
  const places = rendered.flatMap(([path, { renderedLength }]) => {
    const [place] = /(?<=^|\/)(?:node_modules\/(?:@[^/]+\/)?[^/]+\/)+/.exec(path) ?? [];
    return place !== undefined && renderedLength > 0 ? [place.slice(0, -1)] : [];
  });
  const list = [...new Set(places)].sort();
  await writeFile(join(outdir, fileName), `${JSON.stringify(list, undefined, 2)}\n`);
}

/** Reads the list of the last build. */
export async function readPackageList(outdir) {
  return JSON.parse(await readFile(join(outdir, fileName), 'utf8'));
}
