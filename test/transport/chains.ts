// Certificate chains with the result of Go's crypto/x509: the table for the unit test of
// verify-chain.ts and for the e2e suite `chains`, which compares with kubectl. Entry point:
// chainTable().

import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { extension, integer, oid, pem, sequence, tag, time } from './certificates.ts';

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

type KeyKind =
  'p256' | 'p384' | 'p521' | 'p224' | 'rsa1024' | 'rsa2048' | 'rsa4096' | 'rsa512' | 'ed25519' | 'secp256k1';

type SignatureKind = 'sha256' | 'sha384' | 'sha512' | 'sha1' | 'md5' | 'pss';

/** A certificate with its key. */
export interface Made {
  readonly der: Buffer;
  readonly keys: Pair;
  readonly name: Buffer;
  readonly skid: Buffer;
}

interface Wish {
  /** A common name, or a whole name as DER. */
  readonly subject?: string | Buffer;
  readonly issuer?: Made;
  /** Default: the issuer's name. */
  readonly issuerName?: Buffer;
  readonly key?: KeyKind | Pair;
  readonly sign?: SignatureKind;
  /** `true`, or a path length. Default: not an authority. */
  readonly ca?: boolean | number;
  /** Without the extension. */
  readonly noBasicConstraints?: boolean;
  /**
   * Alternative names. Default for a certificate that is not an authority: k8s.test and 127.0.0.1.
   */
  readonly names?: readonly string[] | 'none';
  readonly keyUsage?: readonly number[];
  readonly usages?: readonly string[];
  /** Key ids. Default: none. */
  readonly skid?: Buffer;
  readonly akid?: Buffer;
  readonly extensions?: readonly Buffer[];
  /** Days from now. */
  readonly from?: number;
  readonly until?: number;
  readonly version?: 1 | 3;
  readonly serial?: Buffer;
  /** Changes the finished certificate. */
  readonly breakSignature?: boolean;
  readonly outerSign?: SignatureKind;
  readonly spki?: Buffer;
  readonly times?: Buffer;
}

const day = 86_400_000;
const pairs = new Map<string, Pair>();
let made = 0;

/** Returns a key pair. Pairs of one kind and number are made once. */
function keyPair(kind: KeyKind, number = 0): Pair {
  const id = `${kind}-${number}`;
  const pair = pairs.get(id) ?? generate(kind);
  pairs.set(id, pair);
  return pair;
}

function generate(kind: KeyKind): Pair {
  if (kind === 'ed25519') return generateKeyPairSync('ed25519');
  if (kind.startsWith('rsa')) return generateKeyPairSync('rsa', { modulusLength: Number(kind.slice(3)) });
  const curves = { p224: 'secp224r1', p256: 'P-256', p384: 'P-384', p521: 'P-521' } as const;
  const namedCurve = Object.entries(curves).find(([name]) => name === kind)?.[1] ?? kind;
  return generateKeyPairSync('ec', { namedCurve });
}

const null_ = tag(5, Buffer.alloc(0));

function algorithmOf(key: KeyObject, kind: SignatureKind): Buffer {
  if (key.asymmetricKeyType === 'ed25519') return sequence(oid('1.3.101.112'));
  if (key.asymmetricKeyType === 'ec') {
    const ids = {
      sha1: '1.2.840.10045.4.1',
      sha256: '1.2.840.10045.4.3.2',
      sha384: '1.2.840.10045.4.3.3',
      sha512: '1.2.840.10045.4.3.4',
    };
    return sequence(oid(ids[kind === 'md5' || kind === 'pss' ? 'sha256' : kind]));
  }
  if (kind === 'pss') {
    const sha256 = sequence(oid('2.16.840.1.101.3.4.2.1'), null_);
    return sequence(
      oid('1.2.840.113549.1.1.10'),
      sequence(
        tag(0xa0, sha256),
        tag(0xa1, sequence(oid('1.2.840.113549.1.1.8'), sha256)),
        tag(0xa2, integer(32)),
      ),
    );
  }
  const ids = { md5: 4, sha1: 5, sha256: 11, sha384: 12, sha512: 13 };
  return sequence(oid(`1.2.840.113549.1.1.${ids[kind]}`), null_);
}

function signature(key: KeyObject, kind: SignatureKind, body: Buffer): Buffer {
  if (key.asymmetricKeyType === 'ed25519') return sign(null, body, key);
  if (kind === 'pss') {
    return sign('sha256', body, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
  }
  return sign(kind, body, key);
}

function make(wish: Wish): Made {
  made += 1;
  const isAuthority = wish.ca !== undefined && wish.ca !== false;
  const keys =
    wish.key === undefined || typeof wish.key === 'string' ? keyPair(wish.key ?? 'p256', made) : wish.key;
  const subject = wish.subject ?? (isAuthority ? `authority ${made}` : 'server');
  const name = typeof subject === 'string' ? commonName(subject) : subject;
  const signer = wish.issuer?.keys.privateKey ?? keys.privateKey;
  const kind = wish.sign ?? 'sha256';
  const extensions = [
    ...(wish.noBasicConstraints === true ? [] : [basicConstraints(wish.ca ?? false)]),
    ...(wish.keyUsage === undefined ? [] : [keyUsage(wish.keyUsage)]),
    ...(wish.usages === undefined ? [] : [extension('2.5.29.37', sequence(...wish.usages.map(oid)))]),
    ...(wish.skid === undefined ? [] : [extension('2.5.29.14', tag(4, wish.skid))]),
    ...(wish.akid === undefined ? [] : [extension('2.5.29.35', sequence(tag(0x80, wish.akid)))]),
    ...alternativeNames(wish.names ?? (isAuthority ? 'none' : ['k8s.test', '127.0.0.1'])),
    ...(wish.extensions ?? []),
  ];
  const body = sequence(
    ...((wish.version ?? 3) === 3 ? [tag(0xa0, integer(2))] : []),
    tag(2, wish.serial ?? Buffer.from([0x40, made >> 8, made & 0xff])),
    algorithmOf(signer, kind),
    wish.issuerName ?? wish.issuer?.name ?? name,
    wish.times ?? sequence(time(daysFromNow(wish.from ?? -10)), time(daysFromNow(wish.until ?? 10))),
    name,
    wish.spki ?? keys.publicKey.export({ type: 'spki', format: 'der' }),
    ...((wish.version ?? 3) === 3 && extensions.length > 0 ? [tag(0xa3, sequence(...extensions))] : []),
  );
  const signed = signature(signer, kind, body);
  if (wish.breakSignature === true) signed[signed.length - 1] = (signed.at(-1) ?? 0) ^ 1;
  const der = sequence(
    body,
    algorithmOf(signer, wish.outerSign ?? kind),
    tag(3, Buffer.concat([Buffer.from([0]), signed])),
  );
  return { der, keys, name, skid: wish.skid ?? Buffer.alloc(0) };
}

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * day);
}

