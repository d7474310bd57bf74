// Which folder of src may import from which, and which third-party package has its door where.
// eslint.config.mjs makes a lint rule of every row; test/architecture.test.ts checks the whole tree against it.

/**
 * @typedef {object} Room
 * @property {readonly string[]} imports folders of src whose values may be imported (its own is always allowed)
 * @property {readonly string[]} [types] folders of which only types may be imported
 * @property {readonly string[]} [packages] third-party packages whose only door this folder is
 * @property {readonly string[]} [builtins] Node's own modules with an effect on the world, allowed here
 */

/** @type {Readonly<Record<string, Room>>} */
export const rooms = {
  model: { imports: [], packages: ['re2js'] },
  // The expression language of --where. Pure: no I/O, no errors of kapi.
  cel: { imports: ['model'] },
  io: { imports: ['errors'], builtins: ['child_process', 'fs'] },
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
  output: { imports: ['model', 'errors'], types: ['io'], packages: ['yaml', 'chalk', 'cli-table3'] },
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
  // Reads an unfinished command line with cli's tables and asks the API what may follow: neither of the two may know the
  // other. output for escape.ts only.
  completion: { imports: ['cli', 'commands', 'api', 'model', 'errors', 'output'], types: ['io'] },
  // output for escape.ts only: errors hold words of servers and files.
  cli: { imports: ['commands', 'model', 'errors', 'output'], types: ['io'], packages: ['commander'] },
};

/**
 * The folders of src/sandbox, lowest first, and the folders beside them that each may import. Files directly in
 * src/sandbox may import all of them, and no folder imports those files.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const sandboxFolders = {
  types: [],
  store: ['types'],
  schema: ['types'],
  tables: ['types'],
  validation: ['schema', 'types'],
  seed: ['types'],
  http: ['schema', 'store', 'types'],
  access: ['http', 'store', 'types'],
  objects: ['access', 'http', 'schema', 'store', 'tables', 'types', 'validation'],
  endpoints: ['access', 'http', 'schema', 'store', 'types'],
  life: ['access', 'objects', 'seed', 'store', 'types'],
};

/** Node modules that touch the world; every other builtin (path, url, util, zlib, crypto, …) is open to all. */
export const worldlyBuiltins = [
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
 * Single files directly in src, and the folders and files of src they may import. `errors.ts` imports nothing; the others are
 * the composition root: what a run takes from outside, what is made of it, and the one entry.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const rootFiles = {
  errors: [],
  world: [...Object.keys(rooms), 'errors'],
  'config-deps': [...Object.keys(rooms), 'errors', 'world'],
  'server-deps': [...Object.keys(rooms), 'errors', 'world', 'config-deps'],
  'curl-deps': [...Object.keys(rooms), 'errors', 'world', 'config-deps', 'server-deps'],
  'make-deps': [...Object.keys(rooms), 'errors', 'world', 'config-deps', 'server-deps', 'curl-deps'],
  'run-in-contexts': [...Object.keys(rooms), 'errors', 'world', 'make-deps'],
  main: [...Object.keys(rooms), 'errors', 'world', 'make-deps', 'run-in-contexts'],
};
