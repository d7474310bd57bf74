// Limits for the time of each step and for the size of an answer's head.

/** Limits of the transport, in milliseconds unless stated otherwise. */
export interface Limits {
  /**
   * Max time of name resolution and TCP connect together. Go's dialer, and so kubectl, waits as
   * long.
   */
  readonly connectMs: number;
  /** Max time of the TLS handshake. client-go has the same value. */
  readonly tlsMs: number;
  /** Max time for a proxy to open the tunnel, which includes its own connect. */
  readonly proxyMs: number;
  /** Max bytes of the status line and headers of an answer. */
  readonly headerBytes: number;
  /** Max header lines of an answer. */
  readonly headerCount: number;
  /** Max 1xx answers before the real one. */
  readonly informational: number;
  /**
   * Closes a connection that is idle for longer. Below the idle limits of load balancers (60 s and
   * up) and of the API server (90 s).
   */
  readonly idleMs: number;
  /**
   * Max requests of a pool that wait for a new connection at the same time. Bun reads from at most
   * five connections in a turn of its event loop while they are in a TLS handshake, the newest
   * first, so that older ones exceed `tlsMs` if many are opened at once.
   */
  readonly openings: number;
  /** Length of the timers that limit how long a request counts for `openings`. */
  readonly openingTickMs: number;
}

/** The limits that apply unless `TransportOptions.limits` replaces them. */
export const defaultLimits: Limits = {
  connectMs: 30_000,
  tlsMs: 10_000,
  proxyMs: 30_000,
  headerBytes: 256 * 1024,
  headerCount: 1_000,
  informational: 100,
  idleMs: 30_000,
  openings: 4,
  openingTickMs: 5,
};
