// The functions that Kubernetes adds to CEL, and kapi's own now(). Entry point:
// kubernetesFunctions. Pure. See
// https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-cel-libraries

import { cidrContains, isLoopback, parseIp, type Ip } from '../model/ip-address.ts';
import { addQuantities, compareQuantities, parseQuantity, wholeQuantity } from '../model/quantity.ts';
import { formats } from './formats.ts';
import { isRequestUri, parseUrl } from './url.ts';
import { globalFunction, memberFunction, type Overload } from './overload.ts';
import {
  CelMap,
  CidrValue,
  compareSemver,
  Double,
  Fault,
  FormatValue,
  IpValue,
  none,
  noOverload,
  Optional,
  QuantityValue,
  SemverValue,
  Timestamp,
  UrlValue,
  type Value,
} from './values.ts';

const maxInt = 2n ** 63n - 1n;

function quantityOf(text: Value | undefined): QuantityValue | undefined {
  const quantity = typeof text === 'string' ? parseQuantity(text) : undefined;
  return quantity === undefined ? undefined : new QuantityValue(quantity);
}

function ofQuantity(
  signature: string,
  run: (quantity: QuantityValue, rest: readonly Value[]) => Value | Fault,
): Overload {
  return memberFunction('quantity', signature, ([quantity, ...rest]) =>
    quantity instanceof QuantityValue ? run(quantity, rest) : noOverload,
  );
}

/** Returns an argument as a quantity. Ints count as quantities where both are accepted. */
function operandOf(value: Value | undefined): QuantityValue | undefined {
  if (value instanceof QuantityValue) return value;
  return typeof value === 'bigint' ? quantityOf(String(value)) : undefined;
}

function compareOverload(signature: string, make: (order: number) => Value): Overload {
  return ofQuantity(signature, ({ quantity }, [other]) =>
    other instanceof QuantityValue
      ? make(Math.sign(compareQuantities(quantity, other.quantity)))
      : noOverload,
  );
}

function addOverload(signature: string, sign: 1 | -1): Overload {
  return ofQuantity(signature, ({ quantity }, [value]) => {
    const other = operandOf(value)?.quantity;
    if (other === undefined) return noOverload;
    const signed = sign === 1 ? other : { ...other, sign: -other.sign as typeof other.sign };
    const total = addQuantities(quantity, signed);
    return total === undefined ? new Fault('the quantity is too large') : new QuantityValue(total);
  });
}

function approximate({ quantity }: QuantityValue): Double {
  return new Double(Number(`${quantity.sign < 0 ? '-' : ''}${quantity.digits}e${quantity.exponent}`));
}

/** Returns the quantity as an int if it is whole. */
function integerOf({ quantity }: QuantityValue): bigint | undefined {
  const whole = wholeQuantity(quantity);
  return whole === undefined || whole > maxInt || whole < -maxInt - 1n ? undefined : whole;
}

const quantityFunctions: readonly Overload[] = [
  globalFunction('quantity(string): quantity', ([text]) => {
    return quantityOf(text) ?? new Fault(`${JSON.stringify(text)} is not a quantity such as 500m or 1Gi`);
  }),
  globalFunction('isQuantity(string): bool', ([text]) => quantityOf(text) !== undefined),
  globalFunction('sign(quantity): int', ([quantity]) =>
    quantity instanceof QuantityValue ? BigInt(quantity.quantity.sign) : noOverload,
  ),
  ofQuantity('sign(): int', ({ quantity }) => BigInt(quantity.sign)),
  ofQuantity('isInteger(): bool', (quantity) => integerOf(quantity) !== undefined),
  ofQuantity(
    'asInteger(): int',
    (quantity) => integerOf(quantity) ?? new Fault('cannot convert value to integer'),
  ),
  ofQuantity('asApproximateFloat(): double', approximate),
  compareOverload('isGreaterThan(quantity): bool', (order) => order > 0),
  compareOverload('isLessThan(quantity): bool', (order) => order < 0),
  compareOverload('compareTo(quantity): int', (order) => BigInt(order)),
  addOverload('add(quantity): quantity', 1),
  addOverload('add(int): quantity', 1),
  addOverload('sub(quantity): quantity', -1),
  addOverload('sub(int): quantity', -1),
];

