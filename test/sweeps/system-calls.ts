// Replaces Node's functions for system calls, to record the calls of a command and to make one of
// them fail. Entry points: watchCalls(), failCall().
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { systemError } from '../system-errors.ts';

/** One call: the name of the function, and the file or address. */
export interface Call {
  readonly name: string;
  readonly target: string;
}

type Anything = (this: unknown, ...args: unknown[]) => unknown;
type Functions = Record<string, Anything>;

const sync = [
  'openSync',
  'readFileSync',
  'statSync',
  'writeFileSync',
  'mkdirSync',
  'renameSync',
  'readdirSync',
];
const async = [
  ...[
    'open',
    'readFile',
    'writeFile',
    'stat',
    'lstat',
    'mkdir',
    'mkdtemp',
    'readdir',
    'rename',
    'rm',
    'unlink',
  ],
  ...['chmod', 'access', 'realpath'],
];

/** The system call that an error names. */
const syscalls: Readonly<Record<string, string>> = {
  ...{ readFile: 'read', writeFile: 'write', readdir: 'scandir', rm: 'unlink' },
};

/** Called before each call. @returns the error of the call, or undefined to execute it */
type OnCall = (call: Call, syscall: string) => Error | undefined;

/**
 * Patches the functions.
 * @returns a function that restores them
 * @param below only files below this directory count, because the test runner has its own files
 */
function patch(below: string, onCall: OnCall): () => void {
  const undo: (() => void)[] = [];
  const replace = (holder: Functions, name: string, make: (original: Anything) => Anything): void => {
    const original = holder[name];
    if (original === undefined) return;
    holder[name] = make(original);
    undo.push(() => (holder[name] = original));
  };
  const isOurs = (path: unknown): path is string => typeof path === 'string' && path.startsWith(below);
  const problem = (name: string, path: string): Error | undefined => {
    const base = name.replace(/Sync$/, '');
    const syscall = syscalls[base] ?? base;
    const error = onCall({ name, target: path }, syscall);
    return error && Object.assign(error, { path });
  };
  for (const name of sync) {
    replace(
      fs as unknown as Functions,
      name,
      (original) =>
        function (...args) {
          const error = isOurs(args[0]) ? problem(name, args[0]) : undefined;
          if (error !== undefined) throw error;
          return original.apply(this, args);
        },
    );
  }
  for (const name of async) {
    replace(
      fs.promises as unknown as Functions,
      name,
      (original) =>
        function (...args) {
          const error = isOurs(args[0]) ? problem(name, args[0]) : undefined;
          return error === undefined ? original.apply(this, args) : Promise.reject(error);
        },
    );
  }
  replace(
    net.Socket.prototype as unknown as Functions,
    'connect',
    (original) =>
      function (this: unknown, ...args) {
        const error = onCall({ name: 'connect', target: '' }, 'connect');
        if (error === undefined) return original.apply(this, args);
        const socket = this as net.Socket;
        process.nextTick(() => socket.destroy(error));
        return socket;
      },
  );
  replace(
    net.Server.prototype as unknown as Functions,
    'listen',
    (original) =>
      function (this: unknown, ...args) {
        const error = onCall({ name: 'listen', target: '' }, 'listen');
        if (error === undefined) return original.apply(this, args);
        const server = this as net.Server;
        process.nextTick(() => server.emit('error', error));
        return server;
      },
  );
  replace(
    childProcess as unknown as Functions,
    'spawn',
    (original) =>
      function (...args) {
        const error = onCall({ name: 'spawn', target: String(args[0]) }, `spawn ${String(args[0])}`);
        // A program in a missing directory: Node then makes a failed child process, with all its
        // streams.
        if (error === undefined) return original.apply(this, args);
        const child = original.call(this, '/nonexistent/program', [], args[2]) as childProcess.ChildProcess;
        const emit = child.emit.bind(child);
        child.emit = ((event: string, ...rest: unknown[]) =>
          event === 'error' ? emit('error', error) : emit(event, ...rest)) as typeof child.emit;
        return child;
      },
  );
  syncBuiltinESMExports();
  return () => {
    for (const each of undo) each();
    syncBuiltinESMExports();
  };
}

/** Returns the calls during `run`, each once. */
export async function watchCalls(below: string, run: () => Promise<unknown>): Promise<readonly Call[]> {
  const calls = new Map<string, Call>();
  const undo = patch(below, (call) => {
    calls.set(`${call.name} ${call.target}`, call);
    return undefined;
  });
  try {
    await run();
  } finally {
    undo();
  }
  return [...calls.values()];
}

/**
 * Runs a function while every such call fails with the errno.
 * @returns its result, and how often the call was made
 */
export async function failCall<Value>(
  below: string,
  { name, target }: Call,
  errno: string,
  run: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly failed: number }> {
  let failed = 0;
  const undo = patch(below, (call, syscall) => {
    if (call.name !== name || call.target !== target) return undefined;
    failed += 1;
    return systemError(errno, syscall);
  });
  try {
    return { value: await run(), failed };
  } finally {
    undo();
  }
}
