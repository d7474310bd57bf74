// The whole screen of a terminal: draws frames, passes on keys, copies text, and restores the
// terminal. Entry point: openScreen(). The models decide what is shown.

import chalk from 'chalk';
import { render, useInput, type Instance } from 'ink';
import { Fragment, type ReactElement } from 'react';
import type { ColorLevel } from '../io/io.ts';
import type { Terminal } from '../io/terminal.ts';
import { FrameView } from './frame-view.tsx';
import type { Frame } from './frame.ts';
import type { Key } from './keymap.ts';

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

const enterAlternateScreen = '\u001b[?1049h\u001b[H';
const leaveAlternateScreen = '\u001b[?1049l';

/** Max bytes of base64. Terminals cut or ignore longer texts. */
const maxCopied = 74_994;

/** Uses the whole terminal until {@link Screen.close}. */
export function openScreen(terminal: Terminal, options: ScreenOptions): Screen {
  const { stdin, stdout } = terminal;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let isPaused = false;
  /** Undefined while the process is about to stop or to end, and does not own the screen. */
  let ink: Instance | undefined;
  // Ink uses chalk, which would detect terminal and environment by itself.
  chalk.level = options.color;

  function scene(): ReactElement {
    // One line stays free: Ink clears the whole screen for a frame as high as the window, which
    // flickers.
    const frame = options.frame(stdout.columns, Math.max(1, stdout.rows - 1));
    return (
      <Fragment>
        <Keys onKey={press} onInterrupt={options.onInterrupt} onSuspend={() => guard.suspend()} />
        <FrameView frame={frame} />
      </Fragment>
    );
  }

  function draw(): void {
    clearTimeout(timer);
    clearImmediate(immediate);
    timer = immediate = undefined;
    ink?.rerender(scene());
  }

  function refresh(): void {
    timer ??= setTimeout(draw, frameMs);
  }

  function refreshAtOnce(): void {
    immediate ??= setImmediate(draw);
  }

  function press(key: Key): void {
    options.onKey(key);
    refreshAtOnce();
  }

  function enter(): void {
    if (isPaused) return;
    stdout.write(enterAlternateScreen);
    ink = render(scene(), { stdin, stdout, exitOnCtrlC: false, patchConsole: false });
  }

  function leave(): void {
    if (ink === undefined) return;
    const leaving = ink;
    ink = undefined;
    try {
      leaving.unmount();
    } finally {
      stdout.write(leaveAlternateScreen);
    }
  }

  // Every write to a closed terminal fails. The signal that comes with the close ends the command.
  const ignore = (): void => undefined;
  stdout.on('error', ignore);
  const guard = terminal.guard({ enter, leave });
  enter();
  const ticker = setInterval(() => {
    if (isPaused) return;
    options.onTick?.();
    refresh();
  }, tickMs);
  stdout.on('resize', refresh);

  return {
    refresh,
    refreshAtOnce,
    copy(text) {
      const encoded = Buffer.from(text).toString('base64');
      if (ink !== undefined && encoded.length <= maxCopied) stdout.write(`\u001b]52;c;${encoded}\u0007`);
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
      clearTimeout(timer);
      clearImmediate(immediate);
      stdout.off('resize', refresh);
      leave();
      // Ink leaves it referenced, which would keep the process alive.
      stdin.unref();
    },
  };
}

/**
 * Converts a character to a key. Fast typing and pasting arrive as one chunk, including control
 * characters.
 */
function keyOf(character: string): Key {
  if (character === '\r' || character === '\n') return 'enter';
  if (character === '\u007f' || character === '\b') return 'backspace';
  return character === '\u001b' ? 'escape' : { character };
}

/** Converts Ink's input events to keys. */
function Keys({
  onKey,
  onInterrupt,
  onSuspend,
}: {
  readonly onKey: (key: Key) => void;
  readonly onInterrupt: () => void;
  readonly onSuspend: () => void;
}): ReactElement {
  useInput((input, key) => {
    if (key.ctrl && input === 'c') onInterrupt();
    else if (key.ctrl && input === 'z') onSuspend();
    else if (key.upArrow) onKey('up');
    else if (key.downArrow) onKey('down');
    else if (key.leftArrow) onKey('left');
    else if (key.rightArrow) onKey('right');
    else if (key.pageUp) onKey('pageUp');
    else if (key.pageDown) onKey('pageDown');
    else if (key.home) onKey('home');
    else if (key.end) onKey('end');
    else if (key.return) onKey('enter');
    else if (key.escape) onKey('escape');
    else if (key.backspace || key.delete) onKey('backspace');
    else if (!key.ctrl && !key.meta) for (const character of input) onKey(keyOf(character));
  });
  return <Fragment />;
}
