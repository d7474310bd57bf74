// One live table for the watches of several contexts. Entry point: shareLiveTable().

import type { Terminal } from '../../io/terminal.ts';
import type { LiveOptions } from '../../tui/live-model.ts';
import type { LiveTableDeps, LiveTable } from '../../tui/live-table.ts';
import type { LiveTableModule } from '../deps.ts';

export interface SharedLiveTable {
  /** Returns the live table of one context: its rows go into the shared table. */
  of(context: string): Promise<LiveTableModule>;
  /**
   * Writes to stderr. While the table is open, shows `text` as a notice and writes after it is
   * closed.
   */
  say(write: () => void, text: string): void;
  /** Writes the delayed text. */
  end(): void;
}

/**
 * Makes the shared table.
 * @param load loads the live table
 * @param nowMs the wall clock
 * @param quit called when `q` is pressed, after the watches that draw have ended
 */
export function shareLiveTable(
  load: () => Promise<LiveTableModule>,
  nowMs: () => number,
  quit: () => void,
): SharedLiveTable {
  const depsOf = new Map<string, LiveTableDeps>();
  let table: LiveTable | undefined;
  let held: (() => void)[] = [];

  function open(
    { openLiveTable }: LiveTableModule,
    terminal: Terminal,
    options: LiveOptions,
    deps: LiveTableDeps,
  ): LiveTable {
    return openLiveTable(
      terminal,
      { ...options, server: '', withContext: true },
      {
        nowMs: deps.nowMs,
        failure: deps.failure,
        answer: async (question, change, cellChanges, signal) => {
          const own = depsOf.get(change.context ?? '');
          return (
            (await own?.answer(question, change, cellChanges, signal)) ?? { text: 'its watch has ended' }
          );
        },
        end: (how) => {
          for (const each of [...depsOf.values()]) each.end(how);
          if (how === 'quit') quit();
        },
      },
    );
  }

  return {
    of: async (context) => {
      const liveTable = await load();
      return {
        openLiveTable: (terminal, options, deps) => {
          depsOf.set(context, deps);
          const shared = (table ??= open(liveTable, terminal, options, deps));
          const { model } = shared;
          return {
            model: {
              change: (change, initial, nowMs) => {
                model.change({ ...change, context }, initial, nowMs);
              },
              connection: (type, connection) => {
                model.connection(type, connection, context);
              },
              // Versions of different servers cannot be compared.
              position: () => undefined,
              notice: (text, nowMs) => {
                model.notice(`${context}: ${text}`, nowMs);
              },
            },
            refresh: () => {
              shared.refresh();
            },
            close: () => {
              if (!depsOf.delete(context) || depsOf.size > 0) return;
              table = undefined;
              shared.close();
            },
          };
        },
      };
    },
    say: (write, text) => {
      if (table === undefined) {
        write();
        return;
      }
      table.model.notice(text, nowMs());
      table.refresh();
      held.push(write);
    },
    end: () => {
      const writes = held;
      held = [];
      for (const write of writes) write();
    },
  };
}
