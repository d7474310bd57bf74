// Chooses and reads authorities, server name and client certificate. Entry points: readServerTrust,
// readClientCertificate. Reads the files here, so that every later step has the content and its
// origin.

import { resolve } from 'node:path';

import { ConfigError, UsageError, fileProblemOf } from '../errors.ts';
import { contentIn, looksLike } from '../model/path-value.ts';
import { readCertificateBundle, readPrivateKey } from '../model/pem.ts';
import { Secret } from '../model/secret.ts';
import type { CaSource, ClientCertificate, Origin, PemSource, Sourced } from './cluster-config.ts';
import { type Overrides, type ReadFile } from './input.ts';
import type { ClusterEntry, UserEntry } from './kubeconfig-schema.ts';

/** The inputs of both readers. */
export interface TlsInput {
  /** The flags without empty ones. */
  readonly overrides: Overrides;
  /** Working directory, for relative paths in flags. */
  readonly cwd: string;
  readonly readFile: ReadFile;
  /**
   * False for plain http: as in kubectl, the files must exist but their content does not matter.
   */
  readonly https: boolean;
}

export interface ServerTrust {
  readonly ca?: CaSource | undefined;
  readonly insecureSkipTlsVerify: Sourced<boolean>;
  readonly unusedCa?: Origin | undefined;
  readonly tlsServerName?: Sourced<string> | undefined;
}

/** A source of PEM data. */
type PemPlace = PemSource & { readonly data?: string | undefined };

/**
 * Reads the settings that decide which server certificates kapi accepts.
 *
 * `--insecure-skip-tls-verify` and `--certificate-authority` each override the other's setting in
 * the kubeconfig. `--server` drops its tls-server-name. Inside a kubeconfig, data beats a file (as
 * client-go documents; kubectl 1.33 refuses the pair).
 * @throws UsageError `CaWithInsecure` for the two flags together; ConfigError `CaWithInsecure` for
 *   a file with both, `CaUnreadable`, `CaInvalid`
 */
export async function readServerTrust(
  cluster: ClusterEntry | undefined,
  input: TlsInput,
): Promise<ServerTrust> {
  const { overrides } = input;
  const insecure = decideInsecure(cluster, overrides);
  const place = insecure.value ? undefined : caPlace(cluster, input);
  const ca = place === undefined ? undefined : await readCa(place, input);
  if (!input.https) return { insecureSkipTlsVerify: insecure };
  if (insecure.value && insecure.origin.kind !== 'flag' && cluster !== undefined && hasCa(cluster)) {
    throw new ConfigError(`${caWithInsecure}: both stand in ${cluster.origin.text}`, {
      code: 'CaWithInsecure',
      hint: 'remove insecure-skip-tls-verify from the entry, or choose with --certificate-authority or --insecure-skip-tls-verify',
    });
  }
  return {
    ca,
    insecureSkipTlsVerify: insecure,
    unusedCa: insecure.value ? caPlace(cluster, input)?.origin : undefined,
    tlsServerName: decideTlsServerName(cluster, overrides),
  };
}

/**
 * Reads the client certificate and its key, each from its flag, else from data, else from a file.
 * Does not check whether they match: see `checkPair` of auth/key-pair.ts.
 * @throws ConfigError `ClientCertificateMissing`, `ClientCertificateUnreadable`,
 *   `ClientCertificateInvalid`, `ClientKeyMissing`, `ClientKeyUnreadable`, `ClientKeyInvalid`
 */
