// `npm run licenses` writes THIRD-PARTY-LICENSES: the third-party code in dist/ with its licences
// and sources. `node scripts/licenses.mjs --check` compares instead and exits 1 if the file is
// stale. Both need a build, whose list says which packages are inside. Names, versions, licences
// and sources come from the package.json of each package; the script downloads nothing.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPackageList } from './bundled-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'THIRD-PARTY-LICENSES');

/**
 * Licences that a program under Apache-2.0 can redistribute. A package with another licence makes
 * this script fail before a release.
 */
const accepted = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/**
 * Third-party code that is inside a package without being one: found in its files, and not declared
 * in any package.json.
 */
const carried = [
  {
    inside: 'undici',
    name: 'llhttp',
    what: 'the HTTP parser, compiled into WebAssembly; the package does not say which version',
    license: 'MIT',
    source: 'https://github.com/nodejs/llhttp',
    text: 'llhttp.txt',
  },
  {
    inside: 'undici',
    name: 'Node.js',
    what: 'lib/dispatcher/fixed-queue.js, extracted from lib/internal/fixed_queue.js',
    license: 'MIT',
    source: 'https://github.com/nodejs/node',
    text: 'node.txt',
  },
  {
    inside: 'undici',
    name: 'fetch-blob',
    what: 'a function in lib/core/util.js that tells a Blob',
    license: 'MIT',
    source: 'https://github.com/node-fetch/fetch-blob',
    text: 'fetch-blob.txt',
  },
  {
    inside: 'yoga-layout',
    name: 'Emscripten',
    what: 'the runtime around the WebAssembly module',
    license: 'MIT',
    source: 'https://github.com/emscripten-core/emscripten',
    text: 'emscripten.txt',
  },
  {
    inside: 'yoga-layout',
    name: 'libc++',
    what: 'the C++ library within the WebAssembly module',
    license: 'Apache-2.0 WITH LLVM-exception',
    source: 'https://libcxx.llvm.org',
    text: 'libcxx.txt',
  },
  {
    inside: 'yoga-layout',
    name: 'musl',
    what: 'the C library within the WebAssembly module, as Emscripten links it',
    license: 'MIT',
    source: 'https://musl.libc.org',
    text: 'musl.txt',
  },
];

/**
 * Packages that declare a licence but have no text: uses the text of their repository, with the
 * notice of their source files.
 */
const withoutText = { 'yoga-layout': 'yoga-layout.txt' };

const readText = async (...path) => (await readFile(join(root, ...path), 'utf8')).replaceAll('\r\n', '\n');

/**
 * Reads a package: name, version, licence, source, and the full text that its authors require to be
 * redistributed.
 */
async function readPackage(place) {
  const { name, version, license, homepage, repository } = JSON.parse(await readText(place, 'package.json'));
  if (!accepted.includes(license))
    throw new Error(`${name} ${version} is under ${license}: see scripts/licenses.mjs`);
  const files = (await readdir(join(root, place)))
    .filter((file) => /^(licen[cs]e|copying|notice|copyrightnotice)([.-]|$)/i.test(file))
    .sort();
  const own = withoutText[name];
  if (files.length === 0 && own === undefined) {
    throw new Error(
      `${name} ${version} has no licence text: put one into scripts/licenses/ and name it in scripts/licenses.mjs`,
    );
  }
  const texts =
    files.length === 0
      ? [await readText('scripts/licenses', own)]
      : await Promise.all(files.map((file) => readText(place, file)));
  return { name, version, license, source: sourceOf(homepage, repository), text: joinTexts(texts) };
}

function sourceOf(homepage, repository) {
  const url = typeof repository === 'string' ? repository : repository?.url;
  const source =
    url === undefined
      ? homepage
      : url
          .replace(/^(github:)?([\w.-]+\/[\w.-]+)$/, 'https://github.com/$2')
          .replace(/^git@([\w.-]+):/, 'https://$1/')
          .replace(/^git\+/, '')
          .replace(/^http:/, 'https:')
          .replace(/\.git$/, '');
  return source ?? 'not said by the package';
}

const joinTexts = (texts) => texts.map((text) => text.replaceAll(/[ \t]+$/gm, '').trim()).join('\n\n');

/** Groups entries by text: each text appears once, below everything it applies to. */
function render(entries) {
  const byText = new Map();
  for (const entry of entries) byText.set(entry.text, [...(byText.get(entry.text) ?? []), entry]);
  const sections = [...byText].map(([text, those]) => {
    const heads = those.map(({ name, version, license, source, inside, what }) =>
      inside === undefined
        ? `${name} ${version} (${license})\n  ${source}`
        : `${name}, inside ${inside} (${license}): ${what}\n  ${source}`,
    );
    return `${heads.join('\n')}\n\n${text}\n`;
  });
  const intro =
    'kapi is under the Apache License 2.0 (LICENSE). Its files in dist/ contain the packages below, as a whole or in part,\n' +
    'each under the terms that follow it. Written by `npm run licenses` from what the bundler put in; not edited by hand.\n';
  return [intro, ...sections].join(`\n${'-'.repeat(78)}\n\n`);
}

async function build() {
  const packages = await Promise.all((await readPackageList(join(root, 'dist'))).map(readPackage));
  // Rolldown adds a few helper functions of its own to what it bundles.
  const bundler = await readPackage('node_modules/rolldown');
  const inside = new Set(packages.map(({ name }) => name));
  const parts = await Promise.all(
    carried
      .filter((part) => inside.has(part.inside))
      .map(async (part) => ({ ...part, text: joinTexts([await readText('scripts/licenses', part.text)]) })),
  );
  // One package in one version can be in several directories.
  const entries = new Map(
    [...packages, bundler].map((entry) => [`${entry.name} ${entry.version}\n${entry.text}`, entry]),
  );
  const byName = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  return render([
    ...[...entries].sort(([a], [b]) => byName(a, b)).map(([, entry]) => entry),
    ...parts.sort((a, b) => byName(a.inside + a.name, b.inside + b.name)),
  ]);
}

const text = await build();
if (process.argv[2] === '--check') {
  const lines = text.split('\n');
  const there = (await readFile(target, 'utf8').catch(() => '')).replaceAll('\r\n', '\n').split('\n');
  const at = lines.findIndex((line, index) => line !== there[index]);
  if (at !== -1 || lines.length !== there.length) {
    const line = at === -1 ? lines.length : at;
    process.stderr.write(
      `THIRD-PARTY-LICENSES is stale at line ${line + 1}: there is ${JSON.stringify(there[line])}, ` +
        `and it should be ${JSON.stringify(lines[line])}. Update it: npm run build && npm run licenses\n`,
    );
    process.exitCode = 1;
  }
} else {
  await writeFile(target, text);
}
