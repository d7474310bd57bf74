// The live table on a terminal: feeds the model, draws its frames at most so many times a second, hands keys on, and leaves
// the terminal as it was. Entry point: openLiveTable().

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
  /** The object as YAML. */
  readonly yaml: (change: Change) => Promise<string>;
  /** The curl command that gets the object. */
  readonly curl: (change: Change) => Promise<string>;
  /** What a failure of the two says. */
  readonly failure: (thrown: unknown) => string;
  /** `q` or Ctrl-C was pressed. */
  readonly end: (how: 'quit' | 'interrupt') => void;
}

export interface LiveTable {
  readonly model: LiveModel;
  /** Draws soon; many calls in a row cost one frame. */
  refresh(): void;
  /** Gives the terminal back. Safe to call twice. */
  close(): void;
}

/** Frames a second at the most, and the pace of ages and fading when nothing happens. Milliseconds. */
const frameMs = 80;
const tickMs = 500;

const enterAlternateScreen = '\u001b[?1049h\u001b[H';
const leaveAlternateScreen = '\u001b[?1049l';

/** Takes over the terminal until {@link LiveTable.close}. */
export function openLiveTable(terminal: Terminal, options: LiveOptions, outside: LiveOutside): LiveTable {
  const { stdin, stdout } = terminal;
  const model = new LiveModel(options);
  let timer: NodeJS.Timeout | undefined;
  /** Undefined while the screen is not ours: the process is about to stop or to end. */
  let ink: Instance | undefined;
  // Ink paints by chalk, which has an opinion of its own about terminal and environment.
  chalk.level = options.color;

  function scene(): ReactElement {
    // One line stays free: Ink clears the whole screen for a frame as high as the window, which flickers.
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

  // A terminal that has gone away fails each write; the signal that comes with it ends the command.
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

/** What is typed or pasted fast comes as one piece, control characters among it. */
function keyOf(character: string): Key {
  if (character === '\r' || character === '\n') return 'enter';
  if (character === '\u007f' || character === '\b') return 'backspace';
  return character === '\u001b' ? 'escape' : { character };
}

/** Turns what Ink makes of the terminal's bytes into keys. */
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
