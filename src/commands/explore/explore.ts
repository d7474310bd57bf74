// Shows the screen of explore until it is left, and leaves the command of the last screen behind.
// Entry point: explore().

import { Interrupted, KapiError, messageOf } from '../../errors.ts';
import type { Terminal } from '../../io/terminal.ts';
import { waitForAbort } from '../../model/abort.ts';
import { groupResourceOf } from '../../model/resource.ts';
import type { Explorer } from '../../tui/explore-screen.ts';
import type { Place } from '../../tui/place.ts';
import type { Deps } from '../deps.ts';
import type { FirstScreen } from '../first-screen.ts';
import { commandOf } from './place-command.ts';
import { commandLine, openReader, type Reader } from './read-page.ts';

/**
 * Shows the screen, and resolves when the user quits.
 * @throws ConfigError; Interrupted; BugError
 */
export async function explore(terminal: Terminal, first: FirstScreen, deps: Deps): Promise<void> {
  const { place, document, hasServer, allNamespaces } = first;
  const config = hasServer ? await deps.config() : undefined;
  const namespace = config?.namespace.value ?? '';
  const { openExplorer } = await deps.explorer();
  const leaving = new AbortController();
  const screen: Explorer = openExplorer(
    terminal,
    { server: config?.server.value ?? '', color: deps.io.out.color, namespace },
    {
      nowMs: () => deps.now().getTime(),
      read: async (page, signal) => {
        try {
          await reader.read(page, AbortSignal.any([signal, deps.signal]));
          // After the first page is read, because it takes time.
          await deps.noteLongRunning();
        } catch (thrown) {
          leaving.abort(thrown);
        }
      },
      fold: (page, path) => {
        reader.fold(page, path);
      },
      live: (objects) => showLive(objects, screen, leaving, deps),
      end: (how) => {
        leaving.abort(how === 'quit' ? undefined : new Interrupted('SIGINT'));
      },
    },
  );
  const { model } = screen;
  const scope = allNamespaces ? undefined : namespace;
  const given = document === undefined ? undefined : { place, document };
  const reader: Reader = openReader({ model, scope, given, hasServer, refresh: screen.refresh }, deps);
  divert(screen, deps);
  // In the handler of the signal itself, so that the terminal is restored in any case.
  const close = (): void => {
    screen.close();
    deps.divertWarnings(undefined);
  };
  deps.signal.addEventListener('abort', close, { once: true });
  screen.open(place);
  try {
    await waitForAbort(AbortSignal.any([leaving.signal, deps.signal]));
  } finally {
    deps.signal.removeEventListener('abort', close);
    close();
  }
  deps.signal.throwIfAborted();
  const reason: unknown = leaving.signal.reason;
  if (reason instanceof KapiError) throw reason;
  // A text that a field opened has no command of its own; the screen below it has one.
  const command = model.pages
    .map((page) => commandOf(page.place, model.fieldPathOf(page.place)))
    .findLast((one) => one !== undefined);
  if (command !== undefined) await deps.io.err.write(`${commandLine(command, deps)}\n`);
}

/** Words on stderr would be drawn across the screen. */
function divert(screen: Explorer, deps: Deps): void {
  deps.divertWarnings((text) => {
    screen.model.notice(text, deps.now().getTime());
    screen.refresh();
  });
}

/** The live table over the screen of explore, until it is left. */
async function showLive(
  { type, namespace }: Place & { readonly kind: 'objects' },
  screen: Explorer,
  leaving: AbortController,
  deps: Deps,
): Promise<void> {
  const isEverywhere = type.namespaced && namespace === undefined;
  const flags = isEverywhere ? { 'all-namespaces': true } : {};
  let failure = '';
  try {
    await deps.runCommand('watch', [groupResourceOf(type)], flags, {
      config: async () => {
        const config = await deps.config();
        return namespace === undefined
          ? config
          : { ...config, namespace: { ...config.namespace, value: namespace } };
      },
    });
  } catch (thrown) {
    if (!(thrown instanceof KapiError) || thrown instanceof Interrupted) leaving.abort(thrown);
    failure = messageOf(thrown);
  }
  divert(screen, deps);
  if (failure !== '') screen.model.notice(failure, deps.now().getTime());
}
