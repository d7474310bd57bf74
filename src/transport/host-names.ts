// Decides which names a certificate is valid for, by the rules of Go's x509.VerifyHostname. Entry
// point: isValidFor(). Pure.

import { isIPv4, isIPv6 } from 'node:net';

/** The names and addresses in a certificate. */
export interface HostNames {
  readonly dns: readonly string[];
  /** Each address has 4 or 16 bytes. */
  readonly ips: readonly Buffer[];
}

/**
 * Returns true if a certificate is valid for a host.
 * @param host a name, or an address without brackets. One trailing dot of a name is ignored.
 */
export function isValidFor({ dns, ips }: HostNames, host: string): boolean {
  const address = ipBytes(host);
  if (address !== undefined) return ips.some((ip) => isSameAddress(ip, address));
  const name = lowerCase(host);
  const isHostName = isValidHostName(name.replace(/\.$/, ''), false);
  return dns.some((pattern) =>
    isHostName && isValidHostName(pattern, true) ? isMatch(pattern, name) : isSame(pattern, name),
  );
}

/** Returns true if a pattern equals a name. `*` as the first label matches any label. */
export function isMatch(pattern: string, host: string): boolean {
  const labels = lowerCase(host).replace(/\.$/, '').split('.');
  const wanted = lowerCase(pattern).split('.');
  if (pattern === '' || wanted.length !== labels.length) return false;
  return wanted.every((label, at) => (at === 0 && label === '*') || label === labels[at]);
}

/** Compares names that are not valid host names: they match if they are equal, ignoring case. */
function isSame(left: string, right: string): boolean {
  return !['', '.'].includes(left) && !['', '.'].includes(right) && lowerCase(left) === lowerCase(right);
}

function isValidHostName(name: string, isPattern: boolean): boolean {
  if (name === '' || name === '*') return false;
  return name
    .split('.')
    .every(
      (label, at) => (isPattern && at === 0 && label === '*') || /^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(label),
    );
}

/** Converts ASCII letters to lower case. */
function lowerCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Removes the brackets of an IP address such as `[::1]`. Returns anything else as it is. */
export function withoutBrackets(host: string): string {
  const inner = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return isIpAddress(inner) ? inner : host;
}

/** Returns true for an IP address without a zone. */
export function isIpAddress(text: string): boolean {
  return ipBytes(text) !== undefined;
}

/** Returns an address as 16 bytes, with IPv4 mapped into IPv6; undefined for anything else. */
export function ipBytes(text: string): Buffer | undefined {
  if (isIPv4(text)) {
    const bytes = Buffer.alloc(16);
    bytes[10] = bytes[11] = 0xff;
    for (const [at, part] of text.split('.').entries()) bytes[12 + at] = Number(part);
    return bytes;
  }
  if (!isIPv6(text) || text.includes('%')) return undefined;
  // An IPv4 address at the end is the last two groups.
  const groups = text.replace(/(?<=:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [left = '', right] = groups.split('::');
  const before = left === '' ? [] : left.split(':');
  const after = right === undefined || right === '' ? [] : right.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const bytes = Buffer.alloc(16);
  [...before, ...zeros, ...after].forEach((group, at) =>
    bytes.writeUInt16BE(Number.parseInt(group, 16), at * 2),
  );
  return bytes;
}

/** Compares an address of 4 or 16 bytes with one of 16 bytes. */
function isSameAddress(ip: Buffer, wideAddress: Buffer): boolean {
  if (ip.length === 16) return ip.equals(wideAddress);
  return isMapped(wideAddress) && ip.equals(wideAddress.subarray(12));
}

/** True if an address of 16 bytes is an IPv4 address mapped into IPv6: `::ffff:10.0.0.1`. */
function isMapped(ip: Buffer): boolean {
  return ip.subarray(0, 12).every((byte, at) => byte === (at < 10 ? 0 : 0xff));
}

/** Formats an address of 4 or 16 bytes in its shortest form (RFC 5952). */
export function ipText(ip: Buffer): string {
  if (ip.length === 4) return [...ip].join('.');
  if (isMapped(ip)) return [...ip.subarray(12)].join('.');
  const groups = Array.from({ length: 8 }, (_, at) => ip.readUInt16BE(at * 2).toString(16));
  // `::` replaces the longest run of two or more zero groups, or the first of equally long runs.
  const runs = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)];
  const longest = runs.reduce<string>((best, [run]) => (run.length > best.length ? run : best), '');
  if (longest === '') return groups.join(':');
  const text = groups.join(':').replace(longest, '::').replace(':::', '::');
  return text;
}