function utcTime(date: Date): Buffer {
  return tag(
    0x17,
    Buffer.from(
      date
        .toISOString()
        .replaceAll(/[-:T]|\.\d+/g, '')
        .slice(2),
    ),
  );
}

function attribute(type: string, stringTag: number, value: Buffer): Buffer {
  return tag(0x31, sequence(oid(type), tag(stringTag, value)));
}

function commonName(text: string): Buffer {
  return sequence(attribute('2.5.4.3', 0x0c, Buffer.from(text)));
}

function basicConstraints(ca: boolean | number): Buffer {
  const flag = ca === false ? [] : [tag(1, Buffer.from([0xff]))];
  const length = typeof ca === 'number' ? [integer(ca)] : [];
  return extension('2.5.29.19', sequence(...flag, ...length), true);
}

/** @param bits 0 digitalSignature … 5 keyCertSign … 8 decipherOnly */
function keyUsage(bits: readonly number[]): Buffer {
  const value = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0);
  let unused = 0;
  while (unused < 7 && value !== 0 && ((value >> unused) & 1) === 0) unused += 1;
  return extension('2.5.29.15', tag(3, value === 0 ? Buffer.from([0]) : Buffer.from([unused, value])), true);
}

function alternativeNames(names: Wish['names']): Buffer[] {
  if (names === undefined || names === 'none') return [];
  return [extension('2.5.29.17', sequence(...names.map(generalName)))];
}

function generalName(text: string): Buffer {
  if (isIP(text) === 4) return tag(0x87, Buffer.from(text.split('.').map(Number)));
  if (text === '::1') return tag(0x87, Buffer.from('00000000000000000000000000000001', 'hex'));
  if (text === '::ffff:127.0.0.1') return tag(0x87, Buffer.from('00000000000000000000ffff7f000001', 'hex'));
  if (text.startsWith('raw-ip:')) return tag(0x87, Buffer.from(text.slice(7), 'hex'));
  if (text.includes('://') || text.startsWith('urn:')) return tag(0x86, Buffer.from(text));
  if (text.includes('@')) return tag(0x81, Buffer.from(text));
  return tag(0x82, Buffer.from(text, 'latin1'));
}

interface Subtree {
  dns?: string[];
  ip?: string[];
  email?: string[];
  uri?: string[];
  directory?: boolean;
}

/** @param ip addresses with their masks in hexadecimal */
function nameConstraints(permitted: Subtree, excluded: Subtree, critical = true): Buffer {
  const list = ({ dns = [], ip = [], email = [], uri = [], directory }: Subtree): Buffer[] =>
    [
      ...dns.map((each) => tag(0x82, Buffer.from(each))),
      ...ip.map((each) => tag(0x87, Buffer.from(each, 'hex'))),
      ...email.map((each) => tag(0x81, Buffer.from(each))),
      ...uri.map((each) => tag(0x86, Buffer.from(each))),
      ...(directory === true ? [tag(0xa4, commonName('x'))] : []),
    ].map((base) => sequence(base));
  const field = (type: number, trees: Buffer[]): Buffer[] =>
    trees.length === 0 ? [] : [tag(type, Buffer.concat(trees))];
  return extension(
    '2.5.29.30',
    sequence(...field(0xa0, list(permitted)), ...field(0xa1, list(excluded))),
    critical,
  );
}

function policies(...ids: string[]): Buffer {
  return extension('2.5.29.32', sequence(...ids.map((id) => sequence(oid(id)))));
}

function policyConstraints(requireExplicit?: number, inhibitMapping?: number): Buffer {
  const field = (type: number, value: number | undefined): Buffer[] =>
    value === undefined ? [] : [tag(type, Buffer.from([value]))];
  return extension(
    '2.5.29.36',
    sequence(...field(0x80, requireExplicit), ...field(0x81, inhibitMapping)),
    true,
  );
}

function policyMapping(issuer: string, subject: string): Buffer {
  return extension('2.5.29.33', sequence(sequence(oid(issuer), oid(subject))));
}

const serverAuth = '1.3.6.1.5.5.7.3.1';
const clientAuth = '1.3.6.1.5.5.7.3.2';
const anyUsage = '2.5.29.37.0';
const serverGated = '1.3.6.1.4.1.311.10.3.3';

/** One chain and the expected result. */
export interface Chain {
  readonly name: string;
  /** As DER, the server's own first. */
  readonly shown: readonly Buffer[];
  /** Of the server. */
  readonly key: KeyObject;
  readonly anchors: readonly Buffer[];
  /** The name to check. */
  readonly host: string;
  /** `trusted`, or a part of Go's message. */
  readonly verdict: string;
}

