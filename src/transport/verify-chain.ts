// Verifies the certificates of a server as Go's crypto/x509 does (go1.26, verify.go). All decisions
// about trust are made here. Entry point: verifyChain(). Pure.
// OpenSSL's verdict is not used: OpenSSL refuses chains that kubectl accepts (key ids that do not
// match, several authorities with one name, small keys on newer Node lines) and accepts some that
// kubectl refuses.

import { constants, verify } from 'node:crypto';
import { parseCertificate, publicKeyOf, type Certificate } from './certificate.ts';
import { ipText, isIpAddress, isMatch, isValidFor, withoutBrackets } from './host-names.ts';
import { constraintProblem } from './name-constraints.ts';
import { arePoliciesValid } from './certificate-policies.ts';

/** What decides whether a chain is trusted. */
export interface ChainFacts {
  /** The certificates of the handshake, as DER, the server certificate first. */
  readonly shown: readonly Buffer[];
  /**
   * The trusted certificates of the configuration, as DER. Unreadable ones are skipped, as in Go.
   */
  readonly anchors: readonly Buffer[];
  /** The name or address of the connection, or `tls-server-name`. */
  readonly name: string;
  readonly now: Date;
}

/** The kind of problem with a chain. */
export type RefusalKind =
  /**
   * There is no certificate, Go cannot parse one, or a key is too long or of a kind that TLS cannot
   * use.
   */
  | 'unreadable'
  | 'expired'
  | 'not-yet-valid'
  | 'wrong-name'
  | 'unknown-authority'
  /** Usage, path length, name constraints, policies, or critical extensions. */
  | 'unfit';

/** Why a chain is not trusted. */
export interface Refusal {
  readonly kind: RefusalKind;
  /** Go's message. */
  readonly words: string;
  /** The certificate at fault, as DER. */
  readonly culprit: Buffer;
  /** True if the certificate at fault is one of the trusted certificates. */
  readonly isAnchor: boolean;
  /** An authority with the issuer's name that did not fit, and why. It is the probable reason. */
  readonly candidate?: { readonly words: string; readonly certificate: Buffer; readonly isAnchor: boolean };
}

/**
 * Verifies a chain and the name of its server certificate.
 * @returns undefined if the chain is trusted
 */
export function verifyChain({ shown, anchors, name, now }: ChainFacts): Refusal | undefined {
  const [first] = shown;
  if (first === undefined) return noCertificate;
  const certificates: Certificate[] = [];
  for (const raw of shown) {
    const certificate = parseCertificate(raw);
    if (typeof certificate === 'string') {
      const words = `tls: failed to parse certificate from server: ${certificate}`;
      return { kind: 'unreadable', words, culprit: raw, isAnchor: false };
    }
    const { key } = certificate;
    if (key.kind === 'rsa' && key.bits > maxRsaBits) {
      const words = `tls: server sent certificate containing RSA key larger than ${maxRsaBits} bits`;
      return { kind: 'unreadable', words, culprit: raw, isAnchor: false };
    }
    certificates.push(certificate);
  }
  const [leaf, ...others] = certificates;
  if (leaf === undefined) return noCertificate;
  const search = new Search(anchors, unique(others), now.getTime());
  return search.verify(leaf, withoutBrackets(name)) ?? keyProblem(leaf);
}

/** Max bits of an RSA key that Go's crypto/tls accepts from a server. */
const maxRsaBits = 8192;

const noCertificate: Refusal = {
  kind: 'unreadable',
  words: 'tls: the server showed no certificate',
  culprit: Buffer.alloc(0),
  isAnchor: false,
};

function keyProblem({ key, raw }: Certificate): Refusal | undefined {
  if (key.kind === 'rsa' || key.kind === 'ecdsa' || key.kind === 'ed25519') return undefined;
  const words = `tls: server's certificate contains an unsupported type of public key: ${key.kind}`;
  return { kind: 'unreadable', words, culprit: raw, isAnchor: false };
}

function unique(certificates: readonly Certificate[]): Certificate[] {
  return [...new Map(certificates.map((each) => [each.raw.toString('latin1'), each])).values()];
}

const maxSignatureChecks = 100;

