// The live table on a terminal: feeds the model, limits the frame rate, handles keys, and restores
// the terminal. Entry point: openLiveTable().

import chalk from 'chalk';
import { render, useInput, type Instance } from 'ink';
import { Fragment, type ReactElement } from 'react';
import type { Terminal } from '../io/terminal.ts';
import type { Change } from '../model/change.ts';
import { LiveModel, type Key, type LiveOptions, type Request } from './live-model.ts';
import { LiveView } from './live-view.tsx';

export interface LiveOutside {
  /** Wall clock in milliseconds. */
  readonly nowMs: () => number;
  /** Returns the object as YAML. */
  readonly yaml: (change: Change) => Promise<string>;
  /** Returns the curl command that gets the object. */
  readonly curl: (change: Change) => Promise<string>;
  /** Returns the message for a failure of `yaml` or `curl`. */
  readonly failure: (thrown: unknown) => string;
  /** Called when `q` or Ctrl-C is pressed. */
  readonly end: (how: 'quit' | 'interrupt') => void;
}

export interface LiveTable {
  readonly model: LiveModel;
  /** Draws soon. Many calls in a row cost one frame. */
  refresh(): void;
  /** Restores the terminal. Safe to call twice. */
  close(): void;
}

/** Min milliseconds between two frames, and the interval for ages and fading if nothing happens. */
const frameMs = 80;
const tickMs = 500;

const enterAlternateScreen = '\u001b[?1049h\u001b[H';
const leaveAlternateScreen = '\u001b[?1049l';

/** Uses the whole terminal until {@link LiveTable.close}. */
export function openLiveTable(terminal: Terminal, options: LiveOptions, outside: LiveOutside): LiveTable {
  const { stdin, stdout } = terminal;
  const model = new LiveModel(options);
  let timer: NodeJS.Timeout | undefined;
  /** Undefined while the process is about to stop or to end, and does not own the screen. */
  let ink: Instance | undefined;
  // Ink uses chalk, which would detect terminal and environment by itself.
  chalk.level = options.color;

  function scene(): ReactElement {
    // One line stays free: Ink clears the whole screen for a frame as high as the window, which
    // flickers.
    const frame = model.frame(stdout.columns, Math.max(1, stdout.rows - 1), outside.nowMs());
    return (
      <Fragment>
        <Keys onKey={press} onInterrupt={() => outside.end('interrupt')} onSuspend={() => guard.suspend()} />
        <LiveView frame={frame} />
      </Fragment>
    );
  }

  function draw(): void {
    timer = undefined;
    ink?.rerender(scene());
  }

  function refresh(): void {
    timer ??= setTimeout(draw, frameMs);
  }

  function press(key: Key): void {
    const request = model.key(key);
    if (request?.kind === 'quit') outside.end('quit');
    else if (request !== undefined) void showText(request);
    refresh();
  }

  async function showText({ kind, change }: Exclude<Request, { readonly kind: 'quit' }>): Promise<void> {
    const title = `${change.type.resource} ${change.name}`;
    try {
      model.show(title, await (kind === 'show-yaml' ? outside.yaml(change) : outside.curl(change)));
    } catch (thrown) {
      model.show(title, outside.failure(thrown));
    }
    refresh();
  }

  function enter(): void {
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
    model.tick(outside.nowMs());
    refresh();
  }, tickMs);
  stdout.on('resize', refresh);

  return {
    model,
    refresh,
    close() {
      guard.release();
      clearInterval(ticker);
      clearTimeout(timer);
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
    else if (key.pageUp) onKey('pageUp');
    else if (key.pageDown) onKey('pageDown');
    else if (key.return) onKey('enter');
    else if (key.escape) onKey('escape');
    else if (key.backspace || key.delete) onKey('backspace');
    else if (!key.ctrl && !key.meta) for (const character of input) onKey(keyOf(character));
  });
  return <Fragment />;
}
