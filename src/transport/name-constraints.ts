// Checks whether the authorities of a chain can sign for its names, as Go's crypto/x509 does
// (go1.26, constraints.go). Entry point: constraintProblem(). Pure.

import { isDomainName, type Certificate, type Subtrees, type Uri } from './certificate.ts';
import { ipText, isIpAddress } from './host-names.ts';

/**
 * Checks all names in a chain against the constraints of all authorities above them.
 * @param chain the server certificate first
 * @returns the problem as Go words it; undefined if there is none
 */
export function constraintProblem(chain: readonly Certificate[]): string | undefined {
  for (const [at, certificate] of chain.entries()) {
    if (certificate.rawAlternativeNames === undefined) continue;
    const above = chain.slice(at + 1).flatMap(({ nameConstraints }) => nameConstraints ?? []);
    if (above.length === 0) continue;
    const problem = namesProblem(certificate, above);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

type Constraints = NonNullable<Certificate['nameConstraints']>;

function namesProblem({ names }: Certificate, constraints: readonly Constraints[]): string | undefined {
  const uris: { text: string; domain: string }[] = [];
  for (const uri of names.uris) {
    const domain = domainOf(uri);
    if (typeof domain !== 'string') return domain.problem;
    uris.push({ text: uri.text, domain });
  }
  const emails: Mailbox[] = [];
  for (const email of names.emails) {
    const mailbox = parseMailbox(email);
    if (mailbox === undefined) return `cannot parse rfc822Name ${quote(email)}`;
    emails.push(mailbox);
  }
  for (const { permitted, excluded } of constraints) {
    const problem =
      first(names.ips, (ip) =>
        verdict(
          'IP address',
          ipText(ip),
          permitted.ips,
          excluded.ips,
          rangeText,
          (range) => range === rangeOf(ip, permitted.ips),
          (range) => range === rangeOf(ip, excluded.ips),
        ),
      ) ??
      first(names.dns, (dns) =>
        isDomainName(dns)
          ? domainVerdict('DNS name', dns, dns, permitted.dns, excluded.dns)
          : `x509: cannot parse dnsName ${quote(dns)}`,
      ) ??
      first(uris, ({ text, domain }) => domainVerdict('URI', text, domain, permitted.uris, excluded.uris)) ??
      first(emails, (mailbox) => emailVerdict(mailbox, permitted, excluded));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function first<Value>(
  values: readonly Value[],
  problemOf: (value: Value) => string | undefined,
): string | undefined {
  for (const value of values) {
    const problem = problemOf(value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/**
 * Returns why a value violates the constraints; undefined if it does not. An empty permitted list
 * permits everything that is not excluded.
 */
function verdict<Constraint>(
  what: string,
  value: string,
  permitted: readonly Constraint[],
  excluded: readonly Constraint[],
  textOf: (constraint: Constraint) => string,
  isPermitted: (constraint: Constraint) => boolean,
  isExcluded = isPermitted,
): string | undefined {
  if (permitted.length > 0 && !permitted.some(isPermitted)) {
    return `${what} ${quote(value)} is not permitted by any constraint`;
  }
  const found = excluded.find(isExcluded);
  return found === undefined
    ? undefined
    : `${what} ${quote(value)} is excluded by constraint ${quote(textOf(found))}`;
}

function domainVerdict(
  what: string,
  text: string,
  domain: string,
  permitted: readonly string[],
  excluded: readonly string[],
): string | undefined {
  return verdict(
    what,
    text,
    permitted,
    excluded,
    String,
    (constraint) => isInDomain(domain, constraint),
    (constraint) => isInDomain(domain, constraint) || coversWildcard(domain, constraint),
  );
}

/**
 * Returns true if a domain equals the constraint or is below it. A constraint that begins with a
 * dot covers only the domains below it.
 */
function isInDomain(domain: string, constraint: string): boolean {
  const [name, suffix] = [domain.toLowerCase(), constraint.toLowerCase()];
  if (suffix === '') return true;
  if (!name.endsWith(suffix)) return false;
  return suffix.startsWith('.') || name === suffix || name.at(-suffix.length - 1) === '.';
}

/**
 * Returns true if a wildcard covers the excluded name: `*.example.com` covers `secret.example.com`.
 */
function coversWildcard(domain: string, constraint: string): boolean {
  if (!domain.startsWith('*')) return false;
  const rest = (text: string): string => text.toLowerCase().replace(/^[^.]*/, '');
  return rest(constraint) !== '' && rest(domain) === rest(constraint);
}

/**
 * Returns the range that contains an address. Go sorts the ranges by their addresses, drops ranges
 * that the range before contains, and looks only at the last range that does not begin after the
 * address. That range is the right one unless an address has bits outside of its mask, such as
 * `10.1.2.3/8`.
 */
function rangeOf(ip: Buffer, all: readonly Buffer[]): Buffer | undefined {
  const kept: Buffer[] = [];
  const sorted = all.filter((range) => range.length === 2 * ip.length).sort((a, b) => a.compare(b));
  for (const range of sorted) {
    const before = kept.at(-1);
    if (before === undefined || !containsRange(before, range)) kept.push(range);
  }
  const isBefore = (range: Buffer): boolean => range.compare(ip, 0, ip.length, 0, ip.length) <= 0;
  const nearest = kept.findLast(isBefore) ?? kept[0];
  return nearest !== undefined && isInRange(ip, nearest) ? nearest : undefined;
}

/** True if a range contains the first and the last address of another one. */
function containsRange(outer: Buffer, inner: Buffer): boolean {
  const half = inner.length / 2;
  const last = inner.subarray(0, half).map((byte, at) => byte | (~(inner[half + at] ?? 0) & 0xff));
  return isInRange(inner.subarray(0, half), outer) && isInRange(Buffer.from(last), outer);
}

function isInRange(ip: Buffer, range: Buffer): boolean {
  const half = range.length / 2;
  return (
    ip.length === half && ip.every((byte, at) => ((byte ^ (range[at] ?? 0)) & (range[half + at] ?? 0)) === 0)
  );
}

/** Formats an address range, such as `10.0.0.0/8`. */
function rangeText(range: Buffer): string {
  const half = range.length / 2;
  const bits = [...range.subarray(half)].reduce(
    (sum, byte) => sum + byte.toString(2).replaceAll('0', '').length,
    0,
  );
  return `${ipText(range.subarray(0, half))}/${bits}`;
}

function domainOf({ text, host }: Uri): string | { readonly problem: string } {
  const lower = host.toLowerCase();
  const unmatched = (what: string): { readonly problem: string } => ({
    problem: `URI with ${what} (${quote(text)}) cannot be matched against constraints`,
  });
  if (lower === '') return unmatched('empty host');
  const [domain = '', ...others] = lower.split(':');
  if (lower.startsWith('[') || isIpAddress(domain)) return unmatched('IP');
  if (others.length <= 1) return domain;
  return { problem: `cannot parse URI host ${quote(host)}: address ${host}: too many colons in address` };
}

interface Mailbox {
  readonly local: string;
  /** The domain in lower case. */
  readonly domain: string;
}

function emailVerdict(mailbox: Mailbox, permitted: Subtrees, excluded: Subtrees): string | undefined {
  const isSame = (constraint: string): boolean => {
    const wanted = parseMailbox(constraint);
    return wanted?.local === mailbox.local && wanted.domain === mailbox.domain;
  };
  return verdict(
    'email address',
    `${mailbox.local}@${mailbox.domain}`,
    permitted.emails,
    excluded.emails,
    String,
    (constraint) => (constraint.includes('@') ? isSame(constraint) : isInDomain(mailbox.domain, constraint)),
  );
}

/** Parses a mailbox by RFC 2821 without the obsolete forms; undefined for anything else. */
export function parseMailbox(text: string): Mailbox | undefined {
  const quotedLocal =
    /^"((?:[\x01-\x09\x0b\x0c\x0e-\x21\x23-\x5b\x5d-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*)"@(.*)$/.exec(
      text,
    );
  const atom = /^((?:\\.|[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.])+)@(.*)$/.exec(text);
  const [, local = '', domain = ''] = quotedLocal ?? atom ?? [];
  if (quotedLocal === null && (atom === null || /^\.|\.$|\.\./.test(local))) return undefined;
  if (domain !== '' && !isDomainName(domain)) return undefined;
  return { local: local.replaceAll(/\\(.)/gs, '$1'), domain: domain.toLowerCase() };
}

function quote(text: string): string {
  return JSON.stringify(text);
}
