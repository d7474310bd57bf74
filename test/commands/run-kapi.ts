// Runs kapi in this process with a scripted server, terminal and clock. Entry point: runKapi().
// Fails the test at an unexpected request or an unused reply.

import { Readable } from 'node:stream';
import { expect } from 'vitest';
import { main } from '../../src/main.ts';
import type { ClusterConfig } from '../../src/config/cluster-config.ts';
import { ClosedPipe } from '../../src/io/closed-pipe.ts';
import { decideColor } from '../../src/io/process-io.ts';
import type { RawSink } from '../../src/io/io.ts';
import type { Probe } from '../../src/transport/probe.ts';
import type { World } from '../../src/world.ts';
import { notPasteable } from '../pasteable.ts';
import { scriptedSend, type Exchange } from '../scripted-send.ts';
import { virtualTime, type VirtualTime } from '../virtual-time.ts';

export interface RunOptions {
  /** Requests and responses of the server, in any order. */
  readonly replies?: readonly Exchange[];
  /** True for a terminal of 80 columns as stdout and stderr. Default: pipes. */
  readonly tty?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: Date;
  readonly config?: Partial<ClusterConfig>;
  /**
   * Home and working directory. If set, the configuration comes from flags, `env` and files, and
   * requests go to its server instead of `replies`.
   */
  readonly directory?: string;
  /** The results of the connection steps of `doctor`. */
  readonly probe?: Probe;
  /** Standard input. Default: empty. */
  readonly input?: string | Iterable<Uint8Array>;
  /** Number of writes after which the reader of stdout closes the pipe. */
  readonly closeAfterWrites?: number;
  /** The error that every write to the stream throws, or rejects with if `late`. */
  readonly failing?: { readonly stream: 'stdout' | 'stderr'; readonly error: Error; readonly late?: boolean };
  readonly signal?: AbortSignal;
  /** Default: waits end as soon as nothing else happens. */
  readonly time?: VirtualTime;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  /** `GET /path` of each request, in order. */
  readonly requests: readonly string[];
}

const testOrigin = { kind: 'kubeconfig', text: '/home/jane/.kube/config' } as const;

/** A plain cluster: token, CA, namespace `default`. */
export const testConfig: ClusterConfig = {
  server: { value: 'https://api.test:6443', origin: testOrigin },
  insecureSkipTlsVerify: { value: false, origin: { kind: 'default', text: "kapi's default" } },
  disableCompression: false,
  authorization: { kind: 'none' },
  namespace: { value: 'default', origin: testOrigin },
  requestTimeoutMs: 0,
  inPod: false,
};

/**
 * Runs a line.
 * @param line words of the command line without `kapi`; a string is split at spaces
 */
export async function runKapi(
  line: string | readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const script = scriptedSend(options.replies ?? []);
  const { failing } = options;
  const out = failing?.stream === 'stdout' ? broken(failing) : collector(options.closeAfterWrites);
  const err = failing?.stream === 'stderr' ? broken(failing) : collector();
  const env = options.env ?? {};
  const isTTY = options.tty === true;
  const time = options.time ?? virtualTime();
  const world: World = {
    io: (choice) => {
      const color = decideColor(choice, { TERM: 'xterm', ...env }, isTTY);
      const terminal = { isTTY, columns: isTTY ? (options.columns ?? 80) : undefined, color };
      return {
        in: Object.assign(Readable.from(chunksOf(options.input ?? '')), { isTTY: false }),
        out: { ...terminal, write: out.write },
        err: { ...terminal, write: err.write },
      };
    },
    env,
    home: options.directory,
    cwd: options.directory ?? '/cwd',
    platform: 'linux',
    nodeVersion: '20.18.1',
    now: () => options.now ?? new Date('2026-01-02T03:04:05Z'),
    clock: time.clock,
    sleep: time.sleep,
    random: () => 0.5,
    signal: options.signal ?? new AbortController().signal,
    terminal: () => Promise.resolve(undefined),
    ...(options.directory === undefined ? { send: script.send } : {}),
    liveTable: () => Promise.reject(new Error('these tests have no terminal')),
    ...(options.probe === undefined ? {} : { probe: options.probe }),
    ...(options.directory === undefined ? { config: { ...testConfig, ...options.config } } : {}),
  };
  const words = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
  const code = await main(words, world);
  if (options.closeAfterWrites === undefined && failing?.stream !== 'stdout') script.verify();
  // Every hint in the tests of commands is a command that can be pasted.
  expect(notPasteable(err.text())).toEqual([]);
  return { stdout: out.text(), stderr: err.text(), code, requests: script.lines() };
}

function chunksOf(input: string | Iterable<Uint8Array>): Iterable<Uint8Array> {
  return typeof input === 'string' ? [Buffer.from(input)] : input;
}

function collector(closeAfter = Infinity): { write: RawSink['write']; text: () => string } {
  const chunks: Buffer[] = [];
  return {
    write: (chunk) => {
      if (chunks.length >= closeAfter) throw new ClosedPipe();
      chunks.push(Buffer.from(chunk));
    },
    text: () => Buffer.concat(chunks).toString(),
  };
}

function broken({ error, late }: NonNullable<RunOptions['failing']>): ReturnType<typeof collector> {
  return {
    write: () => {
      if (late === true) return Promise.reject(error);
      throw error;
    },
    text: () => '',
  };
}
