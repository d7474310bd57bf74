// The tarball of `npm pack`: built in a clean copy of the checkout, inspected, installed without
// network, and run on every Node.js line against the sandbox.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { testServer, run, type Result } from './kapi.ts';
import { findNode, nodeLines } from './node-lines.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { version: kapiVersion } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
};

/** Every file that can be in the tarball, and whether it is required. */
const wanted: readonly (readonly [pattern: RegExp, needed: boolean])[] = [
  [/^package\.json$/, true],
  [/^README(\.ko)?\.md$/, true],
  [/^CHANGELOG\.md$/, true],
  [/^LICENSE$/, true],
  [/^THIRD-PARTY-LICENSES$/, true],
  [/^sbom\.cdx\.json$/, true],
  [/^bin\/kapi\.js$/, true],
  // Loaded by kapi.js; not a program.
  [/^bin\/keep-code\.js$/, true],
  // Tells Node the module type of bin/kapi.js.
  [/^bin\/package\.json$/, true],
  [/^bin\/kubectl[-_][a-z_-]+(\.js)?$/, false],
  [/^dist\/(main|list)\.cjs$/, true],
  [/^dist\/tui(-[\w.-]+)?\.mjs$/, true],
  [/^dist\/[\w.-]+\.cjs$/, true],
  [/^docs\/(ko\/)?[a-z-]+\.md$/, true],
  [/^completions\/[\w.-]+$/, false],
  [/^man\/kapi(-[a-z-]+)?\.[17]$/, false],
];

/** Max bytes. A quarter more than today passes; twice as much fails. */
const packedLimit = 1_100_000;
const unpackedLimit = 4_500_000;

/** The output of `npm pack --json`. */
interface Packed {
  readonly files: readonly { readonly path: string; readonly size: number; readonly mode: number }[];
  readonly size: number;
  readonly unpackedSize: number;
}

/** npm as a script, so that every line of Node can run it. */
const npmFolder = dirname(execFileSync('npm', ['root', '-g'], { encoding: 'utf8' }).trim());
const npmScript = (name: 'npm' | 'npx'): string => join(npmFolder, 'node_modules/npm/bin', `${name}-cli.js`);

const project = inject('server');
const isElsewhere = 'missing' in project || project.kind !== 'sandbox';

