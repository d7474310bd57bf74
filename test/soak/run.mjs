// `npm run soak -- --minutes N`: lets Node read the TypeScript of the e2e suite, then runs soak.ts.
import { register } from 'node:module';

// Node 22.18 and later strip types themselves.
if (!process.features.typescript) register('../../bench/typescript-hooks.mjs', import.meta.url);
const { main } = await import('./soak.ts');
process.exitCode = await main(process.argv.slice(2));
