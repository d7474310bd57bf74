// kapi explore on a terminal: the model, its screen, and what the keys ask of the outside. Entry
// point: openExplorer().

import type { Terminal } from '../io/terminal.ts';
import { ExploreModel, type ExploreOptions, type Page } from './explore-model.ts';
import type { Place } from './place.ts';
import { openScreen } from './screen.ts';

export interface ExplorerDeps {
  /** Wall clock in milliseconds. */
  readonly nowMs: () => number;
  /**
   * Reads what a page shows and gives it to the model.
   * @param signal aborted when the user walks on
   */
  readonly read: (page: Page, signal: AbortSignal) => Promise<void>;
  /** Folds or unfolds a part of the tree of paths. */
  readonly fold: (page: Page, path: string) => void;
  /** Shows the live table until it is left. */
  readonly live: (place: Place & { readonly kind: 'objects' }) => Promise<void>;
  /** `q` or Ctrl-C was pressed. */
  readonly end: (how: 'quit' | 'interrupt') => void;
}

export interface Explorer {
  readonly model: ExploreModel;
  /** Opens a place and reads it. */
  readonly open: (place: Place) => void;
  /** Draws soon; many calls in a row cost one frame. */
  readonly refresh: () => void;
  /** Gives the terminal back. Safe to call twice. */
  readonly close: () => void;
}

/** Takes over the terminal until {@link Explorer.close}. */
export function openExplorer(terminal: Terminal, options: ExploreOptions, deps: ExplorerDeps): Explorer {
  const model = new ExploreModel(options);
  const reading = new Map<Page, AbortController>();
  let working: NodeJS.Immediate | undefined;

  const screen = openScreen(terminal, {
    color: options.color,
    frame: (columns, rows) => model.frame(columns, rows, deps.nowMs()),
    onKey(key) {
      const request = model.key(key);
      switch (request?.kind) {
        case 'quit':
          deps.end('quit');
          break;
        case 'back':
          model.back();
          break;
        case 'reload':
          if (model.page !== undefined) read(model.reopen(model.page.place));
          break;
        case 'open':
          open(request.place);
          break;
        case 'fold':
          if (model.page !== undefined) deps.fold(model.page, request.path);
          break;
        case 'copy':
          screen.copy(request.text);
          // Whether the terminal took the text cannot be known, so that it is shown as well.
          model.notice(`copied, if the terminal allows it: ${request.text.slice(0, 1_000)}`, deps.nowMs());
          break;
        case 'live':
          void live(request.place);
          break;
        case undefined:
          break;
      }
      cancelLeft();
      work();
    },
    onInterrupt: () => {
      deps.end('interrupt');
    },
  });

  /** Continues a search between two turns of the event loop, so that keys are handled. */
  function work(): void {
    if (working !== undefined || !model.isSearching) return;
    working = setImmediate(() => {
      working = undefined;
      if (model.work(deps.nowMs())) work();
      else screen.refreshAtOnce();
    });
  }

  function cancelLeft(): void {
    for (const [page, leaving] of reading) {
      if (model.has(page)) continue;
      leaving.abort();
      reading.delete(page);
    }
  }

  function open(place: Place): void {
    read(model.open(place));
  }

  function read(page: Page): void {
    const leaving = new AbortController();
    reading.set(page, leaving);
    cancelLeft();
    void deps.read(page, leaving.signal).finally(() => {
      page.isReading = false;
      screen.settled();
      screen.refreshAtOnce();
    });
  }

  async function live(place: Place & { readonly kind: 'objects' }): Promise<void> {
    screen.pause();
    await deps.live(place);
    screen.resume();
  }

  return {
    model,
    open,
    refresh: screen.refresh,
    close() {
      for (const leaving of reading.values()) leaving.abort();
      clearImmediate(working);
      screen.close();
    },
  };
}
