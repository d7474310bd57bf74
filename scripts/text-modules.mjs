// Makes `import text from './file.txt'` (and .yaml) work: imports the text of the file, in the
// bundle and in the tests.
import { readFileSync } from 'node:fs';

/** A plugin for Rolldown and for Vite. */
export const textModules = {
  name: 'text-modules',
  // Vite treats .txt as an asset and would return its URL.
  enforce: 'pre',
  load: (id) =>
    /\.(txt|yaml)$/.test(id) && !id.startsWith('\0')
      ? { code: `export default ${JSON.stringify(readFileSync(id, 'utf8'))};`, moduleType: 'js' }
      : null,
};