export async function readClientCertificate(
  user: UserEntry | undefined,
  input: TlsInput,
): Promise<ClientCertificate | undefined> {
  const place = certificatePlace(user, input);
  const owner = ownerOf(user);
  if (place === undefined) {
    const lonely = keyPlace(user, input);
    if (lonely === undefined) return undefined;
    throw new ConfigError(
      `there is a client key for ${owner} and no client certificate (key from ${lonely.origin.text})`,
      {
        code: 'ClientCertificateMissing',
        hint: 'name the certificate with --client-certificate, or in the kubeconfig as client-certificate or client-certificate-data',
      },
    );
  }
  const certificate = await readPem(place, `client-cert`, owner, 'ClientCertificateUnreadable', input);
  const ownKey = keyPlace(user, input);
  // Like curl, kapi takes the key from the certificate's file if it contains one; kubelets keep
  // both in one file.
  const both = input.overrides.clientCertificate !== undefined && input.overrides.clientKey === undefined;
  const key = both && readPrivateKey(certificate).kind !== 'absent' ? place : ownKey;
  if (key === undefined) {
    throw new ConfigError(
      `client-key-data or client-key must be specified for ${owner} to use the clientCert authentication method (certificate from ${place.origin.text})`,
      { code: 'ClientKeyMissing', hint: 'name the private key with --client-key or in the kubeconfig' },
    );
  }
  const keyText = await readPem(key, 'client-key', owner, 'ClientKeyUnreadable', input);
  if (!input.https) return undefined;
  return {
    certificate: { ...sourceOf(place), pem: checkCertificate(certificate, place) },
    key: { ...sourceOf(key), pem: checkKey(keyText, key) },
  };
}

const caWithInsecure = 'specifying a root certificates file with the insecure flag is not allowed';

function decideInsecure(cluster: ClusterEntry | undefined, overrides: Overrides): Sourced<boolean> {
  if (overrides.insecureSkipTlsVerify === true) {
    if (overrides.certificateAuthority !== undefined && overrides.insecureWins !== true) {
      throw new UsageError(caWithInsecure, {
        code: 'CaWithInsecure',
        hint: 'give either --certificate-authority or --insecure-skip-tls-verify',
      });
    }
    return { value: true, origin: { kind: 'flag', text: '--insecure-skip-tls-verify' } };
  }
  const fromFile = cluster?.insecureSkipTlsVerify === true && overrides.certificateAuthority === undefined;
  return fromFile
    ? { value: true, origin: cluster.origin }
    : { value: false, origin: { kind: 'default', text: "kapi's default" } };
}

function decideTlsServerName(
  cluster: ClusterEntry | undefined,
  overrides: Overrides,
): Sourced<string> | undefined {
  if (overrides.tlsServerName !== undefined) {
    return { value: overrides.tlsServerName, origin: { kind: 'flag', text: '--tls-server-name' } };
  }
  // The tls-server-name of an entry is for the server of that entry.
  if (overrides.server !== undefined || cluster?.tlsServerName === undefined) return undefined;
  return { value: cluster.tlsServerName, origin: cluster.origin };
}

function hasCa(cluster: ClusterEntry): boolean {
  return cluster.certificateAuthority !== undefined || cluster.certificateAuthorityData !== undefined;
}

function caPlace(cluster: ClusterEntry | undefined, input: TlsInput): PemPlace | undefined {
  const flag = flagPlace('--certificate-authority', input.overrides.certificateAuthority, input);
  if (flag !== undefined || cluster === undefined) return flag;
  return entryPlace(cluster.origin, cluster.certificateAuthorityData, cluster.certificateAuthority);
}

function certificatePlace(user: UserEntry | undefined, input: TlsInput): PemPlace | undefined {
  const flag = flagPlace('--client-certificate', input.overrides.clientCertificate, input);
  if (flag !== undefined || user === undefined) return flag;
  return entryPlace(user.origin, user.clientCertificateData, user.clientCertificate);
}

function keyPlace(user: UserEntry | undefined, input: TlsInput): PemPlace | undefined {
  const flag = flagPlace('--client-key', input.overrides.clientKey, input);
  if (flag !== undefined || user === undefined) return flag;
  return entryPlace(user.origin, user.clientKeyData?.expose(), user.clientKey);
}

function flagPlace(flag: string, path: string | undefined, input: TlsInput): PemPlace | undefined {
  return path === undefined
    ? undefined
    : { path: resolve(input.cwd, path), origin: { kind: 'flag', text: flag } };
}

function entryPlace(
  origin: Origin,
  data: string | undefined,
  path: string | undefined,
): PemPlace | undefined {
  if (data !== undefined) return { data, origin };
  return path === undefined ? undefined : { path, origin };
}