/** The result of the search for chains. */
interface Found {
  readonly chains: readonly (readonly Certificate[])[];
  /** Undefined if there are chains. */
  readonly refusal: Refusal | undefined;
}

/** The first authority with the issuer's name that did not fit. */
type Candidate = NonNullable<Refusal['candidate']>;

class Search {
  readonly #anchors: readonly Buffer[];
  readonly #intermediates: readonly Certificate[];
  readonly #now: number;
  #signatureChecks = 0;

  constructor(anchors: readonly Buffer[], intermediates: readonly Certificate[], now: number) {
    this.#anchors = anchors;
    this.#intermediates = intermediates;
    this.#now = now;
  }

  verify(leaf: Certificate, name: string): Refusal | undefined {
    const isAnchor = this.#isAnchor(leaf.raw);
    const problem = this.#validityProblem(leaf, 'leaf', []);
    if (problem !== undefined) return problem;
    if (!isValidFor(leaf.names, name)) {
      return { kind: 'wrong-name', words: nameWords(leaf, name), culprit: leaf.raw, isAnchor };
    }
    // A server certificate that is itself trusted needs no chain.
    const { chains, refusal } = isAnchor
      ? { chains: [[leaf]], refusal: undefined }
      : this.#build(leaf, [leaf]);
    if (refusal !== undefined) return refusal;
    return chainsProblem(leaf, chains);
  }

  /** Finds all chains from `certificate`, which is the last one of `chain`, to an anchor. */
  #build(certificate: Certificate, chain: readonly Certificate[]): Found {
    const chains: (readonly Certificate[])[] = [];
    let candidate: Candidate | undefined;
    // The last failure is reported, as in Go: a wrong date takes precedence over an unknown
    // authority.
    let refusal: Refusal | undefined;
    const parents = [
      ...this.#parentsAmong(this.#anchorsNamed(certificate.rawIssuer), certificate, 'root' as const),
      ...this.#parentsAmong(this.#intermediates, certificate, 'intermediate' as const),
    ];
    for (const { parent, type } of parents) {
      this.#signatureChecks += 1;
      if (this.#signatureChecks > maxSignatureChecks) {
        const words = 'x509: signature check attempts limit reached while verifying certificate chain';
        refusal = { kind: 'unknown-authority', words, culprit: certificate.raw, isAnchor: false };
        break;
      }
      if (parent.key.kind === 'unknown' || isInChain(parent, chain)) continue;
      const words = signatureProblem(certificate, parent);
      if (words !== undefined) {
        candidate ??= { words, certificate: parent.raw, isAnchor: this.#isAnchor(parent.raw) };
        continue;
      }
      refusal = this.#validityProblem(parent, type, chain);
      if (refusal !== undefined) {
        candidate ??= { words: refusal.words, certificate: parent.raw, isAnchor: refusal.isAnchor };
        continue;
      }
      if (type === 'root') {
        chains.push([...chain, parent]);
        continue;
      }
      const further = this.#build(parent, [...chain, parent]);
      chains.push(...further.chains);
      refusal = further.refusal;
    }
    if (chains.length > 0) return { chains, refusal: undefined };
    return { chains, refusal: refusal ?? unknownAuthority(certificate, candidate) };
  }

