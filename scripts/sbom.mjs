// What kapi consists of and is made with, as a CycloneDX 1.6 document in JSON: to stdout, or to the file that is named. `npm run
// sbom` and every `npm pack` write sbom.cdx.json, which is shipped and not committed: it follows from files that are. All of it comes from the lock file, and from the build's list of what is inside dist/: that is "required",
// the rest only builds and tests and is "excluded". The same input gives the same bytes: no serial number, no time, no address.
import { Buffer } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPackageList } from './bundled-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const { description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const bundled = new Set(await readPackageList(join(root, 'dist')));

/** `@scope/name` of a key such as `node_modules/a/node_modules/@scope/name`. */
const nameOf = (place) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Package URL; its @ of a scope is encoded, the one before the version not. */
const purlOf = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** `sha512-BASE64` of the lock as CycloneDX writes it. */
function hashesOf(integrity) {
  return integrity.split(' ').map((one) => {
    const [algorithm, digest] = one.split(/-(.*)/s);
    const alg = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' }[algorithm];
    if (alg === undefined) throw new Error(`package-lock.json has a digest of an unknown kind: ${algorithm}`);
    return { alg, content: Buffer.from(digest, 'base64').toString('hex') };
  });
}

/** `MIT` is an id of SPDX, `(MIT OR CC0-1.0)` an expression. */
function licensesOf(license) {
  if (license === undefined) return {};
  return { licenses: [/[\s()]/.test(license) ? { expression: license } : { license: { id: license } }] };
}

/** Where Node finds `name` for a package at `place`: beside it, then further up. */
function placeOf(name, place) {
  for (let from = place; ; from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')))) {
    const candidate = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    // Optional packages for other platforms, and peers nobody installed.
    if (from === '') return undefined;
  }
}

const places = Object.keys(packages).filter((place) => place !== '');
for (const place of bundled) {
  if (packages[place] === undefined) throw new Error(`package-lock.json knows nothing of ${place}: npm ci`);
}

// One version may lie in several places: one component, required if any of them is inside.
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
