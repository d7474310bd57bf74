// How long each step may take and how much an answer's head may hold.

/** Milliseconds unless said otherwise. */
export interface Limits {
  /** Name resolution and TCP together. Go's dialer, and so kubectl, waits as long. */
  readonly connectMs: number;
  /** The TLS handshake; client-go's value. */
  readonly tlsMs: number;
  /** What a proxy takes to open the tunnel: its own connect is part of it. */
  readonly proxyMs: number;
  /** Bytes of the status line and headers of an answer. */
  readonly headerBytes: number;
  /** Header lines of an answer. */
  readonly headerCount: number;
  /** 1xx answers before the real one. */
  readonly informational: number;
  /** An unused connection is given up; below what load balancers (60 s and up) and the API server (90 s) allow. */
  readonly idleMs: number;
}

export const defaultLimits: Limits = {
  connectMs: 30_000,
  tlsMs: 10_000,
  proxyMs: 30_000,
  headerBytes: 256 * 1024,
  headerCount: 1_000,
  informational: 100,
  idleMs: 30_000,
};
