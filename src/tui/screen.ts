// The whole screen of a terminal: draws frames, passes on keys, copies text, and restores the
// terminal. Entry point: openScreen(). The models decide what is shown. Ink reads the keys once it
// is loaded.

import chalk from 'chalk';
import type { ColorLevel } from '../io/io.ts';
import type { Terminal } from '../io/terminal.ts';
import { windowSize, type Frame } from './frame.ts';
import type { InkKeys, OpenInk } from './ink-screen.tsx';
import type { Key } from './keymap.ts';
import { paint } from './style.ts';

export interface ScreenOptions {
  readonly color: ColorLevel;
  readonly frame: (columns: number, rows: number) => Frame;
  readonly onKey: (key: Key) => void;
  /** Called at Ctrl-C. */
  readonly onInterrupt: () => void;
  /** Called twice a second. */
  readonly onTick?: () => void;
}

export interface Screen {
  /** Draws soon. Many calls in a row cost one frame. */
  readonly refresh: () => void;
  /** Draws as soon as the pending keys have been handled. */
  readonly refreshAtOnce: () => void;
  /** Tells that the next frame has what the user waits for: Ink is loaded after it. */
  readonly settled: () => void;
  /** Asks the terminal to copy text to its clipboard (OSC 52). No terminal confirms it. */
  readonly copy: (text: string) => void;
  /** Restores the terminal until {@link Screen.resume}, for another screen. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Restores the terminal. Safe to call twice. */
  readonly close: () => void;
}

/** Milliseconds between frames for changes without a key, and between ticks. */
const frameMs = 80;
const tickMs = 500;

/**
 * Milliseconds after which Ink is loaded and keys are heard, whether anything has settled or not.
 */
const inkMs = 400;

const enterAlternateScreen = '\u001b[?1049h\u001b[H';
const leaveAlternateScreen = '\u001b[?1049l';
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const clearRight = '\u001b[K';
const clearBelow = '\u001b[J';
/** A terminal that knows them shows what is between them at once. Others ignore them. */
const beginFrame = '\u001b[?2026h';
const endFrame = '\u001b[?2026l';

/** Max bytes of base64. Terminals cut or ignore longer texts. */
const maxCopied = 74_994;

/** Uses the whole terminal until {@link Screen.close}. */
export function openScreen(terminal: Terminal, options: ScreenOptions): Screen {
  const { stdin, stdout } = terminal;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let isPaused = false;
  /** False while the process is about to stop or to end, and does not own the screen. */
  let isShown = false;
  let isSettled = false;
  /** The text of the last frame. Empty: the screen may show something else. */
  let written = '';
  /** Undefined until Ink is loaded and reads keys. */
  let ink: InkKeys | undefined;
  /** Undefined until Ink is loaded. */
  let openInk: OpenInk | undefined;
  let loading: Promise<void> | undefined;
  // Ink uses chalk, which would detect terminal and environment by itself.
  chalk.level = options.color;

  function frame(): Frame {
    // One line stays free, so that no terminal scrolls.
    const { columns, rows } = windowSize(stdout);
    return options.frame(columns, Math.max(1, rows - 1));
  }

  function draw(): void {
    clearTimeout(timer);
    clearImmediate(immediate);
    timer = immediate = undefined;
    if (!isShown) return;
    write(frame());
    if (isSettled) load();
  }

  /**
   * Each line has its position, so that a line that is too wide for the terminal moves no other.
   * The rest is cleared before a line: behind a full line, terminals clear its last character.
   */
  function write(shown: Frame): void {
    const text = shown
      .map((line, row) => {
        const clear = row === shown.length - 1 ? clearBelow : clearRight;
        return `\u001b[${row + 1}H${clear}${line.map(paint).join('')}`;
      })
      .join('');
    if (text === written) return;
    written = text;
    stdout.write(beginFrame + text + endFrame);
  }

  function load(): void {
    clearTimeout(late);
    loading ??= import('./ink-screen.tsx').then((module) => {
      openInk = module.openInk;
      if (isShown) readKeys(openInk);
    });
  }

  function readKeys(open: OpenInk): void {
    ink = open(terminal, {
      onKey: press,
      onInterrupt: options.onInterrupt,
      onSuspend: () => guard.suspend(),
    });
  }

  function refresh(): void {
    timer ??= setTimeout(draw, frameMs);
  }

  /** A terminal can change what it shows with its size. */
  function resized(): void {
    written = '';
    refresh();
  }

  function refreshAtOnce(): void {
    immediate ??= setImmediate(draw);
  }

  function press(key: Key): void {
    options.onKey(key);
    refreshAtOnce();
  }

  function enter(): void {
    if (isPaused || isShown) return;
    isShown = true;
    // Before the first frame: the terminal would echo a key that follows it. Keys wait in the
    // terminal until Ink reads them.
    stdin.setRawMode(true);
    stdout.write(enterAlternateScreen + hideCursor);
    written = '';
    write(frame());
    if (openInk !== undefined) readKeys(openInk);
  }

  function leave(): void {
    if (!isShown) return;
    isShown = false;
    const leaving = ink;
    ink = undefined;
    try {
      if (leaving !== undefined) leaving.close();
      else stdin.setRawMode(false);
    } finally {
      stdout.write(showCursor + leaveAlternateScreen);
    }
  }

  // Every write to a closed terminal fails. The signal that comes with the close ends the command.
  const ignore = (): void => undefined;
  stdout.on('error', ignore);
  const guard = terminal.guard({ enter, leave });
  const late = setTimeout(load, inkMs);
  enter();
  const ticker = setInterval(() => {
    if (isPaused) return;
    options.onTick?.();
    refresh();
  }, tickMs);
  stdout.on('resize', resized);

  return {
    refresh,
    refreshAtOnce,
    settled() {
      isSettled = true;
    },
    copy(text) {
      const encoded = Buffer.from(text).toString('base64');
      if (isShown && encoded.length <= maxCopied) stdout.write(`\u001b]52;c;${encoded}\u0007`);
    },
    pause() {
      leave();
      isPaused = true;
    },
    resume() {
      isPaused = false;
      enter();
    },
    close() {
      guard.release();
      clearInterval(ticker);
      clearTimeout(late);
      clearTimeout(timer);
      clearImmediate(immediate);
      stdout.off('resize', resized);
      leave();
      // Ink leaves it referenced, which would keep the process alive.
      stdin.unref();
    },
  };
}
