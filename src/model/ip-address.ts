// IP addresses and CIDR blocks as numbers, for NO_PROXY and listening. Entry points: parseIp,
// parseCidr, isLoopback. Pure.

/** An address of 32 or 128 bits. IPv4 in IPv6 (`::ffff:10.0.0.1`) counts as IPv4, as in Go. */
export interface Ip {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

export interface Cidr {
  readonly network: Ip;
  readonly prefix: number;
}

/**
 * Parses an address.
 * @returns undefined for anything but an address in its usual notation, so also for one with
 *   brackets or a zone
 */
export function parseIp(text: string): Ip | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** Parses a block such as `10.0.0.0/8` or `fd00::/8`. Undefined if the text is not a block. */
export function parseCidr(text: string): Cidr | undefined {
  const [address, length, ...rest] = text.split('/');
  if (address === undefined || length === undefined || rest.length > 0 || !/^\d{1,3}$/.test(length))
    return undefined;
  const network = parseIp(address);
  const prefix = Number(length);
  return network === undefined || prefix > network.bits ? undefined : { network, prefix };
}

/** True if the address is in the block. */
export function cidrContains(cidr: Cidr, ip: Ip): boolean {
  const shift = BigInt(ip.bits - cidr.prefix);
  return cidr.network.bits === ip.bits && cidr.network.value >> shift === ip.value >> shift;
}

/** True if two addresses are equal. */
export function isSameIp(a: Ip, b: Ip): boolean {
  return a.bits === b.bits && a.value === b.value;
}

/** True for 127.0.0.0/8 and ::1. */
export function isLoopback(ip: Ip): boolean {
  return ip.bits === 32 ? ip.value >> 24n === 127n : ip.value === 1n;
}

function parseIpv4(text: string): Ip | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return { bits: 32, value };
}

function parseIpv6(text: string): Ip | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const last = halves.length - 1;
  const [head, tail] = [wordsOf(halves[0] ?? '', last === 0), wordsOf(halves[1] ?? '', true)];
  if (head === undefined || tail === undefined) return undefined;
  const gap = 8 - head.length - tail.length;
  if (halves.length === 2 ? gap < 1 : gap !== 0) return undefined;
  const words = [...head, ...Array.from({ length: gap }, () => 0), ...tail];
  const value = words.reduce((sum, word) => (sum << 16n) | BigInt(word), 0n);
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffff_ffffn } : { bits: 128, value };
}

/**
 * Parses the 16-bit words of one side of `::`. The end of the whole address can be in IPv4
 * notation.
 */
function wordsOf(side: string, atEnd: boolean): number[] | undefined {
  if (side === '') return [];
  const words: number[] = [];
  const parts = side.split(':');
  for (const [at, part] of parts.entries()) {
    if (/^[0-9A-Fa-f]{1,4}$/.test(part)) {
      words.push(Number.parseInt(part, 16));
      continue;
    }
    const ipv4 = atEnd && at === parts.length - 1 ? parseIpv4(part) : undefined;
    if (ipv4 === undefined) return undefined;
    words.push(Number(ipv4.value >> 16n), Number(ipv4.value & 0xffffn));
  }
  return words;
}
