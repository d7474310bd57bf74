// Bundles the program that sends for the tests, as the standalone program is bundled, and unpacks
// the Bun that runs it. Prints the paths of both.
//
//   node test/transport/bun/bundle.mjs FOLDER
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { inputs } from '../../../scripts/bundle-parts.mjs';
import { bunModules } from '../../../scripts/standalone/bun-modules.mjs';
import { fetchBun } from '../../../scripts/standalone/fetch.mjs';

const [folder = '.'] = process.argv.slice(2);
const bun = await fetchBun(process.arch, folder);
const bundle = await rolldown({
  ...inputs,
  plugins: [bunModules, ...inputs.plugins],
  input: { sender: fileURLToPath(new URL('sender.ts', import.meta.url)) },
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
});
const { output } = await bundle.generate({ format: 'esm', entryFileNames: '[name].js' });
for (const { fileName, code } of output) await writeFile(join(folder, fileName), code);
console.log(JSON.stringify({ bun, sender: join(folder, 'sender.js') }));
