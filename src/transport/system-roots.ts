// The authorities that the operating system trusts, for clusters without a CA of their own.
// Node's own default, a Mozilla list fixed at build time, is not what kubectl and curl use: a company's root that is
// installed on the machine would be missing.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import tls from 'node:tls';
import { systemCodeOf } from '../errors.ts';
import { splitPem } from './tls.ts';

/** Bundles of the distributions, in the order in which Go looks for them; the first that can be read is taken. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

const directories = ['/etc/ssl/certs', '/etc/pki/tls/certs'];

/** Where to look. */
export type RootPlan =
  | {
      readonly kind: 'files';
      /** The first readable one counts. */
      readonly bundles: readonly string[];
      /** All certificates of all of them count. */
      readonly directories: readonly string[];
      /** Looked at only when nothing else gave a certificate. */
      readonly otherwise: readonly string[];
    }
  /** The keychain of macOS, the store of Windows, where this Node can read it. */
  | { readonly kind: 'keychain' }
  /** Node's built-in list: the best that is left. */
  | { readonly kind: 'built-in' };

/**
 * Decides where the system keeps its authorities.
 * @param env SSL_CERT_FILE replaces the bundles, SSL_CERT_DIR (a list with colons) the directories
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
    // Go reads bundle and directories, hundreds of files that repeat the bundle; here one of them suffices.
    otherwise: directory === '' ? directories : [],
  };
}

/** Reads the system's authorities. An empty answer means that there are none: then nothing can be verified. */
export async function readSystemRoots(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
): Promise<readonly string[]> {
  // Since Node 22.15 and 23.10, absent before and from the types of Node 20.
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

/** Files that are missing or closed to us are passed over, as Go and OpenSSL do. */
async function orAbsent<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return undefined;
  }
}
