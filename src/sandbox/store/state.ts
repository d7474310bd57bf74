// The state of a sandbox that outlives a request. Types only; sandbox.ts makes it.

import type { TypeRegistry } from '../types/registry.ts';
import type { TokenIssuer } from '../types/tokens.ts';
import type { RbacReader, UserInfo } from '../types/types.ts';
import type { Store } from './store.ts';

/** The state that outlives a request. */
export interface SandboxState {
  readonly store: Store;
  readonly registry: TypeRegistry;
  readonly tokens: TokenIssuer;
  readonly rbac: RbacReader;
  /** Static bearer tokens. */
  readonly staticTokens: ReadonlyMap<string, UserInfo>;
  /** PEM, as in `kube-root-ca.crt`. */
  readonly caCertificate: string;
  readonly now: () => Date;
  /** `host:port` of the listening socket. */
  readonly address: () => string;
}