interface Row {
  readonly shown: readonly Made[];
  readonly anchors: readonly Made[];
  readonly host?: string;
}

const unknown = 'signed by unknown authority';
const expired = 'certificate has expired or is not yet valid';
const unfitUsage = 'certificate specifies an incompatible key usage';
const notAllowed = 'is not authorized to sign for this name';
const cannotSign = 'parent certificate cannot sign this kind of certificate';

/** Returns all chains. Making them takes a second. */
export function chainTable(): Chain[] {
  const rows: [string, string, Row][] = [];
  const add = (name: string, verdict: string, row: Row): void => {
    rows.push([name, verdict, row]);
  };
  const root = make({ subject: 'root', ca: true });
  /** A leaf under `root`. */
  const leafRow = (wish: Wish, host?: string): Row => ({
    shown: [make({ issuer: root, ...wish })],
    anchors: [root],
    ...(host === undefined ? {} : { host }),
  });
  /** A leaf under an intermediate under `root`. */
  const interRow = (inter: Wish, leaf: Wish = {}, host?: string): Row => {
    const middle = make({ subject: 'intermediate', issuer: root, ca: true, ...inter });
    return {
      shown: [make({ issuer: middle, ...leaf }), middle],
      anchors: [root],
      ...(host === undefined ? {} : { host }),
    };
  };
  /** A leaf under an authority of its own kind. */
  const rootRow = (authority: Wish, leaf: Wish = {}, host?: string): Row => {
    const own = make({ subject: 'own root', ca: true, ...authority });
    return {
      shown: [make({ issuer: own, ...leaf })],
      anchors: [own],
      ...(host === undefined ? {} : { host }),
    };
  };

  // Plain chains.
  add('a leaf of a trusted root', 'trusted', leafRow({}));
  add('a leaf of an intermediate', 'trusted', interRow({}));
  add('the root is shown too', 'trusted', { ...leafRow({}), shown: [make({ issuer: root }), root] });
  add('two intermediates', 'trusted', twoIntermediates(root));
  add('intermediates in the wrong order', 'trusted', reversed(twoIntermediates(root)));
  add('unrelated certificates between', 'trusted', {
    ...leafRow({}),
    shown: [
      make({ issuer: root }),
      make({ subject: 'stray', ca: true }),
      make({ subject: 'stray 2', ca: true }),
    ],
  });
  add('a missing intermediate', unknown, { ...interRow({}), shown: interRow({}).shown.slice(0, 1) });
  add('an intermediate is the only anchor', 'trusted', anchoredAtIntermediate(root));
  add('an intermediate is the anchor and not shown', 'trusted', anchoredAtHiddenIntermediate(root));
  const selfSigned = make({ subject: 'self' });
  add('a self-signed server that is trusted itself', 'trusted', {
    shown: [selfSigned],
    anchors: [selfSigned],
  });
  add('a self-signed server that is not trusted', unknown, { shown: [selfSigned], anchors: [root] });
  const pinned = make({ issuer: make({ ca: true }) });
  add('a leaf that is trusted itself, its issuer unknown', 'trusted', { shown: [pinned], anchors: [pinned] });
  const pinnedOld = make({ until: -1 });
  add('a leaf that is trusted itself and expired', expired, { shown: [pinnedOld], anchors: [pinnedOld] });
  const pinnedClient = make({ usages: [clientAuth] });
  add('a leaf that is trusted itself, for clients only', unfitUsage, {
    shown: [pinnedClient],
    anchors: [pinnedClient],
  });
  add('no anchor at all', unknown, { ...leafRow({}), anchors: [make({ subject: 'other', ca: true })] });

  // Several authorities of one name.
  for (const keyIds of [false, true]) {
    const ids = (text: string): Partial<Wish> => (keyIds ? { skid: Buffer.from(text) } : {});
    const old = make({ subject: 'cluster', ca: true, ...ids('old') });
    const fresh = make({ subject: 'cluster', ca: true, ...ids('fresh') });
    const leaf = make({ issuer: fresh, ...(keyIds ? { akid: Buffer.from('fresh') } : {}) });
    const said = keyIds ? 'with key ids' : 'without key ids';
    add(`rotated, old first, ${said}`, 'trusted', { shown: [leaf], anchors: [old, fresh] });
    add(`rotated, new first, ${said}`, 'trusted', { shown: [leaf], anchors: [fresh, old] });
    add(`rotated, only the old one trusted, ${said}`, unknown, { shown: [leaf], anchors: [old] });
    const many = [1, 2, 3].map((number) => make({ subject: 'cluster', ca: true, ...ids(`n${number}`) }));
    add(`four of one name, the right one last, ${said}`, 'trusted', {
      shown: [leaf],
      anchors: [...many, fresh],
    });
    add(`four of one name, the right one in the middle, ${said}`, 'trusted', {
      shown: [leaf],
      anchors: [...many.slice(0, 2), fresh, ...many.slice(2)],
    });
    const oldMiddle = make({ subject: 'mid', issuer: root, ca: true, ...ids('m1') });
    const newMiddle = make({ subject: 'mid', issuer: root, ca: true, ...ids('m2') });
    const below = make({ issuer: newMiddle, ...(keyIds ? { akid: Buffer.from('m2') } : {}) });
    add(`two intermediates of one name are shown, ${said}`, 'trusted', {
      shown: [below, oldMiddle, newMiddle],
      anchors: [root],
    });
  }

  // A renewed authority: the same key.
  const sameKey = keyPair('p256', -1);
  const first = make({ subject: 'renewed', ca: true, key: sameKey, skid: Buffer.from('sha1 id') });
  const second = make({ subject: 'renewed', ca: true, key: sameKey, skid: Buffer.from('sha256 id') });
  const ofFirst = make({ issuer: first, akid: Buffer.from('sha1 id') });
  add('renewed with the same key and another key id', 'trusted', { shown: [ofFirst], anchors: [second] });
  add('renewed, both trusted', 'trusted', { shown: [ofFirst], anchors: [second, first] });
  add('renewed, the expired one beside it', 'trusted', {
    shown: [ofFirst],
    anchors: [make({ subject: 'renewed', ca: true, key: sameKey, until: -1 }), second],
  });
  add('the expired one shown, the renewed one trusted', 'trusted', {
    shown: [ofFirst, make({ subject: 'renewed', ca: true, key: sameKey, until: -1 })],
    anchors: [second],
  });
  add('a key id that no authority has', 'trusted', leafRow({ akid: Buffer.from('nobody') }));
  add(
    'an intermediate with a foreign key id',
    'trusted',
    interRow({ skid: Buffer.from('a') }, { akid: Buffer.from('b') }),
  );
  add(
    'a key id of issuer and serial number',
    'trusted',
    leafRow({
      extensions: [
        extension(
          '2.5.29.35',
          sequence(tag(0xa1, tag(0xa4, commonName('somebody else'))), tag(0x82, Buffer.from([9]))),
        ),
      ],
    }),
  );
  add('a renewed authority that has expired', expired, {
    shown: [ofFirst],
    anchors: [make({ subject: 'renewed', ca: true, key: sameKey, until: -1 })],
  });

  // Dates.
  add('an expired leaf', expired, leafRow({ until: -1 }));
  add('a leaf of tomorrow', expired, leafRow({ from: 1 }));
  add('an expired root', expired, rootRow({ until: -1 }));
  add('a root of tomorrow', expired, rootRow({ from: 1 }));
  add('an expired intermediate', expired, interRow({ until: -1 }));
  add('an intermediate of tomorrow', expired, interRow({ from: 1 }));
  add(
    'dates as UTCTime',
    'trusted',
    leafRow({ times: sequence(utcTime(daysFromNow(-1)), utcTime(daysFromNow(1))) }),
  );
  add(
    'a leaf without end (9999)',
    'trusted',
    leafRow({
      times: sequence(utcTime(daysFromNow(-1)), tag(0x18, Buffer.from('99991231235959Z'))),
    }),
  );
  add(
    'UTCTime without seconds',
    'trusted',
    leafRow({
      times: sequence(tag(0x17, Buffer.from('2001010000Z')), time(daysFromNow(1))),
    }),
  );
  add(
    'a time with an offset',
    'trusted',
    leafRow({
      times: sequence(tag(0x17, Buffer.from('200101000000+0100')), time(daysFromNow(1))),
    }),
  );
  add(
    'a time with fractions',
    'malformed GeneralizedTime',
    leafRow({
      times: sequence(tag(0x18, Buffer.from('20200101000000.5Z')), time(daysFromNow(1))),
    }),
  );
  add(
    'the 30th of February',
    'malformed UTCTime',
    leafRow({
      times: sequence(tag(0x17, Buffer.from('200230000000Z')), time(daysFromNow(1))),
    }),
  );
  add('a root expired, another way to a good one', 'trusted', crossSigned(root));
  add('a way too long, another one that is not', 'trusted', crossSigned(root, { ca: 0 }));
  add(
    'a way for clients only, another one for servers',
    'trusted',
    crossSigned(root, { usages: [clientAuth] }),
  );
  add('a loop of two authorities', unknown, loop([root]));
  add('a loop with a way out', 'trusted', loop());
  add('fifty intermediates of one name', 'trusted', ofOneName(root, 50));

  // Authorities.
  add('an issuer that is no authority', cannotSign, interRow({ ca: false, names: 'none' }));
  add('an issuer without basic constraints', cannotSign, interRow({ noBasicConstraints: true }));
  add('a root without basic constraints', cannotSign, rootRow({ noBasicConstraints: true }));
  add('a root that says it is no authority', cannotSign, rootRow({ ca: false, names: 'none' }));
  add('a root of version 1', 'trusted', rootRow({ version: 1 }));
  add('an intermediate of version 1', 'not authorized to sign other certificates', interRow({ version: 1 }));
  add('a root that may not sign certificates', cannotSign, rootRow({ keyUsage: [0, 2] }));
  add('a root that may', 'trusted', rootRow({ keyUsage: [5, 6] }));
  add('a root with an empty key usage', 'trusted', rootRow({ keyUsage: [] }));
  add('an intermediate that may not sign certificates', cannotSign, interRow({ keyUsage: [0] }));
  add('a path length of 0 and no intermediate', 'trusted', rootRow({ ca: 0 }));
  add('a path length of 0 with an intermediate', 'too many intermediates', underRoot({ ca: 0 }, 1));
  add('a path length of 1 with one', 'trusted', underRoot({ ca: 1 }, 1));
  add('a path length of 1 with two', 'too many intermediates', underRoot({ ca: 1 }, 2));
  add('a path length of 0 in the intermediate', 'trusted', interRow({ ca: 0 }));
  add('a leaf with the authority flag', 'trusted', leafRow({ ca: true, names: ['k8s.test'] }));
  add('a leaf of version 1', 'not valid for any names', leafRow({ version: 1, subject: 'k8s' }));

  // Usages.
  add('for servers', 'trusted', leafRow({ usages: [serverAuth] }));
  add('for clients only', unfitUsage, leafRow({ usages: [clientAuth] }));
  add('for both', 'trusted', leafRow({ usages: [clientAuth, serverAuth] }));
  add('for any usage', 'trusted', leafRow({ usages: [anyUsage] }));
  add('for clients and any usage', 'trusted', leafRow({ usages: [clientAuth, anyUsage] }));
  add('server gated crypto only', unfitUsage, leafRow({ usages: [serverGated] }));
  add('an unknown usage only', unfitUsage, leafRow({ usages: ['1.2.3.4'] }));
  add('an intermediate for clients only', unfitUsage, interRow({ usages: [clientAuth] }));
  add('an intermediate for servers', 'trusted', interRow({ usages: [serverAuth] }));
  add('an intermediate with server gated crypto', unfitUsage, interRow({ usages: [serverGated] }));
  add('a root for clients only', unfitUsage, rootRow({ usages: [clientAuth] }));
  add('a leaf whose key usage is key agreement', 'trusted', leafRow({ keyUsage: [4, 0] }));
  add('a leaf whose key usage is only to encipher', 'trusted', leafRow({ key: 'rsa2048', keyUsage: [0, 2] }));

  // Signatures and keys.
  for (const kind of ['sha256', 'sha384', 'sha512', 'pss'] as const) {
    add(`RSA with ${kind}`, 'trusted', rootRow({ key: 'rsa2048', sign: kind }, { sign: kind }));
    if (kind !== 'pss') add(`ECDSA with ${kind}`, 'trusted', rootRow({ sign: kind }, { sign: kind }));
  }
  add('Ed25519', 'trusted', rootRow({ key: 'ed25519' }));
  add('P-384 and P-521', 'trusted', rootRow({ key: 'p521' }, { key: 'p384' }));
  add('a root of P-224', 'trusted', rootRow({ key: 'p224' }));
  add('a root of a curve that Go does not know', unknown, rootRow({ key: 'secp256k1' }));
  add('a leaf with RSA 1024', 'trusted', leafRow({ key: 'rsa1024' }));
  add('a root with RSA 1024', 'trusted', rootRow({ key: 'rsa1024' }));
  add('an intermediate with RSA 1024', 'trusted', interRow({ key: 'rsa1024' }));
  add('a root with RSA 512', '512-bit keys are insecure', rootRow({ key: 'rsa512' }));
  add(
    'a leaf signed with SHA-1',
    'insecure algorithm SHA1-RSA',
    rootRow({ key: 'rsa2048' }, { sign: 'sha1' }),
  );
  add('an intermediate signed with SHA-1', 'insecure algorithm ECDSA-SHA1', interRow({ sign: 'sha1' }));
  add('a leaf signed with MD5', 'insecure algorithm MD5-RSA', rootRow({ key: 'rsa2048' }, { sign: 'md5' }));
  add('a root signed with SHA-1 by itself', 'trusted', rootRow({ sign: 'sha1' }));
  add('a broken signature (ECDSA)', 'ECDSA verification failure', leafRow({ breakSignature: true }));
  add(
    'a broken signature (RSA)',
    'crypto/rsa: verification error',
    rootRow({ key: 'rsa2048' }, { breakSignature: true }),
  );
  add(
    'a broken signature (Ed25519)',
    'Ed25519 verification failure',
    rootRow({ key: 'ed25519' }, { breakSignature: true }),
  );
  add(
    'a broken signature of an intermediate',
    'ECDSA verification failure',
    interRow({ breakSignature: true }),
  );
  add('a root whose own signature is broken', 'trusted', rootRow({ breakSignature: true }));
  add('another issuer of the same name signed it', 'ECDSA verification failure', {
    shown: [make({ issuer: make({ subject: 'root', ca: true }) })],
    anchors: [root],
  });
  add("an issuer's name that no authority has", unknown, leafRow({ issuerName: commonName('elsewhere') }));
  add(
    "an issuer's name in another string type",
    unknown,
    leafRow({
      issuerName: sequence(attribute('2.5.4.3', 0x13, Buffer.from('root'))),
    }),
  );
  add("an issuer's name in other letters", unknown, leafRow({ issuerName: commonName('ROOT') }));
  add(
    'inner and outer algorithm differ',
    "signature algorithm identifiers don't match",
    leafRow({ outerSign: 'sha384' }),
  );

  // Names.
  const named = (names: Wish['names'], host: string, verdict: string): void => {
    const list = names === 'none' || names === undefined ? 'no names' : names.join(' ');
    add(`${list} for ${host}`, verdict, leafRow({ names: names ?? 'none', subject: 'k8s.test' }, host));
  };
  const validFor = 'certificate is valid for';
  named(['k8s.test'], 'k8s.test', 'trusted');
  named(['K8S.Test'], 'k8s.test', 'trusted');
  named(['k8s.test'], 'K8S.TEST', 'trusted');
  named(['k8s.test'], 'k8s.test.', 'trusted');
  named(['other.test', 'k8s.test'], 'k8s.test', 'trusted');
  named(['other.test'], 'k8s.test', validFor);
  named(['*.test'], 'k8s.test', 'trusted');
  named(['*.lan'], 'k3s.lan', 'trusted');
  named(['*.LAN'], 'k3s.lan', 'trusted');
  named(['*.example.test'], 'a.example.test', 'trusted');
  named(['*.example.test'], 'a.b.example.test', validFor);
  named(['*.example.test'], 'example.test', validFor);
  named(['*'], 'localhost', validFor);
  named(['*.*.test'], 'a.b.test', validFor);
  named(['a*.test'], 'ab.test', validFor);
  named(['*b.test'], 'ab.test', validFor);
  named(['a.*.test'], 'a.b.test', validFor);
  named(['my_server.test'], 'my_server.test', 'trusted');
  named(['*.test'], 'my_server.test', 'trusted');
  named(['_a.test'], '_a.test', 'trusted');
  named(['-a.test'], '-a.test', 'trusted');
  named(['*.test'], '-a.test', validFor);
  named(['k8s'], 'k8s', 'trusted');
  named(['k8s.test.'], 'k8s.test', validFor);
  named(['.test'], 'k8s.test', validFor);
  named(['a b'], 'k8s.test', validFor);
  named('none', 'k8s.test', 'relies on legacy Common Name field');
  named(['127.0.0.1'], 'k8s.test', 'not valid for any names');
  named(['10.0.0.1'], '10.0.0.1', 'trusted');
  named(['10.0.0.1'], '10.0.0.2', 'certificate is valid for 10.0.0.1, not 10.0.0.2');
  named(['k8s.test'], '10.0.0.1', "doesn't contain any IP SANs");
  named(['::1'], '::1', 'trusted');
  named(['::1'], '0:0:0:0:0:0:0:1', 'trusted');
  named(['::1'], '[::1]', 'trusted');
  named(['k8s.test'], '[::1]', "doesn't contain any IP SANs");
  named(['::ffff:127.0.0.1'], '127.0.0.1', 'trusted');
  named(['raw-ip:0a0000'], '10.0.0.1', 'cannot parse IP address of length 3');
  named(['spiffe://cluster.test/a', 'k8s.test'], 'k8s.test', 'trusted');
  named(['urn:uuid:1', 'k8s.test'], 'k8s.test', 'trusted');
  named(['https://[bad/', 'k8s.test'], 'k8s.test', 'cannot parse URI');
  named(['https://a..b/', 'k8s.test'], 'k8s.test', 'cannot parse URI');
  named(['a@b.test', 'k8s.test'], 'k8s.test', 'trusted');
  named(['caf\xe9.test', 'k8s.test'], 'k8s.test', 'SAN dNSName is malformed');

  // Name constraints.
  const constrained = (
    permitted: Subtree,
    excluded: Subtree,
    names: readonly string[],
    verdict: string,
    critical = true,
  ): void => {
    const said = JSON.stringify({ permitted, excluded });
    add(
      `constraints ${said}${critical ? '' : ' (not critical)'} on ${names.join(' ')}`,
      verdict,
      rootRow({ extensions: [nameConstraints(permitted, excluded, critical)] }, { names }),
    );
  };
  constrained({ dns: ['test'] }, {}, ['k8s.test'], 'trusted');
  constrained({ dns: ['k8s.test'] }, {}, ['k8s.test'], 'trusted');
  constrained({ dns: ['.test'] }, {}, ['k8s.test'], 'trusted');
  constrained({ dns: ['.k8s.test'] }, {}, ['k8s.test'], notAllowed);
  constrained({ dns: ['TEST'] }, {}, ['k8s.test'], 'trusted');
  constrained({ dns: ['example'] }, {}, ['k8s.test'], notAllowed);
  constrained({ dns: ['s.test'] }, {}, ['k8s.test'], notAllowed);
  constrained({ dns: ['test'] }, {}, ['k8s.test', 'other.example'], notAllowed);
  constrained({ dns: ['test'] }, {}, ['k8s.test', '127.0.0.1'], 'trusted');
  constrained({ dns: ['example'] }, {}, ['k8s.test'], notAllowed, false);
  constrained({}, { dns: ['test'] }, ['k8s.test'], notAllowed);
  constrained({}, { dns: ['example'] }, ['k8s.test'], 'trusted');
  constrained({}, { dns: ['secret.test'] }, ['k8s.test', '*.test'], notAllowed);
  constrained({ dns: ['test'] }, { dns: ['k8s.test'] }, ['k8s.test'], notAllowed);
  constrained({ dns: [''] }, {}, ['k8s.test'], 'trusted');
  constrained({ ip: ['7f000000ff000000'] }, {}, ['k8s.test', '127.0.0.1'], 'trusted');
  constrained({ ip: ['0a000000ff000000'] }, {}, ['k8s.test', '127.0.0.1'], notAllowed);
  constrained({}, { ip: ['7f000000ff000000'] }, ['k8s.test', '127.0.0.1'], notAllowed);
  constrained({ ip: [`${'0'.repeat(32)}${'0'.repeat(32)}`] }, {}, ['k8s.test', '::1'], 'trusted');
  // Go finds ranges by their first address, which hides a range whose address is not the first one.
  constrained({ ip: ['0a010203ff000000', '0a000001ffffffff'] }, {}, ['k8s.test', '10.0.0.2'], notAllowed);
  constrained({ ip: ['0a010203ff000000'] }, {}, ['k8s.test', '10.0.0.2'], 'trusted');
  constrained({ ip: ['0a000000ff000000', '0a000001ffffffff'] }, {}, ['k8s.test', '10.0.0.2'], 'trusted');
  constrained({}, { ip: ['0a010203ff000000', '0a000001ffffffff'] }, ['k8s.test', '10.0.0.2'], 'trusted');
  constrained({ ip: ['7f000000ff00ff00'] }, {}, ['k8s.test'], unknown);
  constrained({ email: ['b.test'] }, {}, ['k8s.test', 'a@b.test'], 'trusted');
  constrained({ email: ['a@b.test'] }, {}, ['k8s.test', 'x@b.test'], notAllowed);
  constrained({ email: ['.test'] }, {}, ['k8s.test', 'a@b.test'], 'trusted');
  constrained({ uri: ['cluster.test'] }, {}, ['k8s.test', 'spiffe://cluster.test/a'], 'trusted');
  constrained({ uri: ['cluster.test'] }, {}, ['k8s.test', 'spiffe://other.test/a'], notAllowed);
  constrained({ uri: ['cluster.test'] }, {}, ['k8s.test', 'urn:uuid:1'], notAllowed);
  constrained({ uri: ['cluster.test'] }, {}, ['k8s.test', 'https://127.0.0.1/a'], notAllowed);
  constrained({ uri: ['cluster.test'] }, {}, ['k8s.test', 'https://[::1]:443/a'], 'URI with IP (');
  constrained({ uri: ['cluster.test'] }, {}, ['k8s.test', 'https://a@cluster.test:80/'], 'trusted');
  constrained({ dns: ['a.test'] }, {}, ['k8s.test', '*.a.test'], notAllowed);
  constrained({}, { dns: ['x.a.test'] }, ['k8s.test', '*.a.test'], notAllowed);
  constrained({ dns: ['test.'] }, {}, ['k8s.test'], unknown);
  constrained({ directory: true }, {}, ['k8s.test'], 'unhandled critical extension');
  constrained({ directory: true }, {}, ['k8s.test'], 'trusted', false);
  constrained({}, {}, ['k8s.test'], unknown);
  add(
    'constraints of an intermediate',
    notAllowed,
    interRow({ extensions: [nameConstraints({ dns: ['example'] }, {})] }),
  );
  add(
    'constraints of an intermediate that fit',
    'trusted',
    interRow({ extensions: [nameConstraints({ dns: ['test'] }, {})] }),
  );
  add(
    'constraints of a leaf do not bind it',
    'trusted',
    leafRow({ extensions: [nameConstraints({ dns: ['example'] }, {})] }),
  );
  add('constraints on the names of an intermediate', notAllowed, {
    ...underConstrained(),
  });

  // Extensions.
  const odd = (critical: boolean): Buffer => extension('1.2.3.4.5', tag(4, Buffer.from('x')), critical);
  add('an unknown extension', 'trusted', leafRow({ extensions: [odd(false)] }));
  add('an unknown critical extension', 'unhandled critical extension', leafRow({ extensions: [odd(true)] }));
  add(
    'an unknown critical extension in the root',
    'unhandled critical extension',
    rootRow({ extensions: [odd(true)] }),
  );
  add(
    'an unknown critical extension in the intermediate',
    'unhandled critical extension',
    interRow({ extensions: [odd(true)] }),
  );
  add('the same extension twice', 'duplicate extension', leafRow({ extensions: [odd(false), odd(false)] }));
  add(
    'a critical key id',
    'subject key identifier incorrectly marked critical',
    leafRow({
      extensions: [extension('2.5.29.14', tag(4, Buffer.from('x')), true)],
    }),
  );
  add(
    'a critical key id of the authority',
    'authority key identifier incorrectly marked critical',
    leafRow({
      extensions: [extension('2.5.29.35', sequence(tag(0x80, Buffer.from('x'))), true)],
    }),
  );
  add(
    'alternative names that are critical',
    'trusted',
    leafRow({
      names: 'none',
      extensions: [extension('2.5.29.17', sequence(generalName('k8s.test')), true)],
    }),
  );
  add(
    'only names of an unknown kind, critical',
    'unhandled critical extension',
    leafRow({
      names: 'none',
      extensions: [extension('2.5.29.17', sequence(tag(0x88, Buffer.from([0x2a]))), true)],
    }),
  );
  add(
    'a Netscape comment',
    'trusted',
    leafRow({
      extensions: [extension('2.16.840.1.113730.1.13', tag(0x16, Buffer.from('made by hand')))],
    }),
  );
  add(
    'a Netscape certificate type: client',
    'trusted',
    leafRow({
      extensions: [extension('2.16.840.1.113730.1.1', tag(3, Buffer.from([7, 0x80])))],
    }),
  );

  // Policies.
  const [one, two] = ['1.3.6.1.4.1.99999.1', '1.3.6.1.4.1.99999.2'];
  const withPolicies = (inter: Buffer[], leaf: Buffer[]): Row =>
    interRow({ extensions: inter }, { extensions: leaf });
  add('policies that nobody demands', 'trusted', withPolicies([policies(one)], [policies(two)]));
  add(
    'a policy that is demanded and there',
    'trusted',
    withPolicies([policies(one), policyConstraints(0)], [policies(one)]),
  );
  add(
    'a policy that is demanded and missing',
    'no valid chains built',
    withPolicies([policies(one), policyConstraints(0)], []),
  );
  add(
    'a policy that is demanded and another one',
    'no valid chains built',
    withPolicies([policies(one), policyConstraints(0)], [policies(two)]),
  );
  add(
    'any policy, demanded',
    'trusted',
    withPolicies([policies(anyPolicy), policyConstraints(0)], [policies(two)]),
  );
  add(
    'a policy that is mapped',
    'trusted',
    withPolicies([policies(one), policyMapping(one, two), policyConstraints(0)], [policies(two)]),
  );
  add(
    'any policy is mapped',
    'no valid chains built',
    withPolicies([policies(anyPolicy), policyMapping(anyPolicy, two)], [policies(two)]),
  );
  add('a policy twice', 'invalid certificate policies', withPolicies([], [policies(one, one)]));
  add('a demand of the leaf itself', 'no valid chains built', withPolicies([], [policyConstraints(0)]));
  add('a demand for later', 'trusted', withPolicies([policyConstraints(5)], []));
  add('a negative demand does not count', 'trusted', withPolicies([policyConstraints(0x81)], []));
  add('a negative demand of the leaf', 'trusted', withPolicies([], [policyConstraints(0xff, 0xff)]));
  add('a demand of the root does not count', 'trusted', rootRow({ extensions: [policyConstraints(0)] }));

  // Encodings.
  add('a negative serial number', 'negative serial number', leafRow({ serial: Buffer.from([0xff, 0x01]) }));
  add(
    'a serial number with leading zeros',
    'malformed serial number',
    leafRow({ serial: Buffer.from([0, 0, 1]) }),
  );
  add('a serial number of 0', 'trusted', leafRow({ serial: Buffer.from([0]) }));
  add('a serial number of 30 bytes', 'trusted', leafRow({ serial: Buffer.alloc(30, 0x11) }));
  add(
    'a printable string with an underscore',
    'invalid PrintableString',
    leafRow({
      subject: sequence(attribute('2.5.4.3', 0x13, Buffer.from('my_server'))),
    }),
  );
  add(
    'a printable string with an asterisk',
    'trusted',
    leafRow({
      subject: sequence(attribute('2.5.4.3', 0x13, Buffer.from('*.test'))),
    }),
  );
  add(
    'UTF-8 that is none',
    'invalid UTF-8 string',
    leafRow({
      subject: sequence(attribute('2.5.4.3', 0x0c, Buffer.from([0xff, 0xfe]))),
    }),
  );
  add(
    'a T61 string',
    'trusted',
    leafRow({ subject: sequence(attribute('2.5.4.3', 0x14, Buffer.from([0xe9]))) }),
  );
  add(
    'a BMP string',
    'trusted',
    leafRow({ subject: sequence(attribute('2.5.4.3', 0x1e, Buffer.from([0, 0x41]))) }),
  );
  add('an empty subject', 'trusted', leafRow({ subject: sequence() }));
  add(
    'RSA without NULL',
    'RSA key missing NULL parameters',
    leafRow({
      key: keyPair('rsa2048', -9),
      spki: withoutNull(keyPair('rsa2048', -9)),
    }),
  );
  add('something after the certificate', 'trailing data', trailing(leafRow({})));

  return rows.map(([name, verdict, { shown, anchors, host }]) => {
    const [leaf] = shown;
    if (leaf === undefined) throw new Error(`${name}: nothing is shown`);
    return {
      name,
      verdict,
      key: leaf.keys.privateKey,
      shown: shown.map(({ der }) => der),
      anchors: anchors.map(({ der }) => der),
      host: host ?? 'k8s.test',
    };
  });
}

