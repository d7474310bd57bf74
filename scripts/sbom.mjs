// Writes the components of kapi and of its build as a CycloneDX 1.6 document in JSON, to stdout or
// to the named file. `npm run sbom` and every `npm pack` write sbom.cdx.json, which is shipped but
// not committed, because committed files determine it. The data comes from the lock file, and from
// the build's list of packages in dist/: those are "required", the others only build and test and
// are "excluded". The same input gives the same bytes: no serial number, no time, no address.
import { Buffer } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPackageList } from './bundled-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const { description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const bundled = new Set(await readPackageList(join(root, 'dist')));

/** Returns `@scope/name` of a key such as `node_modules/a/node_modules/@scope/name`. */
const nameOf = (place) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Returns the package URL, with an encoded @ of the scope and a plain one before the version. */
const purlOf = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** Converts `sha512-BASE64` of the lock file to CycloneDX. */
function hashesOf(integrity) {
  return integrity.split(' ').map((one) => {
    const [algorithm, digest] = one.split(/-(.*)/s);
    const alg = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' }[algorithm];
    if (alg === undefined) throw new Error(`package-lock.json has a digest of an unknown kind: ${algorithm}`);
    return { alg, content: Buffer.from(digest, 'base64').toString('hex') };
  });
}

/** `MIT` is an SPDX id, `(MIT OR CC0-1.0)` an expression. */
function licensesOf(license) {
  if (license === undefined) return {};
  return { licenses: [/[\s()]/.test(license) ? { expression: license } : { license: { id: license } }] };
}

/**
 * Returns the directory where Node finds `name` for a package at `place`: next to it, then further
 * up.
 */
function placeOf(name, place) {
  for (let from = place; ; from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')))) {
    const candidate = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    // Optional packages for other platforms, and peers that are not installed.
    if (from === '') return undefined;
  }
}

const places = Object.keys(packages).filter((place) => place !== '');
for (const place of bundled) {
  if (packages[place] === undefined) throw new Error(`package-lock.json knows nothing of ${place}: npm ci`);
}

// A version in several directories is one component, required if any of them is inside dist/.
const components = new Map();
const dependencies = new Map();
for (const place of places) {
  const { version, license, integrity, ...entry } = packages[place];
  const name = entry.name ?? nameOf(place);
  const ref = purlOf(name, version);
  const isInside = bundled.has(place) || components.get(ref)?.scope === 'required';
  components.set(ref, {
    type: 'library',
    'bom-ref': ref,
    ...(name.startsWith('@') ? { group: name.split('/')[0] } : {}),
    name: name.replace(/^@[^/]+\//, ''),
    version,
    scope: isInside ? 'required' : 'excluded',
    ...(integrity === undefined ? {} : { hashes: hashesOf(integrity) }),
    ...licensesOf(license),
    purl: ref,
  });
  dependencies.set(ref, new Set([...(dependencies.get(ref) ?? []), ...needsOf(place)]));
}

function needsOf(place) {
  const { dependencies: needs, optionalDependencies, peerDependencies, devDependencies } = packages[place];
  return Object.keys({ ...needs, ...optionalDependencies, ...peerDependencies, ...devDependencies })
    .map((name) => placeOf(name, place))
    .filter((found) => found !== undefined)
    .map((found) => purlOf(packages[found].name ?? nameOf(found), packages[found].version));
}

const self = packages[''];
const selfRef = purlOf(self.name, self.version);
dependencies.set(selfRef, new Set(needsOf('')));
const sorted = (values) => [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

const bom = {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    lifecycles: [{ phase: 'build' }],
    component: {
      type: 'application',
      'bom-ref': selfRef,
      name: self.name,
      version: self.version,
      description,
      ...licensesOf(self.license),
      purl: selfRef,
    },
  },
  components: sorted(components.keys()).map((ref) => components.get(ref)),
  dependencies: sorted(dependencies.keys()).map((ref) => ({
    ref,
    dependsOn: sorted(dependencies.get(ref)),
  })),
};

const text = `${JSON.stringify(bom, undefined, 1)}\n`;
const [target] = process.argv.slice(2);
if (target === undefined) process.stdout.write(text);
else writeFileSync(target, text);
