// Makes certificates when they are needed: ECDSA P-256, any names and dates, without other programs
// and without keys on disk.

import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

export interface Identity {
  readonly certificate: string;
  readonly key: string;
  readonly privateKey: KeyObject;
  readonly subject: readonly Attribute[];
}

type Attribute = readonly ['CN' | 'O', string];

export interface Wish {
  readonly subject: readonly Attribute[];
  /** Default: signs with its own key. */
  readonly issuer?: Identity;
  readonly ca?: boolean;
  readonly names?: readonly string[];
  readonly usage?: 'server' | 'client';
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

const day = 86_400_000;
let serial = 1;

export function makeIdentity(wish: Wish): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const extensions = [
    extension('2.5.29.19', sequence(...(wish.ca === true ? [tag(0x01, Buffer.from([0xff]))] : [])), true),
    ...(wish.usage === undefined
      ? []
      : [extension('2.5.29.37', sequence(oid(`1.3.6.1.5.5.7.3.${wish.usage === 'server' ? 1 : 2}`)))]),
    ...(wish.names === undefined ? [] : [extension('2.5.29.17', sequence(...wish.names.map(generalName)))]),
  ];
  const body = sequence(
    tag(0xa0, integer(2)),
    integer(serial++),
    algorithm,
    name(wish.issuer?.subject ?? wish.subject),
    sequence(
      time(wish.notBefore ?? new Date(Date.now() - day)),
      time(wish.notAfter ?? new Date(Date.now() + day)),
    ),
    name(wish.subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tag(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, wish.issuer?.privateKey ?? privateKey);
  const der = sequence(body, algorithm, tag(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return {
    certificate: pem(der),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    privateKey,
    subject: wish.subject,
  };
}

export function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

export function tag(type: number, content: Buffer): Buffer {
  const length = content.length;
  const head =
    length < 0x80
      ? [type, length]
      : length < 0x100
        ? [type, 0x81, length]
        : [type, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

export function sequence(...parts: Buffer[]): Buffer {
  return tag(0x30, Buffer.concat(parts));
}

export function integer(value: number): Buffer {
  return tag(0x02, Buffer.from([value]));
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return tag(0x06, Buffer.from(bytes));
}

function name(attributes: readonly Attribute[]): Buffer {
  return sequence(
    ...attributes.map(([type, value]) =>
      tag(0x31, sequence(oid(type === 'CN' ? '2.5.4.3' : '2.5.4.10'), tag(0x0c, Buffer.from(value)))),
    ),
  );
}

export function time(date: Date): Buffer {
  return tag(0x18, Buffer.from(date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')));
}

export function extension(id: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [tag(0x01, Buffer.from([0xff]))] : [];
  return sequence(oid(id), ...flag, tag(0x04, value));
}

function generalName(value: string): Buffer {
  if (isIP(value) === 4) return tag(0x87, Buffer.from(value.split('.').map(Number)));
  if (value === '::1') return tag(0x87, Buffer.concat([Buffer.alloc(15), Buffer.from([1])]));
  return tag(0x82, Buffer.from(value));
}
