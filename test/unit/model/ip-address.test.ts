import { describe, expect, it } from 'vitest';

import { cidrContains, isLoopback, isSameIp, parseCidr, parseIp } from '../../../src/model/ip-address.ts';

describe('parseIp', () => {
  it.each([
    ['0.0.0.0', 32, 0n],
    ['10.1.2.3', 32, 0x0a010203n],
    ['255.255.255.255', 32, 0xffffffffn],
    ['::', 128, 0n],
    ['::1', 128, 1n],
    ['fd00::1:2', 128, 0xfd000000000000000000000000010002n],
    ['1:2:3:4:5:6:7:8', 128, 0x00010002000300040005000600070008n],
    ['::ffff:10.1.2.3', 32, 0x0a010203n],
    ['64:ff9b::10.1.2.3', 128, 0x0064ff9b00000000000000000a010203n],
  ])('reads %s', (text, bits, value) => {
    expect(parseIp(text)).toEqual({ bits, value });
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4.5',
    'a.b.c.d',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    '[::1]',
    'fe80::1%eth0',
    '1.2.3.4::',
  ])('refuses %j', (text) => {
    expect(parseIp(text)).toBeUndefined();
  });
});

describe('CIDR blocks', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.7/32', '10.0.0.7', true],
    ['0.0.0.0/0', '1.2.3.4', true],
    ['0.0.0.0/0', '::1', false],
    ['fd00::/8', 'fdff::1', true],
    ['fd00::/8', 'fe00::1', false],
  ])('%s and %s: %s', (block, address, contained) => {
    const [cidr, ip] = [parseCidr(block), parseIp(address)];
    expect(cidr !== undefined && ip !== undefined && cidrContains(cidr, ip)).toBe(contained);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '::/129', '10.0.0.0/a', '10.0.0.0/8/8', 'x/8'])(
    'refuses %s',
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );
});

describe('isLoopback and isSameIp', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['128.0.0.1', false],
    ['::1', true],
    ['::2', false],
    ['::ffff:127.0.0.1', true],
  ])('%s: %s', (text, loopback) => {
    const ip = parseIp(text);
    expect(ip !== undefined && isLoopback(ip)).toBe(loopback);
  });

  it('compares by value', () => {
    const [a, b, c] = [parseIp('::ffff:10.0.0.1'), parseIp('10.0.0.1'), parseIp('10.0.0.2')];
    if (a === undefined || b === undefined || c === undefined) throw new Error('not read');
    expect([isSameIp(a, b), isSameIp(b, c)]).toEqual([true, false]);
  });
});
