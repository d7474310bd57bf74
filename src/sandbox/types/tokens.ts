// The content of service account tokens, and the interface of their issuer. Types only;
// access/tokens.ts makes an issuer.

import type { JsonObject } from '../../model/object.ts';

/** The content of a new token. */
export interface TokenRequest {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly serviceAccountUid: string;
  /** Empty: the audience of the API server. */
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  /** The pod or secret whose deletion invalidates the token. */
  readonly boundObject?: { readonly kind: string; readonly name: string; readonly uid: string } | undefined;
}

/** The content of a valid token. */
export interface TokenClaims {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly serviceAccountUid: string;
  readonly audiences: readonly string[];
  readonly id: string;
  readonly boundPod?: { readonly name: string; readonly uid: string } | undefined;
  readonly boundSecret?: { readonly name: string; readonly uid: string } | undefined;
}

/**
 * Issues and verifies service account tokens.
 * @see
 *   https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens
 */
export interface TokenIssuer {
  issue(request: TokenRequest, now: Date): { readonly token: string; readonly expires: Date };
  /**
   * Returns the content of a token. Undefined if it is not a valid, unexpired token of this issuer.
   * The caller checks the audiences.
   */
  read(token: string, now: Date): TokenClaims | undefined;
  /** Returns the body of `/openid/v1/jwks`. */
  keySet(): JsonObject;
}
