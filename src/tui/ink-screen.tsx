// Draws frames and reads keys with Ink. Entry point: openInk(). screen.ts loads this file
// after the first frame, because loading Ink takes longer than everything until then.

import { render, useInput } from 'ink';
import { Fragment, type ReactElement } from 'react';
import type { Terminal } from '../io/terminal.ts';
import { FrameView } from './frame-view.tsx';
import { windowSize, type Frame } from './frame.ts';
import type { Key } from './keymap.ts';

export interface InkOptions {
  readonly onKey: (key: Key) => void;
  /** Called at Ctrl-C. */
  readonly onInterrupt: () => void;
  /** Called at Ctrl-Z. */
  readonly onSuspend: () => void;
}

export interface InkScreen {
  readonly draw: (frame: Frame) => void;
  /** Stops reading keys and restores the cursor. */
  readonly close: () => void;
}

export type OpenInk = typeof openInk;

/** Draws the frame at the cursor, and reads keys until {@link InkScreen.close}. */
export function openInk({ stdin, stdout }: Terminal, frame: Frame, options: InkOptions): InkScreen {
  const scene = (shown: Frame): ReactElement => (
    <Fragment>
      <Keys {...options} />
      <FrameView frame={shown} />
    </Fragment>
  );
  const ink = render(scene(frame), {
    stdin,
    stdout: withWindowSize(stdout),
    exitOnCtrlC: false,
    patchConsole: false,
    // screen.ts decides how often it draws: a limit here would delay the answer to a key.
    maxFps: 0,
  });
  return {
    draw: (shown) => {
      ink.rerender(scene(shown));
    },
    close: () => {
      ink.unmount();
    },
  };
}

/**
 * Returns the stream with the size from {@link windowSize} as its `columns` and `rows`, from which
 * Ink takes the size of its layout.
 */
function withWindowSize(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  return new Proxy(stdout, {
    get: (stream, name): unknown =>
      name === 'columns' || name === 'rows' ? windowSize(stream)[name] : Reflect.get(stream, name, stream),
  });
}

/**
 * Converts a character to a key. Ink reports fast typing and pasted text as one input of several
 * characters, which can include control characters.
 */
function keyOf(character: string): Key {
  if (character === '\r' || character === '\n') return 'enter';
  if (character === '\u007f' || character === '\b') return 'backspace';
  return character === '\u001b' ? 'escape' : { character };
}

/** Converts Ink's input events to keys. */
function Keys({ onKey, onInterrupt, onSuspend }: InkOptions): ReactElement {
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
