// Which folder of src can import which other folder, and which folder alone can import a
// third-party package.
// eslint.config.mjs makes a lint rule of every row; test/architecture.test.ts checks the whole tree against it.

/**
 * @typedef {object} FolderRules
 * @property {readonly string[]} imports folders of src whose values can be imported (always
 *   including its own)
 * @property {readonly string[]} [types] folders whose types only can be imported
 * @property {readonly string[]} [packages] third-party packages that only this folder can import
 * @property {readonly string[]} [builtins] Node modules with side effects outside the process that
 *   are allowed here
 */

/** @type {Readonly<Record<string, FolderRules>>} */
export const folders = {
  model: { imports: [], packages: ['re2js'] },
  // The expression language of --where. Pure: no I/O, no errors of kapi.
  cel: { imports: ['model'] },
  io: { imports: ['model', 'errors'], builtins: ['child_process', 'fs'] },
  config: { imports: ['model', 'errors'], builtins: ['fs'] },
  auth: { imports: ['model', 'errors'], types: ['config'], builtins: ['fs', 'child_process'] },
  transport: {
    imports: ['model', 'errors', 'auth'],
    types: ['config'],
    packages: ['undici'],
    builtins: ['fs', 'net', 'tls', 'http', 'https'],
  },
  api: { imports: ['model', 'errors'], builtins: ['fs'] },
  curl: { imports: ['model', 'errors'], types: ['config'] },
  output: { imports: ['model', 'errors'], types: ['io'], packages: ['yaml', 'chalk', 'cli-table3', 'diff'] },
  tui: { imports: ['model', 'output'], types: ['io'], packages: ['ink', 'react', 'chalk'] },
  proxy: { imports: ['model', 'errors'], builtins: ['fs', 'net', 'http'] },
  sandbox: {
    imports: ['model', 'errors'],
    packages: ['yaml', '@peculiar/asn1-schema', '@peculiar/asn1-x509'],
    builtins: ['fs', 'net', 'tls', 'http', 'https'],
  },
  commands: {
    imports: ['model', 'errors', 'api', 'cel', 'curl', 'proxy', 'output', 'sandbox'],
    types: ['config', 'auth', 'transport', 'io', 'tui'],
    builtins: ['fs'],
  },
  // Parses an unfinished command line with the tables of cli and asks the API for candidates: cli
  // and the API client must not depend on each other. output for escape.ts only.
  completion: { imports: ['cli', 'commands', 'api', 'model', 'errors', 'output'], types: ['io'] },
  // output for escape.ts only: errors contain text of servers and files.
  cli: { imports: ['commands', 'model', 'errors', 'output'], types: ['io'], packages: ['commander'] },
};

/**
 * The folders of src/sandbox, lowest first, and the sibling folders that each can import. Files
 * directly in src/sandbox can import all of them, and no folder imports those files.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const sandboxFolders = {
  types: [],
  store: ['types'],
  schema: ['types'],
  tables: ['types'],
  validation: ['schema', 'types'],
  seed: ['schema', 'types'],
  http: ['schema', 'store', 'types'],
  access: ['http', 'store', 'types'],
  objects: ['access', 'http', 'schema', 'store', 'tables', 'types', 'validation'],
  endpoints: ['access', 'http', 'schema', 'store', 'types'],
  life: ['access', 'objects', 'seed', 'store', 'types'],
};

/**
 * Node modules with side effects outside the process. All folders can import every other builtin
 * (path, url, util, zlib, crypto, …).
 */
export const guardedBuiltins = [
  'fs',
  'child_process',
  'net',
  'tls',
  'http',
  'https',
  'http2',
  'dgram',
  'worker_threads',
  'cluster',
];

/**
 * Single files directly in src, and the folders and files of src they can import. `errors.ts`
 * imports nothing; the others are the composition root: the inputs of a run, its dependencies, and
 * the entry point.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const rootFiles = {
  errors: [],
  world: [...Object.keys(folders), 'errors'],
  'config-deps': [...Object.keys(folders), 'errors', 'world'],
  'server-deps': [...Object.keys(folders), 'errors', 'world', 'config-deps'],
  'curl-deps': [...Object.keys(folders), 'errors', 'world', 'config-deps', 'server-deps'],
  'make-deps': [...Object.keys(folders), 'errors', 'world', 'config-deps', 'server-deps', 'curl-deps'],
  'shared-by-contexts': [...Object.keys(folders), 'world'],
  'run-in-contexts': [...Object.keys(folders), 'errors', 'world', 'make-deps', 'shared-by-contexts'],
  main: [...Object.keys(folders), 'errors', 'world', 'make-deps', 'run-in-contexts', 'shared-by-contexts'],
};