  #anchorsNamed(rawSubject: Buffer): Certificate[] {
    // Of many anchors, parse only those that contain the name: a system has a hundred or more.
    const { length } = this.#anchors;
    return this.#anchors
      .filter((anchor) => length === 1 || anchor.includes(rawSubject))
      .map(parseCertificate)
      .filter((anchor) => typeof anchor !== 'string');
  }

  #isAnchor(raw: Buffer): boolean {
    return this.#anchors.some((anchor) => anchor.equals(raw));
  }

  /** Returns the certificates with the issuer's name, the best match of key ids first. */
  #parentsAmong<Type extends string>(
    pool: readonly Certificate[],
    child: Certificate,
    type: Type,
  ): { parent: Certificate; type: Type }[] {
    return pool
      .filter((parent) => parent.rawSubject.equals(child.rawIssuer))
      .map((parent) => ({ parent, type, rank: keyIdRank(parent, child) }))
      .sort((left, right) => left.rank - right.rank);
  }

  #validityProblem(
    certificate: Certificate,
    type: 'leaf' | 'intermediate' | 'root',
    chain: readonly Certificate[],
  ): Refusal | undefined {
    const { raw, notBefore, notAfter, basicConstraints } = certificate;
    const refuse = (kind: RefusalKind, words: string): Refusal => ({
      kind,
      words: `x509: ${words}`,
      culprit: raw,
      isAnchor: this.#isAnchor(raw),
    });
    if (certificate.unhandledCritical.length > 0) return refuse('unfit', 'unhandled critical extension');
    const dates = 'certificate has expired or is not yet valid: current time';
    if (this.#now < notBefore) {
      return refuse('not-yet-valid', `${dates} ${timeText(this.#now)} is before ${timeText(notBefore)}`);
    }
    if (this.#now > notAfter) {
      return refuse('expired', `${dates} ${timeText(this.#now)} is after ${timeText(notAfter)}`);
    }
    // Version 1 certificates have no basic constraints. Only anchors can be version 1.
    if (type === 'intermediate' && basicConstraints?.isCa !== true) {
      return refuse('unfit', 'certificate is not authorized to sign other certificates');
    }
    const maxPathLength = basicConstraints?.maxPathLength;
    if (maxPathLength !== undefined && chain.length - 1 > maxPathLength) {
      return refuse('unfit', 'too many intermediates for path length constraint');
    }
    return undefined;
  }
}

function keyIdRank({ subjectKeyId }: Certificate, { authorityKeyId }: Certificate): 0 | 1 | 2 {
  const subject = subjectKeyId ?? Buffer.alloc(0);
  const authority = authorityKeyId ?? Buffer.alloc(0);
  if (subject.equals(authority)) return 0;
  return subject.length === 0 || authority.length === 0 ? 1 : 2;
}

/**
 * Returns true if the chain contains a certificate with the same name, key and alternative names.
 * Prevents loops of certificates that sign each other.
 */
function isInChain(candidate: Certificate, chain: readonly Certificate[]): boolean {
  for (const certificate of chain) {
    if (!candidate.rawSubject.equals(certificate.rawSubject) || !candidate.spki.equals(certificate.spki)) {
      continue;
    }
    const [left, right] = [candidate.rawAlternativeNames, certificate.rawAlternativeNames];
    if (left === undefined || right === undefined) return left === right;
    if (left.equals(right)) return true;
  }
  return false;
}

/** Returns why the parent did not sign the certificate, as Go words it; undefined if it did. */
function signatureProblem(child: Certificate, parent: Certificate): string | undefined {
  const { basicConstraints, keyUsage, key } = parent;
  const isNoAuthority =
    (parent.version === 3 && basicConstraints === undefined) || basicConstraints?.isCa === false;
  if (isNoAuthority || keyUsage?.certSign === false) {
    return 'x509: invalid signature: parent certificate cannot sign this kind of certificate';
  }
  const algorithm = child.signatureAlgorithm;
  const unsupported = 'x509: cannot verify signature: algorithm unimplemented';
  if (algorithm === undefined) return unsupported;
  if (algorithm.hash === 'md5' || algorithm.hash === 'sha1') {
    return `x509: cannot verify signature: insecure algorithm ${algorithm.name}`;
  }
  if (algorithm.kind === 'dsa' || key.kind === 'dsa' || key.kind === 'x25519') return unsupported;
  if (key.kind !== algorithm.kind.replace('-pss', '')) {
    return `x509: signature algorithm specifies an ${algorithm.kind.replace('-pss', '').toUpperCase()} public key, but have public key of type ${key.kind}`;
  }
  if (key.kind === 'rsa') {
    if (key.bits < 1024) {
      return `crypto/rsa: ${key.bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)`;
    }
    if (!key.exponentIsUsable) return 'crypto/rsa: the public key is not usable';
  }
  if (isSignedBy(child, algorithm, parent)) return undefined;
  return key.kind === 'rsa'
    ? 'crypto/rsa: verification error'
    : `x509: ${key.kind === 'ecdsa' ? 'ECDSA' : 'Ed25519'} verification failure`;
}

