// Makes `import text from './file.txt'` (and .yaml) work: the text of the file, as the bundle and the tests have it.
import { readFileSync } from 'node:fs';

/** A plugin for Rolldown and for Vite. */
export const textModules = {
  name: 'text-modules',
  // Vite takes .txt for an asset and gives its address.
  enforce: 'pre',
  load: (id) =>
    /\.(txt|yaml)$/.test(id) && !id.startsWith('\0')
      ? { code: `export default ${JSON.stringify(readFileSync(id, 'utf8'))};`, moduleType: 'js' }
      : null,
};