// One tarball and one server: the responses of a real API server do not depend on packaging.
describe.skipIf(isElsewhere)('the package', () => {
  let folder = '';
  let tarball = '';
  let packed: Packed;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kapi-package-'));
    const checkout = join(folder, 'checkout');
    // node_modules is copied and not linked: the bundler would write the target of the link into
    // its output.
    const left = ['dist', '.git', 'coverage', 'sbom.cdx.json'];
    cpSync(root, checkout, {
      recursive: true,
      filter: (source) => {
        const [first = ''] = relative(root, source).split(sep);
        return !left.includes(first) && !/\.(tgz|log)$/.test(first) && !first.startsWith('kapi-linux-');
      },
    });
    // Nothing is built there: prepack builds, as on a machine that publishes from a new clone.
    const { stdout, stderr, code } = await run(
      process.execPath,
      [npmScript('npm'), 'pack', '--json', '--pack-destination', folder],
      { cwd: checkout, env: npmEnvironment(folder, process.execPath), timeoutMs: 280_000 },
    );
    expect({ stderr, code }).toMatchObject({ code: 0 });
    // The output of prepack comes first.
    packed = firstOf(JSON.parse(stdout.slice(stdout.search(/^[[{]/m))) as readonly Packed[]);
    tarball = join(folder, `kapi-${kapiVersion}.tgz`);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('contains what is needed and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths.filter((path) => !wanted.some(([pattern]) => pattern.test(path)))).toEqual([]);
    const absent = wanted.filter(([pattern, needed]) => needed && !paths.some((path) => pattern.test(path)));
    expect(absent.map(([pattern]) => String(pattern))).toEqual([]);
  });

  it('is small', () => {
    console.log(
      `kapi-${kapiVersion}.tgz: ${packed.size} bytes, ${packed.unpackedSize} unpacked, ${packed.files.length} files`,
    );
    expect(packed.size).toBeLessThan(packedLimit);
    expect(packed.unpackedSize).toBeLessThan(unpackedLimit);
  });

  it('is executable, not only readable', () => {
    const programs = packed.files.filter(({ path }) => /^bin\/(?!package\.json|keep-code\.js)/.test(path));
    expect(programs.map(({ mode }) => mode & 0o111)).toEqual(programs.map(() => 0o111));
  });

  it('has no path of the machine that built it, and no address of a registry', async () => {
    const unpacked = join(folder, 'unpacked');
    mkdirSync(unpacked);
    await run('tar', ['-xzf', tarball, '-C', unpacked], { cwd: folder });
    const registry = execFileSync('npm', ['config', 'get', 'registry'], { cwd: root, encoding: 'utf8' });
    const { host } = new URL(registry.trim());
    for (const needle of [root.replace(/\/$/, ''), folder, host]) {
      const { stdout } = await run('grep', ['-rlF', needle, unpacked], { cwd: folder });
      expect(stdout, needle).toBe('');
    }
  });

  it.for(nodeLines)('is installed and runs on Node.js %s', { timeout: 600_000 }, async (line, { skip }) => {
    const node = await findNode(line);
    if ('missing' in node) {
      console.error(`SKIPPED: ${node.missing}`);
      skip(node.missing);
      return;
    }
    const home = mkdtempSync(join(folder, `node-${line}-`));
    const env = npmEnvironment(home, node.path);
    const prefix = join(home, 'prefix');
    const npm = (name: 'npm' | 'npx', ...words: string[]): Promise<Result> =>
      run(node.path, [npmScript(name), ...words], { cwd: folder, env, timeoutMs: 280_000 });

    expect(await npm('npm', 'install', '-g', '--prefix', prefix, tarball)).toMatchObject({ code: 0 });
    const installed = join(prefix, 'bin/kapi');
    const ofCluster = { ...env, KUBECONFIG: testServer().kubeconfigs.admin };
    const kapi = (...words: string[]): Promise<Result> =>
      run(installed, words, { cwd: home, env: ofCluster });

    const kapiSays = { stdout: `kapi ${kapiVersion}\n`, stderr: '', code: 0 };
    expect(await kapi('--version')).toMatchObject(kapiSays);
    // Checks that the tested Node runs it.
    const nodeThere = await run('node', ['--version'], { cwd: home, env });
    expect(nodeThere.stdout.trim()).toBe(`v${node.version}`);

    const pods = await kapi('list', 'pods', '-n', 'default');
    expect(pods).toMatchObject({ stderr: '', code: 0 });
    expect(pods.stdout).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE\n/);
    expect(pods.stdout).toMatch(/^completed +0\/1 +Completed/m);
    // Chunks that a plain list does not load.
    expect(await kapi('get', 'pod', 'completed', '-n', 'default', '-o', 'yaml')).toMatchObject({ code: 0 });
    expect(await kapi('can-i', '--list')).toMatchObject({ stderr: '', code: 0 });
    expect(await kapi('sandbox', '--', 'kapi', 'whoami', '-o', 'name')).toMatchObject({
      stdout: 'admin\n',
      code: 0,
    });

    const byNpx = await npm('npx', '--yes', '--package', tarball, 'kapi', '--version');
    expect(byNpx).toMatchObject({ stdout: kapiSays.stdout, code: 0 });
    if (node.path !== process.execPath) return;
    const byPath = await npm('npx', '--yes', `./${basename(tarball)}`, '--version');
    expect(byPath).toMatchObject({ stdout: kapiSays.stdout, code: 0 });
  });
});

/**
 * Returns the environment of a machine without a registry and without caches, with one line of Node
 * first on PATH.
 */
function npmEnvironment(home: string, node: string): Record<string, string> {
  return {
    PATH: `${join(home, 'prefix/bin')}:${dirname(node)}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    npm_config_cache: join(home, 'npm-cache'),
    npm_config_userconfig: join(home, 'npmrc'),
    npm_config_globalconfig: join(home, 'global-npmrc'),
    // Port 9 of loopback has no listener or discards: a request fails at once.
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_fetch_retries: '0',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    NO_COLOR: '1',
  };
}

/** Returns the first entry: npm up to 11 prints a list, later versions an object by name. */
function firstOf<T>(answer: readonly T[] | Readonly<Record<string, T>>): T {
  const [first] = Object.values(answer);
  if (first === undefined) throw new Error('npm pack has packed nothing');
  return first;
}
