// What the two bundles of kapi share: dist/ for Node (build.mjs) and the standalone program
// (standalone/program.mjs).
import { fileURLToPath } from 'node:url';
import { textModules } from './text-modules.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The modules that each named file starts with. A file also contains what these modules import
 * statically.
 */
const namedFiles = {
  // list.cjs and commands.cjs do not load each other. Modules that both need are in main.cjs: all
  // modules of this list except the first.
  main: [
    'main',
    'commands/describe/index',
    'commands/unknown-group',
    'model/connection-headers',
    'model/ip-address',
    'model/nearest',
    'model/resource',
    'output/colour',
    'output/structured',
  ],
  list: [
    'api/atomic-file',
    'api/discovery-cache',
    'api/open-discovery',
    'auth/open-authenticator',
    'commands/list/run',
    'config/document',
    'config/load',
    'output/printer',
    'output/rows',
    'output/table',
    'transport/node-carrier',
    'transport/send',
    'transport/sleep',
  ],
  commands: ['cli/command-list', 'cli/help'],
};
/**
 * Small modules that many commands share, in one file: each file costs a run 0.5 million
 * instructions. `describe` needs them all.
 */
const sharedFiles = {
  objects: [
    'api/access-review',
    'api/api-lifecycle',
    'api/change-author',
    'api/object-events',
    'model/field-set',
    'model/fields',
    'model/quantity',
    'model/secret-values',
  ],
};
export const isNamed = (name) => Object.hasOwn(namedFiles, name);
export const groups = Object.entries({ ...namedFiles, ...sharedFiles }).map(([name, modules], index, all) => {
  const paths = new Set(modules.map((module) => `${root}src/${module}.ts`));
  return { name, test: (id) => paths.has(id), priority: all.length - index };
});

/**
 * Replaces packages that kapi never runs by an empty module: commander loads node:child_process for
 * commands that are separate programs, and Ink loads React's developer tools if DEV=true.
 */
const emptyModules = {
  name: 'empty-modules',
  resolveId: (id, importer) =>
    id === 'react-devtools-core' ||
    (id === 'node:child_process' && importer?.includes('/node_modules/commander/'))
      ? `\0empty:${id}`
      : null,
  load: (id) => (id.startsWith('\0empty:') ? 'module.exports = {};' : null),
};
export const inputs = {
  platform: 'node',
  plugins: [emptyModules, textModules],
  // If one file imports a module lazily and another one statically, the module is in the second.
  checks: { ineffectiveDynamicImport: false },
};
/** Licence texts are in THIRD-PARTY-LICENSES; in the code they would only be parsed. */
export const outputs = { minify: true, comments: false };