function ofUrl(signature: string, read: (url: UrlValue) => Value): Overload {
  return memberFunction('url', signature, ([url]) => (url instanceof UrlValue ? read(url) : noOverload));
}

function portOf({ host }: UrlValue): string {
  return /:(\d*)$/.exec(host.replace(/^\[.*\]/, ''))?.[1] ?? '';
}

function hostnameOf({ host }: UrlValue): string {
  const bracketed = /^\[(.*)\]/.exec(host);
  return bracketed?.[1] ?? host.replace(/:\d*$/, '');
}

function queryOf({ query }: UrlValue): Value {
  const map = new Map<string, string[]>();
  for (const part of query.split('&')) {
    // Go ignores parts with a semicolon.
    if (part === '' || part.includes(';')) continue;
    const [name = '', ...rest] = part.split('=');
    try {
      const [key, value] = [name, rest.join('=')].map((one) => decodeURIComponent(one.replaceAll('+', ' ')));
      map.set(key ?? '', [...(map.get(key ?? '') ?? []), value ?? '']);
    } catch {
      // An invalid escape: Go omits the pair.
    }
  }
  const result = new CelMap();
  for (const [key, values] of map) result.add(key, values);
  return result;
}

const urlFunctions: readonly Overload[] = [
  globalFunction('url(string): url', ([text]) => {
    const url = typeof text === 'string' ? parseUrl(text) : undefined;
    return url ?? new Fault(`URL parse error during conversion from string: ${JSON.stringify(text)}`);
  }),
  globalFunction('isURL(string): bool', ([text]) => typeof text === 'string' && isRequestUri(text)),
  ofUrl('getScheme(): string', ({ scheme }) => scheme),
  ofUrl('getHost(): string', ({ host }) => host),
  ofUrl('getHostname(): string', hostnameOf),
  ofUrl('getPort(): string', portOf),
  ofUrl('getEscapedPath(): string', ({ path }) => path),
  ofUrl('getQuery(): map(string, list(string))', queryOf),
];

/**
 * Parses an IP address.
 * @returns a fault for what Kubernetes refuses: zones, and IPv4 in IPv6
 */
function ipOf(text: Value | undefined): IpValue | Fault {
  if (typeof text !== 'string') return noOverload;
  const ip = parseIp(text);
  if (ip === undefined) {
    return new Fault(`IP Address ${JSON.stringify(text)} parse error during conversion from string`);
  }
  if (ip.bits === 32 && text.includes(':')) {
    return new Fault(`IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`);
  }
  return new IpValue(ip);
}

function cidrOf(text: Value | undefined): CidrValue | Fault {
  if (typeof text !== 'string') return noOverload;
  const [address = '', length = '', ...rest] = text.split('/');
  const ip = ipOf(address);
  const isPrefix = /^(?:0|[1-9]\d{0,2})$/.test(length) && rest.length === 0;
  if (ip instanceof Fault || !isPrefix || Number(length) > ip.ip.bits) {
    return new Fault(`network address parse error during conversion from string: ${JSON.stringify(text)}`);
  }
  return new CidrValue(ip.ip, Number(length));
}