function isSignedBy(
  { openssl, tbs, signature }: Certificate,
  { kind, hash }: NonNullable<Certificate['signatureAlgorithm']>,
  parent: Certificate,
): boolean {
  const key = parent.key.kind === 'ecdsa' ? parent.key.object : publicKeyOf(parent.spki, parent.openssl);
  if (key === undefined) return false;
  try {
    // The same check as below. It starts faster, and rejects signatures with unused bits, which Go
    // accepts.
    if (openssl?.verify(key) === true) return true;
    const how =
      kind === 'rsa-pss'
        ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
        : { key };
    return verify(hash, tbs, how, signature);
  } catch (error) {
    // OpenSSL cannot verify such a signature with this key, so the signature is not valid.
    if (error instanceof Error) return false;
    throw error;
  }
}

const serverAuth = '1.3.6.1.5.5.7.3.1';
const anyUsage = '2.5.29.37.0';

/** Returns why no chain is usable; undefined if one is. Chains can differ in what they permit. */
function chainsProblem(leaf: Certificate, chains: readonly (readonly Certificate[])[]): Refusal | undefined {
  let constrained: string | undefined;
  let unusable = 0;
  let invalidPolicies = 0;
  for (const chain of chains) {
    if (!arePoliciesValid(chain)) {
      invalidPolicies += 1;
      continue;
    }
    if (!chain.every(allowsServers)) {
      unusable += 1;
      continue;
    }
    const problem = constraintProblem(chain);
    if (problem === undefined) return undefined;
    constrained ??= problem;
  }
  const refuse = (words: string): Refusal => ({
    kind: 'unfit',
    words: `x509: ${words}`,
    culprit: leaf.raw,
    isAnchor: false,
  });
  if (constrained !== undefined) {
    return refuse(
      `a root or intermediate certificate is not authorized to sign for this name: ${constrained}`,
    );
  }
  if (unusable > 0 && invalidPolicies === 0) return refuse('certificate specifies an incompatible key usage');
  return refuse(
    `no valid chains built: ${[
      ...(unusable > 0 ? [`${unusable} candidate chains with incompatible key usage`] : []),
      ...(invalidPolicies > 0 ? [`${invalidPolicies} candidate chains with invalid policies`] : []),
    ].join(', ')}`,
  );
}

/**
 * Returns true if a certificate permits server authentication. The usages of an authority limit the
 * certificates below it too.
 */
function allowsServers({ extendedKeyUsages: usages }: Certificate): boolean {
  return usages.length === 0 || usages.includes(anyUsage) || usages.includes(serverAuth);
}

function unknownAuthority({ raw }: Certificate, candidate: Candidate | undefined): Refusal {
  const words = 'x509: certificate signed by unknown authority';
  const common = { kind: 'unknown-authority' as const, culprit: raw, isAnchor: false };
  if (candidate === undefined) return { ...common, words };
  const named = parseCertificate(candidate.certificate);
  const because = `(possibly because of ${JSON.stringify(candidate.words)} while trying to verify candidate authority certificate ${JSON.stringify(typeof named === 'string' ? '' : named.shortName)})`;
  return { ...common, words: `${words} ${because}`, candidate };
}

/** From this number of names on, Go prints the number instead of the names. */
const maxNames = 100;

function nameWords({ names, commonName, rawAlternativeNames }: Certificate, name: string): string {
  if (rawAlternativeNames === undefined && isMatch(commonName, name)) {
    return 'x509: certificate relies on legacy Common Name field, use SANs instead';
  }
  const isAddress = isIpAddress(name);
  const offered = isAddress ? names.ips.map(ipText) : names.dns;
  if (isAddress && offered.length === 0) {
    return `x509: cannot validate certificate for ${name} because it doesn't contain any IP SANs`;
  }
  if (offered.length >= maxNames) {
    return `x509: certificate is valid for ${offered.length} ${isAddress ? 'IP SANs' : 'names'}, but none matched ${name}`;
  }
  const text = offered.join(', ');
  return text === ''
    ? `x509: certificate is not valid for any names, but wanted to match ${name}`
    : `x509: certificate is valid for ${text}, not ${name}`;
}

/** Formats a time as Go does, without a fraction of a second. */
function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