const anyPolicy = '2.5.29.32.0';

function twoIntermediates(root: Made): Row {
  const upper = make({ subject: 'upper', issuer: root, ca: true });
  const lower = make({ subject: 'lower', issuer: upper, ca: true });
  return { shown: [make({ issuer: lower }), lower, upper], anchors: [root] };
}

function reversed({ shown: [leaf, ...others], anchors }: Row): Row {
  return { shown: [...(leaf === undefined ? [] : [leaf]), ...others.reverse()], anchors };
}

function anchoredAtIntermediate(root: Made): Row {
  const middle = make({ subject: 'middle', issuer: root, ca: true });
  return { shown: [make({ issuer: middle }), middle], anchors: [middle] };
}

function anchoredAtHiddenIntermediate(root: Made): Row {
  const { shown, anchors } = anchoredAtIntermediate(root);
  return { shown: shown.slice(0, 1), anchors };
}

/** The leaf's issuer has two certificates: of a bad root (default: expired) and of a good one. */
function crossSigned(root: Made, bad: Wish = { until: -1 }): Row {
  const old = make({ subject: 'old root', ca: true, ...bad });
  const keys = keyPair('p256', -2);
  const first = make({ subject: 'crossed', issuer: old, ca: true, key: keys });
  const second = make({ subject: 'crossed', issuer: root, ca: true, key: keys });
  return { shown: [make({ issuer: first }), first, second], anchors: [old, root] };
}

