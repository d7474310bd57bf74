// Checks what package.json, the lock file, THIRD-PARTY-LICENSES and the SBOM promise to users.
// test/e2e/package.test.ts checks the content of the tarball. Needs a build, as `npm test` makes
// one.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

interface Locked {
  readonly name?: string;
  readonly version: string;
  readonly integrity?: string;
}

interface Component {
  readonly 'bom-ref': string;
  readonly purl: string;
  readonly scope: string;
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses: readonly unknown[];
}

const manifest = JSON.parse(read('package.json'));
const lock = JSON.parse(read('package-lock.json')) as { readonly packages: Record<string, Locked> };
const locked = Object.entries(lock.packages).filter(([place]) => place !== '');

/** Returns `pkg:npm/%40scope/name@version` for a directory in node_modules. */
function purlOf(place: string): string {
  const { name, version } = lock.packages[place]!;
  const path = name ?? place.replace(/^.*node_modules\//, '');
  return `pkg:npm/${path.replace('@', '%40')}@${version}`;
}

/** Returns the packages in dist/, by the list of the build. */
function bundledPlaces(): string[] {
  const list = join(root, 'dist/packages.json');
  expect(existsSync(list), 'dist/packages.json is missing: npm run build').toBe(true);
  return JSON.parse(readFileSync(list, 'utf8')) as string[];
}

describe('package.json', () => {
  it('fetches nothing at install time: no dependencies', () => {
    const fields = ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies'];
    expect(fields.filter((field) => field in manifest)).toEqual([]);
  });

  it('runs nothing at install time: no scripts of the installer, and no binding.gyp, which would be one', () => {
    const ofInstaller =
      /^(pre|post)?(install|uninstall|prepare)$|^(pre)?publish(Only)?$|^prepublish$|^dependencies$/;
    expect(Object.keys(manifest.scripts as object).filter((name) => ofInstaller.test(name))).toEqual([]);
    expect(existsSync(join(root, 'binding.gyp'))).toBe(false);
  });

  it('names existing programs that begin with #! and are executable', () => {
    const programs = Object.entries(manifest.bin as Record<string, string>);
    expect(programs.map(([name]) => name)).toContain('kapi');
    for (const [, path] of programs) {
      expect(read(path)).toMatch(/^#!\/(usr\/bin\/env node|bin\/sh)\n/);
      if (process.platform !== 'win32') expect(statSync(join(root, path)).mode & 0o111, path).toBe(0o111);
    }
  });

  it('says which Node is needed, as README.md does', () => {
    const [version] = /\d+\.\d+\.\d+/.exec(manifest.engines.node as string) ?? [];
    expect(manifest.engines.node).toBe(`>=${version}`);
    expect(read('README.md')).toContain(`Node.js ${version} or later`);
  });

  it.each(['name', 'version', 'description', 'keywords', 'license', 'engines', 'bin', 'files'])(
    'has %s',
    (field) => {
      expect(manifest[field]).toBeTruthy();
    },
  );
});

describe('package-lock.json', () => {
  it('contains no download URL: an installation uses its own registry', () => {
    const text = read('package-lock.json');
    expect([...text.matchAll(/"resolved":.*/g)].map(([line]) => line)).toEqual([]);
    // Funding URLs do not name a registry; a tarball URL does.
    expect(text).not.toMatch(/https?:\/\/[^"]*\.tgz/);
  });

  it('has a sha512 of every package', () => {
    expect(locked.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'))).toEqual([]);
  });

  it('is of this version', () => {
    expect(lock.packages['']!.version).toBe(manifest.version);
  });
});

describe('THIRD-PARTY-LICENSES', () => {
  it('is what licenses.mjs makes of this build', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/licenses.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('names every bundled package, with its version and licence', () => {
    const text = read('THIRD-PARTY-LICENSES');
    const missing = bundledPlaces().filter((place) => {
      const { name, version } = lock.packages[place]!;
      const license = JSON.parse(read(join(place, 'package.json'))).license as string;
      return !text.includes(`\n${name ?? place.replace(/^.*node_modules\//, '')} ${version} (${license})\n`);
    });
    expect(missing).toEqual([]);
    // Compiled into the packages above, and declared by none of them.
    for (const part of ['llhttp, inside undici', 'musl, inside yoga-layout']) expect(text).toContain(part);
  });
});

describe('the SBOM', () => {
  const print = (): string =>
    execFileSync(process.execPath, ['scripts/sbom.mjs'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 24 });
  const text = existsSync(join(root, 'dist/packages.json')) ? print() : '{}';
  const bom = JSON.parse(text);
  const components = (bom.components ?? []) as Component[];

  it('has every package of the lock file once, and no other', () => {
    expect(components.map(({ purl }) => purl)).toEqual(
      [...new Set(locked.map(([place]) => purlOf(place)))].sort(),
    );
    expect(new Set(components.map((component) => component['bom-ref'])).size).toBe(components.length);
  });

  it('requires what is inside dist/ and excludes what only builds and tests', () => {
    const required = components.filter(({ scope }) => scope === 'required').map(({ purl }) => purl);
    expect(required).toEqual([...new Set(bundledPlaces().map(purlOf))].sort());
    expect(components.filter(({ scope }) => scope !== 'required' && scope !== 'excluded')).toEqual([]);
    expect(required).toContain(purlOf('node_modules/undici'));
    expect(required).not.toContain(purlOf('node_modules/vitest'));
  });

  it('has the digests of the lock file', () => {
    const wanted = new Map(locked.map(([place, { integrity }]) => [purlOf(place), integrity]));
    for (const { purl, hashes } of components) {
      const [{ alg, content } = { alg: '', content: '' }] = hashes;
      expect(alg).toBe('SHA-512');
      expect(`sha512-${Buffer.from(content, 'hex').toString('base64')}`, purl).toBe(wanted.get(purl));
    }
  });

  it('has terms for every package, and edges between packages that it has', () => {
    expect(components.filter(({ licenses }) => licenses.length === 0)).toEqual([]);
    const known = new Set([...components.map(({ purl }) => purl), `pkg:npm/kapi@${manifest.version}`]);
    const edges = bom.dependencies as { ref: string; dependsOn: string[] }[];
    expect(
      edges.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]).filter((ref) => !known.has(ref)),
    ).toEqual([]);
    const ofInk = edges.find(({ ref }) => ref === purlOf('node_modules/ink'));
    // Its own string-width, not the older one next to it.
    expect(ofInk?.dependsOn).toContain(purlOf('node_modules/ink/node_modules/string-width'));
    expect(ofInk?.dependsOn).not.toContain(purlOf('node_modules/string-width'));
  });

  it('is the same every time and contains no URL except that of its schema', () => {
    expect(print()).toBe(text);
    expect([...text.matchAll(/https?:[^"]*/g)].map(([url]) => url)).toEqual([
      'http://cyclonedx.org/schema/bom-1.6.schema.json',
    ]);
    expect(text).not.toMatch(/serialNumber|timestamp/);
  });
});
