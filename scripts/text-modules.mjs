// Makes two kinds of imports work in the bundle and in the tests: `import text from './file.txt'`
// is the text of the file, `import manifests from './file.yaml'` its documents.
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

/** A plugin for Rolldown and for Vite. */
export const textModules = {
  name: 'text-modules',
  // Vite treats .txt as an asset and would return its URL.
  enforce: 'pre',
  load: (id) => {
    if (!/\.(txt|yaml)$/.test(id) || id.startsWith('\0')) return null;
    const text = readFileSync(id, 'utf8');
    const value = id.endsWith('.txt') ? text : parseAllDocuments(text).map((document) => document.toJS());
    return { code: `export default ${JSON.stringify(value)};`, moduleType: 'js' };
  },
};
