// Makes the certificates of a test server with openssl: one authority, the server's own, and one
// for each client user. Entry points: createAuthority, issueCertificate. control-plane.ts uses
// them.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate and its key, as files and as text. */
export interface KeyPair {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** The content of a new certificate. */
export interface CertificateRequest {
  /** Base name of the two files. */
  readonly name: string;
  /** Common name: Kubernetes' user name. */
  readonly commonName: string;
  /** Organisations: Kubernetes' groups. */
  readonly organizations?: readonly string[];
  /** For a server: its names and addresses in openssl's form (`DNS:…`, `IP:…`). */
  readonly alternativeNames?: readonly string[];
  /** First and last moment of validity as `YYYYMMDDHHMMSSZ`. Default: a day around now. */
  readonly validity?: { readonly from: string; readonly to: string };
}

/** Makes a self-signed authority `<name>.crt`/`<name>.key` in `directory`. */
export async function createAuthority(directory: string, name: string, commonName: string): Promise<KeyPair> {
  const pair = filesOf(directory, name);
  await createKey(pair.keyFile);
  await run('openssl', [
    ...['req', '-x509', '-new', '-key', pair.keyFile, '-out', pair.certificateFile, '-days', '30', '-sha256'],
    ...['-subj', `/CN=${commonName}`, '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  ]);
  return pair;
}

/** Makes `<name>.crt`/`<name>.key` in `directory`, signed by `authority`. */
export async function issueCertificate(
  directory: string,
  authority: KeyPair,
  request: CertificateRequest,
): Promise<KeyPair> {
  const pair = filesOf(directory, request.name);
  const signingRequest = join(directory, `${request.name}.csr`);
  const extensions = join(directory, `${request.name}.ext`);
  await createKey(pair.keyFile);
  const organizations = (request.organizations ?? []).map((organization) => `/O=${organization}`);
  await run('openssl', [
    ...['req', '-new', '-key', pair.keyFile, '-out', signingRequest, '-sha256'],
    ...['-subj', `${organizations.join('')}/CN=${request.commonName}`],
  ]);
  const names = request.alternativeNames;
  const usage = names === undefined ? 'clientAuth' : 'serverAuth';
  const lines = [
    'basicConstraints=critical,CA:FALSE',
    'keyUsage=digitalSignature',
    `extendedKeyUsage=${usage}`,
  ];
  if (names !== undefined) lines.push(`subjectAltName=${names.join(',')}`);
  await writeFile(extensions, `${lines.join('\n')}\n`);
  const common = ['-in', signingRequest, '-out', pair.certificateFile, '-extfile', extensions];
  if (request.validity === undefined) {
    await run('openssl', [
      ...['x509', '-req', '-CA', authority.certificateFile, '-CAkey', authority.keyFile, '-CAcreateserial'],
      ...['-days', '30', '-sha256', ...common],
    ]);
    return pair;
  }
  // Only `openssl ca` can set dates in the past with every openssl version; it needs a small
  // database and a configuration.
  const database = join(directory, `${request.name}.index`);
  const configuration = join(directory, `${request.name}.cnf`);
  await writeFile(database, '');
  await writeFile(
    configuration,
    [
      '[ca]\ndefault_ca=this\n[this]',
      `database=${database}\nnew_certs_dir=${directory}\nrand_serial=yes\ndefault_md=sha256\npolicy=any`,
      '[any]\ncommonName=supplied\norganizationName=optional\n',
    ].join('\n'),
  );
  await run('openssl', [
    ...['ca', '-batch', '-notext', '-config', configuration, '-cert', authority.certificateFile],
    ...['-keyfile', authority.keyFile, '-startdate', request.validity.from, '-enddate', request.validity.to],
    ...common,
  ]);
  return pair;
}

/** Makes the RSA key that signs service account tokens. */
export async function createSigningKey(file: string): Promise<void> {
  await run('openssl', ['genrsa', '-out', file, '2048']);
}

function createKey(file: string): Promise<unknown> {
  return run('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', file]);
}

function filesOf(directory: string, name: string): KeyPair {
  return { certificateFile: join(directory, `${name}.crt`), keyFile: join(directory, `${name}.key`) };
}
