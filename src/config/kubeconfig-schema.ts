// Decodes a kubeconfig file: from a parsed value to typed entries with their origin. Entry point:
// decodeKubeconfig. As strict about types as kubectl, and as silent about unknown fields.
// kubeconfig.ts merges the files, and choice.ts chooses the entries.

import { dirname, isAbsolute, join, sep } from 'node:path';

import { ConfigError } from '../errors.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/object.ts';
import { Secret } from '../model/secret.ts';
import type { Origin, Sourced } from './cluster-config.ts';

/**
 * A cluster entry. Paths are absolute: relative ones are resolved against the directory of their
 * file. Empty text is undefined.
 */
export interface ClusterEntry {
  readonly name: string;
  readonly origin: Origin;
  readonly server?: string | undefined;
  readonly tlsServerName?: string | undefined;
  readonly insecureSkipTlsVerify: boolean;
  readonly certificateAuthority?: string | undefined;
  /** Decoded from base64. */
  readonly certificateAuthorityData?: string | undefined;
  readonly proxyUrl?: Secret | undefined;
  readonly disableCompression: boolean;
  /** The extension `client.authentication.k8s.io/exec`, which exec plugins receive. */
  readonly execExtension?: Json | undefined;
}

export interface ContextEntry {
  readonly name: string;
  readonly origin: Origin;
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
  readonly namespace?: string | undefined;
}

/** An exec plugin as written. authorization.ts checks whether it can be used. */
export interface ExecEntry {
  readonly apiVersion?: string | undefined;
  readonly command?: string | undefined;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly interactiveMode?: string | undefined;
  readonly provideClusterInfo: boolean;
  readonly installHint?: string | undefined;
}

export interface UserEntry {
  readonly name: string;
  readonly origin: Origin;
  readonly clientCertificate?: string | undefined;
  readonly clientCertificateData?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly clientKeyData?: Secret | undefined;
  readonly token?: Secret | undefined;
  readonly tokenFile?: string | undefined;
  /** True if `tokenFile` has no slash: it can be a token that was pasted there. */
  readonly isTokenFileBare?: boolean | undefined;
  readonly username?: string | undefined;
  readonly password?: Secret | undefined;
  readonly as?: string | undefined;
  readonly asUid?: string | undefined;
  readonly asGroups: readonly string[];
  readonly asUserExtra: Readonly<Record<string, readonly string[]>>;
  readonly exec?: ExecEntry | undefined;
  /** Name of the auth provider. */
  readonly authProvider?: string | undefined;
}

/** One decoded file. */
export interface KubeconfigFile {
  readonly path: string;
  readonly currentContext?: Sourced<string> | undefined;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
}

/** Reads the fields of one object. The error for a wrong type names the field. */
interface Fields {
  text(key: string): string | undefined;
  flag(key: string): boolean;
  /** Decodes base64 with padding. Line ends are allowed. */
  data(key: string): string | undefined;
  /** Returns a path, made absolute. */
  path(key: string): string | undefined;
  texts(key: string): readonly string[];
  object(key: string): Fields | undefined;
  objects(key: string): readonly Fields[];
  keys(): readonly string[];
  raw(key: string): Json | undefined;
}

/**
 * Decodes a parsed kubeconfig.
 * @param path absolute, for origins, errors and relative paths inside
 * @throws ConfigError `KubeconfigInvalid` for a wrong type, bad base64, a duplicate name or another
 *   kind of document, with the field path and never the value
 * @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
export function decodeKubeconfig(document: Json, path: string): KubeconfigFile {
  const root = openFields(document, '', path);
  checkVersion(root, path);
  checkUnused(root);
  const current = root.text('current-context');
  return {
    path,
    currentContext:
      current === undefined
        ? undefined
        : { value: current, origin: { kind: 'kubeconfig', text: `${path}, current-context` } },
    clusters: decodeEntries(root, 'clusters', 'cluster', path, decodeCluster),
    contexts: decodeEntries(root, 'contexts', 'context', path, decodeContext),
    users: decodeEntries(root, 'users', 'user', path, decodeUser),
  };
}

function checkVersion(root: Fields, path: string): void {
  const apiVersion = root.text('apiVersion') ?? 'v1';
  const kind = root.text('kind') ?? 'Config';
  if (apiVersion === 'v1' && kind === 'Config') return;
  const found = `apiVersion ${JSON.stringify(apiVersion)}, kind ${JSON.stringify(kind)}`;
  throw invalid(path, `not a kubeconfig: ${found} instead of v1, Config`);
}

/** Checks the types of fields that kapi does not use, because kubectl refuses wrong types there. */
function checkUnused(root: Fields): void {
  root.object('preferences')?.flag('colors');
  decodeExtensions(root);
}

