// Reads keys with Ink. Entry point: openInk(). screen.ts loads this file after the first frame,
// because loading Ink takes longer than everything until then, and draws the frames itself: Ink
// makes an object for each character of each frame, which takes 15 ms and 30 MB.

import { render, useInput } from 'ink';
import { Fragment, type ReactElement } from 'react';
import type { Terminal } from '../io/terminal.ts';
import { windowSize } from './frame.ts';
import type { Key } from './keymap.ts';

export interface InkOptions {
  readonly onKey: (key: Key) => void;
  /** Called at Ctrl-C. */
  readonly onInterrupt: () => void;
  /** Called at Ctrl-Z. */
  readonly onSuspend: () => void;
}

export interface InkKeys {
  /** Stops reading keys. */
  readonly close: () => void;
}

export type OpenInk = typeof openInk;

/** Reads keys until {@link InkKeys.close}. Draws nothing. */
export function openInk({ stdin, stdout }: Terminal, options: InkOptions): InkKeys {
  const ink = render(<Keys {...options} />, {
    stdin,
    stdout: withWindowSize(stdout),
    exitOnCtrlC: false,
    patchConsole: false,
  });
  return {
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
