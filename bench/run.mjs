// `npm run bench`: lets Node read the TypeScript in this directory, then runs main.ts. `npm run
// bench -- --help` explains.
import { register } from 'node:module';

// Node 22.18 and later strip types themselves.
if (!process.features.typescript) register('./typescript-hooks.mjs', import.meta.url);
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