async function readCa(place: PemPlace, input: TlsInput): Promise<CaSource | undefined> {
  const text = await readPem(place, 'certificate-authority', 'the server', 'CaUnreadable', input);
  // An empty file means the system's authorities, as in kubectl 1.33.
  if (text === '' || !input.https) return undefined;
  const bundle = readCertificateBundle(text);
  if (bundle.certificates > 0)
    return { ...sourceOf(place), pem: bundle.pem, given: text === bundle.pem ? undefined : text };
  throw new ConfigError(
    `unable to load root certificates from ${describePlace(place)}: ${noCertificate(bundle.skipped)}`,
    {
      code: 'CaInvalid',
      hint: 'it must contain PEM certificates, each between BEGIN CERTIFICATE and END CERTIFICATE',
    },
  );
}

async function readPem(
  place: PemPlace,
  what: string,
  owner: string,
  code: string,
  input: TlsInput,
): Promise<string> {
  if (place.data !== undefined || place.path === undefined) {
    refuseOmitted(place.data ?? '', place, what);
    return place.data ?? '';
  }
  try {
    return await input.readFile(place.path);
  } catch (error) {
    const content = contentIn(place.path);
    if (content !== undefined) throw contentAsPath(content, place, what, owner);
    throw new ConfigError(
      `unable to read ${what} ${place.path} for ${owner}: ${fileProblemOf(error)} (named by ${place.origin.text})`,
      { code, cause: error },
    );
  }
}

/**
 * Makes the error for a setting that contains the data instead of a path. Omits the system's
 * message, because it repeats the path.
 */
function contentAsPath(content: string, place: PemPlace, what: string, owner: string): ConfigError {
  const fields: Readonly<Record<string, string>> = { 'client-cert': 'client-certificate' };
  const field = fields[what] ?? what;
  return new ConfigError(
    `unable to read ${what} for ${owner}: the value from ${place.origin.text} is not the path of a file, ${looksLike(content)}`,
    {
      code: 'ContentAsPath',
      hint: `write the content to a file and name that${place.origin.kind === 'flag' ? '' : `, or put the base64 of it into ${field}-data`}`,
    },
  );
}

function checkCertificate(text: string, place: PemPlace): string {
  const bundle = readCertificateBundle(text);
  if (bundle.certificates > 0) return bundle.pem;
  throw new ConfigError(
    `the client certificate in ${describePlace(place)} cannot be used: ${noCertificate(bundle.skipped)}`,
    {
      code: 'ClientCertificateInvalid',
      hint: 'it must be a PEM certificate, between BEGIN CERTIFICATE and END CERTIFICATE',
    },
  );
}

function checkKey(text: string, place: PemPlace): Secret {
  const found = readPrivateKey(text);
  if (found.kind === 'present') return new Secret(found.pem);
  throw found.kind === 'encrypted'
    ? new ConfigError(`the client key in ${describePlace(place)} is encrypted`, {
        code: 'ClientKeyInvalid',
        hint: 'kapi never asks for a passphrase: write a plain copy with openssl pkey',
      })
    : new ConfigError(
        `the client key in ${describePlace(place)} cannot be used: there is no private key in it`,
        {
          code: 'ClientKeyInvalid',
          hint: 'it must be PEM, between BEGIN PRIVATE KEY and END PRIVATE KEY',
        },
      );
}

/** The bytes that `DATA+OMITTED` decodes to as base64. */
const omitted = Buffer.from('DATA+OMITTED', 'base64').toString('utf8');

/**
 * Refuses the placeholder that `kubectl config view` prints instead of certificates and keys.
 * @throws ConfigError `DataOmitted`
 */
function refuseOmitted(text: string, place: PemPlace, what: string): void {
  if (place.path !== undefined || text !== omitted) return;
  throw new ConfigError(`the ${what} from ${place.origin.text} is DATA+OMITTED, not data`, {
    code: 'DataOmitted',
    hint: 'kubectl config view writes it without --raw: save its output with --raw',
  });
}

function noCertificate(skipped: number): string {
  return skipped > 0 ? 'the certificate in it is not valid' : 'there is no PEM certificate in it';
}

/**
 * Returns `/etc/ca.crt (named by --certificate-authority)`, or the entry that contains the data.
 */
function describePlace(place: PemPlace): string {
  return place.path === undefined ? place.origin.text : `${place.path} (named by ${place.origin.text})`;
}

function ownerOf(user: UserEntry | undefined): string {
  return user === undefined || user.name === '' ? 'the user' : user.name;
}

function sourceOf(place: PemPlace): PemSource {
  return place.path === undefined ? { origin: place.origin } : { path: place.path, origin: place.origin };
}