function decodeEntries<Entry>(
  root: Fields,
  list: string,
  field: string,
  path: string,
  decode: (fields: Fields, name: string, origin: Origin) => Entry,
): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const item of root.objects(list)) {
    const name = item.text('name') ?? '';
    if (entries.has(name)) throw invalid(path, `${list} contains the name ${JSON.stringify(name)} twice`);
    const fields = item.object(field) ?? openFields(null, '', path);
    entries.set(
      name,
      decode(fields, name, { kind: 'kubeconfig', text: `${path}, ${field} ${JSON.stringify(name)}` }),
    );
  }
  return entries;
}

function decodeCluster(fields: Fields, name: string, origin: Origin): ClusterEntry {
  return {
    name,
    origin,
    server: fields.text('server'),
    tlsServerName: fields.text('tls-server-name'),
    insecureSkipTlsVerify: fields.flag('insecure-skip-tls-verify'),
    certificateAuthority: fields.path('certificate-authority'),
    certificateAuthorityData: fields.data('certificate-authority-data'),
    proxyUrl: secret(fields.text('proxy-url')),
    disableCompression: fields.flag('disable-compression'),
    execExtension: decodeExtensions(fields).get('client.authentication.k8s.io/exec'),
  };
}

function decodeContext(fields: Fields, name: string, origin: Origin): ContextEntry {
  decodeExtensions(fields);
  return {
    name,
    origin,
    cluster: fields.text('cluster'),
    user: fields.text('user'),
    namespace: fields.text('namespace'),
  };
}

function decodeUser(fields: Fields, name: string, origin: Origin): UserEntry {
  decodeExtensions(fields);
  const extra = fields.object('as-user-extra');
  const provider = fields.object('auth-provider');
  const settings = provider?.object('config');
  for (const key of settings?.keys() ?? []) settings?.text(key);
  return {
    name,
    origin,
    clientCertificate: fields.path('client-certificate'),
    clientCertificateData: fields.data('client-certificate-data'),
    clientKey: fields.path('client-key'),
    clientKeyData: secret(fields.data('client-key-data')),
    token: secret(fields.text('token')),
    tokenFile: fields.path('tokenFile'),
    isTokenFileBare: !hasSeparator(fields.text('tokenFile') ?? '/'),
    username: fields.text('username'),
    password: secret(fields.text('password')),
    as: fields.text('as'),
    asUid: fields.text('as-uid'),
    asGroups: fields.texts('as-groups'),
    asUserExtra: Object.fromEntries((extra?.keys() ?? []).map((key) => [key, extra?.texts(key) ?? []])),
    exec: decodeExec(fields.object('exec')),
    authProvider: provider === undefined ? undefined : (provider.text('name') ?? ''),
  };
}

/** True for a path. On Windows a backslash separates, too. */
function hasSeparator(text: string): boolean {
  return text.includes('/') || text.includes(sep);
}

function decodeExec(fields: Fields | undefined): ExecEntry | undefined {
  if (fields === undefined) return undefined;
  const command = fields.text('command');
  return {
    apiVersion: fields.text('apiVersion'),
    // A name without a slash is looked up in PATH. One with a slash is a path like any other.
    command: hasSeparator(command ?? '') ? fields.path('command') : command,
    args: fields.texts('args'),
    env: fields
      .objects('env')
      .map((item) => ({ name: item.text('name') ?? '', value: item.text('value') ?? '' })),
    interactiveMode: fields.text('interactiveMode'),
    provideClusterInfo: fields.flag('provideClusterInfo'),
    installHint: fields.text('installHint'),
  };
}

