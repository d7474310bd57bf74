// Reads the certificate authorities that the operating system trusts, for clusters without their
// own CA. Entry point: readSystemRoots().
// Node's default is not used: it is a Mozilla list fixed at build time, without the company roots
// that are installed on the machine and that kubectl and curl use.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import tls from 'node:tls';
import { systemCodeOf } from '../errors.ts';
import { splitPem } from './tls.ts';

/** Bundles of the Linux distributions, in Go's order. The first readable one is used. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

const directories = ['/etc/ssl/certs', '/etc/pki/tls/certs'];

/** Where to read the authorities. */
export type RootPlan =
  | {
      readonly kind: 'files';
      /** Only the first readable file is used. */
      readonly bundles: readonly string[];
      /** All certificates of all directories are used. */
      readonly directories: readonly string[];
      /** Directories to read only if the others yield no certificate. */
      readonly otherwise: readonly string[];
    }
  /** The keychain of macOS or the store of Windows, if this version of Node can read it. */
  | { readonly kind: 'keychain' }
  /** Node's built-in list, if nothing else is available. */
  | { readonly kind: 'built-in' };

/**
 * Decides where to read the system's authorities.
 * @param env SSL_CERT_FILE replaces the bundles, SSL_CERT_DIR (a list with colons) the directories
 * @param platform `process.platform`
 * @param canReadKeychain true if this version of Node can read the system's store
 */
export function decideRoots(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
  canReadKeychain: boolean,
): RootPlan {
  const file = env['SSL_CERT_FILE'] ?? '';
  const directory = env['SSL_CERT_DIR'] ?? '';
  const told = file !== '' || directory !== '';
  if (!told && (platform === 'darwin' || platform === 'win32')) {
    return canReadKeychain ? { kind: 'keychain' } : { kind: 'built-in' };
  }
  return {
    kind: 'files',
    bundles: file === '' ? bundles : [file],
    directories: directory === '' ? [] : directory.split(':').filter(Boolean),
    // Go reads the bundle and the directories, which are hundreds of files that repeat the bundle.
    // kapi reads the directories only if the bundle yields nothing.
    otherwise: directory === '' ? directories : [],
  };
}

/**
 * Reads the system's authorities as PEM. An empty list means that no server can be verified.
 * @param platform `process.platform`
 */
export async function readSystemRoots(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
): Promise<readonly string[]> {
  // Available since Node 22.15 and 23.10. Older versions and the types of Node 20 do not have it.
  const getCertificates: unknown = Reflect.get(tls, 'getCACertificates');
  const plan = decideRoots(env, platform, typeof getCertificates === 'function');
  if (plan.kind === 'keychain' && typeof getCertificates === 'function') {
    const read: unknown = Reflect.apply(getCertificates, tls, ['system']);
    return Array.isArray(read) ? read.filter((entry) => typeof entry === 'string') : [];
  }
  if (plan.kind !== 'files') return tls.rootCertificates;
  const found: string[] = [];
  for (const path of plan.bundles) {
    const text = await readIfThere(path);
    if (text === undefined) continue;
    found.push(...splitPem(text));
    break;
  }
  for (const path of plan.directories) found.push(...(await readDirectory(path)));
  if (found.length === 0) for (const path of plan.otherwise) found.push(...(await readDirectory(path)));
  return found;
}

async function readDirectory(path: string): Promise<string[]> {
  const names = await orAbsent(readdir(path));
  const found: string[] = [];
  for (const name of names ?? []) found.push(...splitPem((await readIfThere(join(path, name))) ?? ''));
  return found;
}

function readIfThere(path: string): Promise<string | undefined> {
  return orAbsent(readFile(path, 'utf8'));
}

/** Returns undefined for files that are missing or not readable: Go and OpenSSL skip them too. */
async function orAbsent<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return undefined;
  }
}
