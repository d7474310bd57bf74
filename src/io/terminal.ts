// The terminal for what draws on the whole screen, and the signals after which it has to be as it was. Entry points: canDraw(),
// openTerminal().

/** Standard input and output of a terminal as they are. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /**
   * Watches over a screen that has been taken: `leave` is called before the process ends or stops, whatever ends or stops it
   * short of SIGKILL and SIGSTOP, `enter` when it goes on.
   */
  guard(screen: Screen): ScreenGuard;
}

/** What takes a screen and gives it back; both have to be safe to call twice. */
export interface Screen {
  enter(): void;
  leave(): void;
}

export interface ScreenGuard {
  /** Stops the process, as Ctrl-Z does where the terminal itself reads the keys. */
  suspend(): void;
  /** The screen has been given back for good. */
  release(): void;
}

/**
 * Whether a screen can be drawn: not on a dumb terminal, and not where Ink draws nothing because it takes the environment
 * for a CI system.
 */
export function canDraw(env: Readonly<Record<string, string | undefined>>): boolean {
  const isSet = (name: string): boolean => env[name] !== undefined && !['', '0', 'false'].includes(env[name]);
  const isCi =
    isSet('CI') || isSet('CONTINUOUS_INTEGRATION') || Object.keys(env).some((name) => name.startsWith('CI_'));
  return env['TERM'] !== 'dumb' && !isCi;
}

/** Signals that end a process whose default action nobody has changed; those that main.ts listens to are not among them. */
const fatalSignals = [
  'SIGABRT',
  'SIGALRM',
  'SIGSYS',
  'SIGTRAP',
  'SIGUSR2',
  'SIGVTALRM',
  'SIGXCPU',
  'SIGPWR',
] as const;

/** What is used of Node's `process`. */
export type TerminalProcess = Pick<
  NodeJS.Process,
  'stdin' | 'stdout' | 'on' | 'once' | 'off' | 'kill' | 'pid'
>;

/** The terminal of a process whose standard input and output are one. */
export function openTerminal(host: TerminalProcess): Terminal {
  return {
    stdin: host.stdin,
    stdout: host.stdout,
    guard: (screen) => guardScreen(host, screen),
  };
}

function guardScreen(host: TerminalProcess, screen: Screen): ScreenGuard {
  let isReleased = false;
  const leave = (): void => screen.leave();

  /** @param pid 0: all processes of the job, as the terminal itself would */
  function stop(pid: number): void {
    screen.leave();
    host.off('SIGTSTP', onStop);
    host.kill(pid, 'SIGTSTP');
    // Goes on here at once where nothing stops it: in a process group without a shell that could wake it up.
    setImmediate(goOn);
  }
  function goOn(): void {
    if (isReleased) return;
    host.off('SIGTSTP', onStop);
    host.on('SIGTSTP', onStop);
    // The shell has set modes of its own, also after a SIGSTOP, of which nobody is told.
    screen.leave();
    screen.enter();
  }
  const onStop = (): void => stop(host.pid);
  const onFatal = (name: NodeJS.Signals): void => {
    screen.leave();
    host.off(name, onFatal);
    host.kill(host.pid, name);
  };

  host.on('SIGTSTP', onStop);
  host.on('SIGCONT', goOn);
  host.on('exit', leave);
  for (const name of fatalSignals) host.on(name, onFatal);
  return {
    suspend: () => stop(0),
    release() {
      isReleased = true;
      host.off('SIGTSTP', onStop);
      host.off('SIGCONT', goOn);
      host.off('exit', leave);
      for (const name of fatalSignals) host.off(name, onFatal);
    },
  };
}