/** Formats an address in canonical form, with the longest run of zeros shortened (RFC 5952). */
export function ipText({ bits, value }: Ip): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const words = Array.from({ length: 8 }, (_, at) =>
    ((value >> BigInt(16 * (7 - at))) & 0xffffn).toString(16),
  );
  const runs = [...words.join(':').matchAll(/(?:^|(?<=:))0(?::0)+(?=:|$)/g)];
  const longest = runs.reduce<RegExpExecArray | undefined>(
    (best, run) => (best === undefined || run[0].length > best[0].length ? run : best),
    undefined,
  );
  if (longest === undefined) return words.join(':');
  const text = words.join(':');
  const [before, after] = [text.slice(0, longest.index), text.slice(longest.index + longest[0].length)];
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`;
}

function ofIp(signature: string, read: (ip: Ip) => Value): Overload {
  return memberFunction('ip', signature, ([ip]) => (ip instanceof IpValue ? read(ip.ip) : noOverload));
}

function isWithin(ip: Ip, v4: string | undefined, v6: string | undefined): boolean {
  const block = ip.bits === 32 ? v4 : v6;
  const cidr = block === undefined ? noOverload : cidrOf(block);
  return cidr instanceof CidrValue && cidrContains({ network: cidr.ip, prefix: cidr.prefix }, ip);
}

function isGlobalUnicast(ip: Ip): boolean {
  const isBroadcast = ip.bits === 32 && ip.value === 0xffff_ffffn;
  return (
    ip.value !== 0n &&
    !isBroadcast &&
    !isLoopback(ip) &&
    !isWithin(ip, '224.0.0.0/4', 'ff00::/8') &&
    !isWithin(ip, '169.254.0.0/16', 'fe80::/10')
  );
}

const ipFunctions: readonly Overload[] = [
  globalFunction('ip(string): ip', ([text]) => ipOf(text)),
  globalFunction('isIP(string): bool', ([text]) => ipOf(text) instanceof IpValue),
  globalFunction('ip.isCanonical(string): bool', ([text]) => {
    const ip = ipOf(text);
    return ip instanceof Fault ? ip : ipText(ip.ip) === text;
  }),
  globalFunction('string(ip): string', ([ip]) => (ip instanceof IpValue ? ipText(ip.ip) : noOverload)),
  ofIp('family(): int', ({ bits }) => (bits === 32 ? 4n : 6n)),
  ofIp('isUnspecified(): bool', ({ value }) => value === 0n),
  ofIp('isLoopback(): bool', isLoopback),
  ofIp('isLinkLocalMulticast(): bool', (ip) => isWithin(ip, '224.0.0.0/24', 'ff02::/16')),
  ofIp('isLinkLocalUnicast(): bool', (ip) => isWithin(ip, '169.254.0.0/16', 'fe80::/10')),
  ofIp('isGlobalUnicast(): bool', isGlobalUnicast),
];

function ofCidr(
  signature: string,
  run: (cidr: CidrValue, rest: readonly Value[]) => Value | Fault,
): Overload {
  return memberFunction('cidr', signature, ([cidr, ...rest]) =>
    cidr instanceof CidrValue ? run(cidr, rest) : noOverload,
  );
}

function maskAddress({ ip, prefix }: CidrValue): CidrValue {
  const shift = BigInt(ip.bits - prefix);
  return new CidrValue({ bits: ip.bits, value: (ip.value >> shift) << shift }, prefix);
}

function containsIp(cidr: CidrValue, value: IpValue | Fault): Value | Fault {
  if (value instanceof Fault) return value;
  return cidrContains({ network: cidr.ip, prefix: cidr.prefix }, value.ip);
}

function containsCidr(cidr: CidrValue, other: CidrValue | Fault): Value | Fault {
  if (other instanceof Fault) return other;
  return cidr.prefix <= other.prefix && containsIp(cidr, new IpValue(other.ip));
}

const cidrFunctions: readonly Overload[] = [
  globalFunction('cidr(string): cidr', ([text]) => cidrOf(text)),
  globalFunction('isCIDR(string): bool', ([text]) => cidrOf(text) instanceof CidrValue),
  globalFunction('string(cidr): string', ([cidr]) =>
    cidr instanceof CidrValue ? `${ipText(cidr.ip)}/${cidr.prefix}` : noOverload,
  ),
  ofCidr('ip(): ip', ({ ip }) => new IpValue(ip)),
  ofCidr('masked(): cidr', maskAddress),
  ofCidr('prefixLength(): int', ({ prefix }) => BigInt(prefix)),
  ofCidr('containsIP(string): bool', (cidr, [text]) => containsIp(cidr, ipOf(text))),
  ofCidr('containsIP(ip): bool', (cidr, [ip]) => (ip instanceof IpValue ? containsIp(cidr, ip) : noOverload)),
  ofCidr('containsCIDR(string): bool', (cidr, [text]) => containsCidr(cidr, cidrOf(text))),
  ofCidr('containsCIDR(cidr): bool', (cidr, [other]) =>
    other instanceof CidrValue ? containsCidr(cidr, other) : noOverload,
  ),
];

const semverForm =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const maxUint = 2n ** 64n - 1n;

/**
 * Parses a version.
 * @param isTolerant true to accept a leading `v`, missing parts and leading zeros
 */
function semverOf(text: Value | undefined, isTolerant: Value | undefined): SemverValue | undefined {
  if (typeof text !== 'string') return undefined;
  const match = semverForm.exec(isTolerant === true ? normalizedSemver(text) : text);
  if (match === null) return undefined;
  const [, major = '', minor = '', patch = '', prerelease = ''] = match;
  const identifiers = prerelease === '' ? [] : prerelease.split('.');
  if (identifiers.some((one) => /^0\d+$/.test(one))) return undefined;
  const numbers = [major, minor, patch].map(BigInt);
  if (numbers.some((one) => one > maxUint)) return undefined;
  const [first = 0n, second = 0n, third = 0n] = numbers;
  return new SemverValue(first, second, third, identifiers);
}

function normalizedSemver(text: string): string {
  const parts = splitAtDots(text.replace(/^v/, '')).map((part) => {
    if (part.length < 2) return part;
    const stripped = part.replace(/^0+/, '');
    return /^[0-9]/.test(stripped) ? stripped : `0${stripped}`;
  });
  // A short version must be numbers only, because the missing parts are appended.
  const last = parts.at(-1) ?? '';
  if (parts.length < 3 && /[+-]/.test(last)) return text;
  while (parts.length < 3) parts.push('0');
  return parts.join('.');
}

/** Splits at the first two dots. */
function splitAtDots(text: string): string[] {
  const [first = '', second, ...rest] = text.split('.');
  return [first, ...(second === undefined ? [] : [second]), ...(rest.length === 0 ? [] : [rest.join('.')])];
}

function comparingSemver(signature: string, make: (order: number) => Value): Overload {
  return memberFunction('semver', signature, ([a, b]) =>
    a instanceof SemverValue && b instanceof SemverValue ? make(compareSemver(a, b)) : noOverload,
  );
}

const semverFunctions: readonly Overload[] = [
  ...['string', 'string, bool'].flatMap((parameters) => [
    globalFunction(`semver(${parameters}): semver`, ([text, isTolerant]) => {
      return (
        semverOf(text, isTolerant) ?? new Fault(`${JSON.stringify(text)} is not a version such as 1.2.3`)
      );
    }),
    globalFunction(
      `isSemver(${parameters}): bool`,
      ([text, isTolerant]) => semverOf(text, isTolerant) !== undefined,
    ),
  ]),
  ...(['major', 'minor', 'patch'] as const).map((part) =>
    memberFunction('semver', `${part}(): int`, ([version]) =>
      version instanceof SemverValue ? version[part] : noOverload,
    ),
  ),
  comparingSemver('isGreaterThan(semver): bool', (order) => order > 0),
  comparingSemver('isLessThan(semver): bool', (order) => order < 0),
  comparingSemver('compareTo(semver): int', (order) => BigInt(order)),
];

const formatFunctions: readonly Overload[] = [
  globalFunction('format.named(string): optional(format)', ([name]) => {
    const format = typeof name === 'string' ? formats.get(name) : undefined;
    return format === undefined ? none : new Optional(format);
  }),
  ...[...formats].map(([name, format]) => globalFunction(`format.${name}(): format`, () => format)),
  memberFunction('format', 'validate(string): optional(list(string))', ([format, text]) => {
    if (!(format instanceof FormatValue) || typeof text !== 'string') return noOverload;
    const problems = format.validate(text);
    return problems.length === 0 ? none : new Optional(problems);
  }),
];

/** Functions that Kubernetes adds, and `now()`, which only kapi has. */
export const kubernetesFunctions: readonly Overload[] = [
  ...quantityFunctions,
  ...urlFunctions,
  ...ipFunctions,
  ...cidrFunctions,
  ...semverFunctions,
  ...formatFunctions,
  globalFunction('now(): timestamp', (_, { now }) => new Timestamp(BigInt(now().getTime()) * 1_000_000n)),
];