function decodeExtensions(fields: Fields): ReadonlyMap<string, Json> {
  return new Map(
    fields.objects('extensions').map((item) => [item.text('name') ?? '', item.raw('extension') ?? null]),
  );
}

function secret(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text);
}

/**
 * Wraps an object in readers that check types.
 * @param place field path of the object inside the document, empty for the root
 */
function openFields(value: Json | undefined, place: string, file: string, owner = ''): Fields {
  const object = expectObject(value, place, file, owner);
  // In a long file the name of an entry says more than its index.
  const named = /^(?:clusters|contexts|users)\[\d+\]$/.test(place) ? object['name'] : undefined;
  const label =
    typeof named === 'string' && named !== ''
      ? ` (${place.replace(/s\[.*$/, '')} ${JSON.stringify(named)})`
      : owner;
  const placeOf = (key: string): string => (place === '' ? key : `${place}.${key}`);
  // Own properties only. As in Go's decoder, null counts as absent.
  const raw = (key: string): Json | undefined =>
    Object.hasOwn(object, key) ? (object[key] ?? undefined) : undefined;
  const text = (key: string): string | undefined => {
    const found = raw(key);
    if (found !== undefined && typeof found !== 'string')
      throw wrongType(file, placeOf(key), 'text', found, label);
    return found === '' ? undefined : found;
  };
  const list = (key: string): readonly Json[] => {
    const found = raw(key);
    if (found === undefined) return [];
    if (!isJsonArray(found)) throw wrongType(file, placeOf(key), 'a list', found, label);
    return found;
  };
  return {
    text,
    raw,
    keys: () => Object.keys(object),
    flag: (key) => {
      const found = raw(key);
      if (found !== undefined && typeof found !== 'boolean') {
        throw wrongType(file, placeOf(key), 'true or false', found, label);
      }
      return found ?? false;
    },
    data: (key) => {
      const base64 = text(key)?.replaceAll(/[\r\n]/g, '');
      if (base64 === undefined || base64 === '') return undefined;
      const isPem = base64.includes('-----BEGIN');
      if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
        throw invalid(
          file,
          `${placeOf(key)}${label} is ${isPem ? 'PEM, not the base64 of it' : 'not base64'}`,
          isPem
            ? `encode it: base64 -w0 FILE; or name the file with ${key.replace(/-data$/, '')}`
            : 'base64 without line numbers, spaces or a missing `=` at its end',
        );
      }
      return Buffer.from(base64, 'base64').toString('utf8');
    },
    path: (key) => {
      const found = text(key);
      return found === undefined || isAbsolute(found) ? found : join(dirname(file), found);
    },
    texts: (key) =>
      list(key).map((item, at) => {
        if (item !== null && typeof item !== 'string') {
          throw wrongType(file, `${placeOf(key)}[${at}]`, 'text', item, label);
        }
        return item ?? '';
      }),
    object: (key) => {
      const found = raw(key);
      return found === undefined ? undefined : openFields(found, placeOf(key), file, label);
    },
    objects: (key) => list(key).map((item, at) => openFields(item, `${placeOf(key)}[${at}]`, file, label)),
  };
}

function expectObject(value: Json | undefined, place: string, file: string, owner: string): JsonObject {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value))
    throw wrongType(file, place === '' ? 'the document' : place, 'a mapping', value, owner);
  return value;
}

/**
 * Makes the error for a field of a wrong type.
 * @param owner ` (user "jane")` if the field is in an entry with a name
 */
function wrongType(file: string, place: string, wanted: string, found: Json, owner: string): ConfigError {
  return invalid(file, `${place}${owner} must be ${wanted}, found ${kindOf(found)}`, hintFor(wanted, found));
}

function kindOf(value: Json): string {
  if (isJsonArray(value)) return 'a list';
  if (typeof value === 'boolean') return 'true or false';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? 'text' : 'a number';
}

function hintFor(wanted: string, found: Json): string | undefined {
  const needsQuotes = wanted === 'text' && (typeof found === 'number' || typeof found === 'boolean');
  return needsQuotes ? 'put quotes around the value: YAML reads it as another type than text' : undefined;
}

function invalid(file: string, problem: string, hint?: string): ConfigError {
  return new ConfigError(`loading config file "${file}": ${problem}`, { code: 'KubeconfigInvalid', hint });
}
