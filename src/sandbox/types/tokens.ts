// What service account tokens say, and who issues and reads them. Types only; access/tokens.ts makes an issuer.

import type { JsonObject } from '../../model/object.ts';

/** What a token is to say. */
export interface TokenRequest {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly serviceAccountUid: string;
  /** Empty: the API server itself. */
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  /** The pod or secret that the token dies with. */
  readonly boundObject?: { readonly kind: string; readonly name: string; readonly uid: string } | undefined;
}

/** What a valid token said. */
export interface TokenClaims {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly serviceAccountUid: string;
  readonly audiences: readonly string[];
  readonly id: string;
  readonly boundPod?: { readonly name: string; readonly uid: string } | undefined;
  readonly boundSecret?: { readonly name: string; readonly uid: string } | undefined;
}

/** @see https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens */
export interface TokenIssuer {
  issue(request: TokenRequest, now: Date): { readonly token: string; readonly expires: Date };
  /** Undefined for anything that is no unexpired token of this issuer; audiences are for the caller to judge. */
  read(token: string, now: Date): TokenClaims | undefined;
  /** Body of `/openid/v1/jwks`. */
  keySet(): JsonObject;
}