/** Two authorities that certify each other. @param anchors default: one of them, self-signed */
function loop(anchors?: readonly Made[]): Row {
  const [firstKeys, secondKeys] = [keyPair('p256', -3), keyPair('p256', -4)];
  const firstRoot = make({ subject: 'first', ca: true, key: firstKeys });
  const secondRoot = make({ subject: 'second', ca: true, key: secondKeys });
  const first = make({ subject: 'first', issuer: secondRoot, ca: true, key: firstKeys });
  const second = make({ subject: 'second', issuer: firstRoot, ca: true, key: secondKeys });
  return { shown: [make({ issuer: first }), first, second], anchors: anchors ?? [secondRoot] };
}

/** The last of many intermediates of one name is the issuer. */
function ofOneName(root: Made, count: number): Row {
  const all = Array.from({ length: count }, () => make({ subject: 'one of many', issuer: root, ca: true }));
  return { shown: [make({ issuer: all.at(-1) ?? root }), ...all], anchors: [root] };
}

function underRoot(authority: Wish, count: number): Row {
  const root = make({ subject: 'limited', ca: true, ...authority });
  const below: Made[] = [];
  for (let at = 0; at < count; at += 1) {
    below.unshift(make({ subject: `below ${at}`, issuer: below[0] ?? root, ca: true }));
  }
  return { shown: [make({ issuer: below[0] ?? root }), ...below], anchors: [root] };
}

function underConstrained(): Row {
  const root = make({ subject: 'narrow', ca: true, extensions: [nameConstraints({ dns: ['test'] }, {})] });
  const middle = make({ subject: 'odd middle', issuer: root, ca: true, names: ['other.example'] });
  return { shown: [make({ issuer: middle }), middle], anchors: [root] };
}

function withoutNull({ publicKey }: Pair): Buffer {
  const bits = publicKey.export({ type: 'pkcs1', format: 'der' });
  return sequence(sequence(oid('1.2.840.113549.1.1.1')), tag(3, Buffer.concat([Buffer.from([0]), bits])));
}

function trailing({ shown: [leaf], anchors }: Row): Row {
  if (leaf === undefined) throw new Error('no leaf');
  return { shown: [{ ...leaf, der: Buffer.concat([leaf.der, Buffer.from([0])]) }], anchors };
}

/** Certificates as PEM, one after the other. */
export function pemOf(certificates: readonly Buffer[]): string {
  return certificates.map(pem).join('');
}
