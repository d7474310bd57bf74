// The live table on a terminal: the model, its screen, and the requests of its keys. Entry point:
// openLiveTable().

import type { Terminal } from '../io/terminal.ts';
import type { Change } from '../model/change.ts';
import { LiveModel, type LiveOptions, type ObjectRequest, type Question } from './live-model.ts';
import { openScreen } from './screen.ts';
import type { TextLanguage, TextView } from './text-view.ts';

/** A text to show over the table. */
export interface Answer {
  readonly text: string;
  readonly language?: TextLanguage;
}

export interface LiveTableDeps {
  /** Wall clock in milliseconds. */
  readonly nowMs: () => number;
  /**
   * Answers a request about an object.
   * @param cellChanges the cells that the last change changed, for `diff`
   * @param signal aborted when the user closes the text before the answer arrives
   */
  readonly answer: (
    question: Question,
    change: Change,
    cellChanges: readonly string[],
    signal: AbortSignal,
  ) => Promise<Answer>;
  /** Returns the message for a failed request. */
  readonly failure: (thrown: unknown) => string;
  /** Called when `q` or Ctrl-C is pressed. */
  readonly end: (how: 'quit' | 'interrupt') => void;
}

export interface LiveTable {
  readonly model: Pick<LiveModel, 'change' | 'connection' | 'position' | 'notice'>;
  /** Draws soon. Many calls in a row cost one frame. */
  readonly refresh: () => void;
  /** Restores the terminal. Safe to call twice. */
  readonly close: () => void;
}

/** Uses the whole terminal until {@link LiveTable.close}. */
export function openLiveTable(terminal: Terminal, options: LiveOptions, deps: LiveTableDeps): LiveTable {
  const model = new LiveModel(options);
  /** Cancels the requests for texts that are closed before they arrive. */
  const pending = new Map<TextView, AbortController>();
  const screen = openScreen(terminal, {
    color: options.color,
    frame: (columns, rows) => model.frame(columns, rows, deps.nowMs()),
    onKey(key) {
      const request = model.key(key);
      for (const [view, leaving] of pending) if (!model.isOpen(view)) leaving.abort();
      if (request === undefined) return;
      if (request.kind === 'quit') deps.end('quit');
      else if (request.kind === 'copy-curl') void copy(request);
      else void answer(request);
    },
    onInterrupt: () => {
      deps.end('interrupt');
    },
    onTick: () => {
      model.tick(deps.nowMs());
    },
  });

  async function answer({ kind, change, cellChanges }: ObjectRequest): Promise<void> {
    const view = model.show(`${kind} of ${change.type.resource}/${change.name}`, 'reading…');
    const leaving = new AbortController();
    pending.set(view, leaving);
    try {
      const { text, language } = await deps.answer(kind, change, cellChanges, leaving.signal);
      model.replace(view, text, language);
    } catch (thrown) {
      model.replace(view, deps.failure(thrown));
    }
    pending.delete(view);
    screen.refreshAtOnce();
  }

  /**
   * Copies a text. No terminal confirms a copy, so the notice also says where the text is shown.
   */
  async function copy({ kind, change }: ObjectRequest): Promise<void> {
    try {
      const { text } = await deps.answer(kind, change, [], new AbortController().signal);
      screen.copy(text);
      model.notice('copied the curl command, if the terminal allows it; c shows it', deps.nowMs());
    } catch (thrown) {
      model.notice(deps.failure(thrown), deps.nowMs());
    }
    screen.refreshAtOnce();
  }

  return { model, refresh: screen.refresh, close: screen.close };
}
