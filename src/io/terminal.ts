// The terminal for full-screen programs, restored on the signals that end or stop the process.
// Entry points: canDraw(), openTerminal().

import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';

/** Standard input and output of a terminal. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /**
   * Restores the terminal: calls `leave` before the process ends or stops, for any reason except
   * SIGKILL and SIGSTOP, and `enter` when it continues.
   */
  guard(screen: Screen): ScreenGuard;
}

/** Enters and leaves full-screen mode. Both functions must be safe to call twice. */
export interface Screen {
  enter(): void;
  leave(): void;
}

export interface ScreenGuard {
  /** Stops the process, as Ctrl-Z does when the terminal reads the keys itself. */
  suspend(): void;
  /** Ends the guard. The screen has been restored for good. */
  release(): void;
}

/**
 * True if kapi can draw a screen: not on a dumb terminal, and not where Ink draws nothing because
 * the environment looks like a CI system.
 */
export function canDraw(env: Readonly<Record<string, string | undefined>>): boolean {
  const isSet = (name: string): boolean => env[name] !== undefined && !['', '0', 'false'].includes(env[name]);
  const isCi =
    isSet('CI') || isSet('CONTINUOUS_INTEGRATION') || Object.keys(env).some((name) => name.startsWith('CI_'));
  return env['TERM'] !== 'dumb' && !isCi;
}

/** Signals that end a process by default, without those that main.ts listens to. */
const fatalSignals = [
  'SIGABRT',
  'SIGALRM',
  'SIGIO',
  'SIGPROF',
  'SIGPWR',
  'SIGSTKFLT',
  'SIGSYS',
  'SIGTRAP',
  'SIGUSR2',
  'SIGVTALRM',
  'SIGXCPU',
  'SIGXFSZ',
] as const;

/**
 * Where keys come from: standard input, or wherever there is a terminal, because standard input has
 * a document.
 */
export type KeySource = 'stdin' | 'anywhere';

/** Opens the terminal of the process for keys. Undefined if the process has none. */
export function openKeys(): NodeJS.ReadStream | undefined {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    return undefined;
  }
}

/** The part of Node's `process` that this file uses. */
export type TerminalProcess = Pick<
  NodeJS.Process,
  'stdin' | 'stdout' | 'on' | 'once' | 'off' | 'kill' | 'pid'
>;

/** Opens the terminal of a process whose standard input and output are one. */
export function openTerminal(host: TerminalProcess, stdin: NodeJS.ReadStream = host.stdin): Terminal {
  return {
    stdin,
    stdout: host.stdout,
    guard: (screen) => guardScreen(host, stdin, screen),
  };
}

function guardScreen(host: TerminalProcess, stdin: NodeJS.ReadStream, screen: Screen): ScreenGuard {
  let isReleased = false;
  const leave = (): void => screen.leave();

  /**
   * Stops processes and restores the screen around the stop.
   * @param pid 0: all processes of the job, as the terminal does
   */
  function stop(pid: number): void {
    screen.leave();
    host.off('SIGTSTP', onStop);
    host.kill(pid, 'SIGTSTP');
    // Continues here at once if nothing stops the process: in a process group without a shell that
    // could resume it.
    setImmediate(resume);
  }
  function resume(): void {
    if (isReleased) return;
    host.off('SIGTSTP', onStop);
    host.on('SIGTSTP', onStop);
    // The shell set its own terminal modes, also after a SIGSTOP, which a process cannot observe.
    screen.leave();
    screen.enter();
  }
  const onStop = (): void => stop(host.pid);
  const onFatal = (name: NodeJS.Signals): void => {
    screen.leave();
    host.off(name, onFatal);
    host.kill(host.pid, name);
  };

  /**
   * Ends the process when the terminal closes. A process gets SIGHUP from its controlling terminal
   * only: one that it was merely given, as in some containers, ends its input and says no more.
   */
  const onClosed = (): void => {
    if (!isReleased) host.kill(host.pid, 'SIGHUP');
  };

  host.on('SIGTSTP', onStop);
  host.on('SIGCONT', resume);
  host.on('exit', leave);
  for (const name of fatalSignals) host.on(name, onFatal);
  for (const event of ['end', 'error', 'close']) stdin.once(event, onClosed);
  return {
    suspend: () => stop(0),
    release() {
      isReleased = true;
      host.off('SIGTSTP', onStop);
      host.off('SIGCONT', resume);
      host.off('exit', leave);
      for (const name of fatalSignals) host.off(name, onFatal);
      for (const event of ['end', 'close']) stdin.off(event, onClosed);
    },
  };
}
