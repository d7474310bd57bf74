// Issues service account tokens: JWTs signed with a key of the sandbox, and the documents that
// publish that key. Entry point: createTokenIssuer. authenticate.ts checks tokens.

import {
  createHash,
  generateKeyPairSync,
  randomUUID,
  sign,
  verify,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { isJsonObject, stringAt, type Json, type JsonObject } from '../../model/object.ts';
import { parseJson, stringsOf } from '../../model/json.ts';
import type { TokenClaims, TokenIssuer } from '../types/tokens.ts';

/** `iss` of every token, and the audience of tokens that name none. The same as in kubeadm. */
export const tokenIssuer = 'https://kubernetes.default.svc';

/**
 * Creates an issuer with a new P-256 key (ES256): generating an RSA key would take longer than the
 * rest of the start.
 */
export function createTokenIssuer(): TokenIssuer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyId = createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64url');

  return {
    issue(request, now) {
      const issuedAt = Math.floor(now.getTime() / 1000);
      const expiresAt = issuedAt + request.expirationSeconds;
      const bound = request.boundObject;
      const claims = {
        aud: request.audiences.length === 0 ? [tokenIssuer] : request.audiences,
        exp: expiresAt,
        iat: issuedAt,
        iss: tokenIssuer,
        jti: randomUUID(),
        'kubernetes.io': {
          namespace: request.namespace,
          ...(bound === undefined
            ? {}
            : { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } }),
          serviceaccount: { name: request.serviceAccount, uid: request.serviceAccountUid },
        },
        nbf: issuedAt,
        sub: `system:serviceaccount:${request.namespace}:${request.serviceAccount}`,
      };
      const signed = `${encode({ alg: 'ES256', kid: keyId })}.${encode(claims)}`;
      return {
        token: `${signed}.${signature(signed, privateKey)}`,
        expires: new Date(expiresAt * 1000),
      };
    },
    read(token, now) {
      const parts = token.split('.');
      const [header, payload, signed] = parts;
      if (parts.length !== 3 || header === undefined || payload === undefined || signed === undefined) {
        return undefined;
      }
      const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
      const isVerified = verify(
        'sha256',
        Buffer.from(`${header}.${payload}`),
        key,
        Buffer.from(signed, 'base64url'),
      );
      return isVerified ? readClaims(decode(payload), now) : undefined;
    },
    keySet: () => ({ keys: [{ use: 'sig', kid: keyId, alg: 'ES256', ...publicJwk(publicKey) }] }),
  };
}

function signature(text: string, key: KeyObject): string {
  return sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/**
 * Decodes a payload. Called only if the signature is valid, so the text is JSON that `issue` wrote.
 */
function decode(payload: string): Json {
  return parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
}

function publicJwk(key: KeyObject): JsonObject {
  const { kty, crv, x, y }: JsonWebKey = key.export({ format: 'jwk' });
  return { kty, crv, x, y };
}

function readClaims(payload: Json, now: Date): TokenClaims | undefined {
  if (!isJsonObject(payload)) return undefined;
  const seconds = now.getTime() / 1000;
  const details = payload['kubernetes.io'];
  if (typeof payload['exp'] !== 'number' || payload['exp'] <= seconds || !isJsonObject(details)) {
    return undefined;
  }
  const account = details['serviceaccount'];
  const audiences = stringsOf(payload['aud']);
  if (!isJsonObject(account)) return undefined;
  return {
    namespace: stringAt(details, 'namespace'),
    serviceAccount: stringAt(account, 'name'),
    serviceAccountUid: stringAt(account, 'uid'),
    audiences,
    id: stringAt(payload, 'jti'),
    boundPod: reference(details['pod']),
    boundSecret: reference(details['secret']),
  };
}

function reference(value: Json | undefined): { name: string; uid: string } | undefined {
  return isJsonObject(value) ? { name: stringAt(value, 'name'), uid: stringAt(value, 'uid') } : undefined;
}
