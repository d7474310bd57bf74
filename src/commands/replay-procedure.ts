// Prints the requests of kapi history and of kapi watch --replay as a script of curl commands.
// Entry point: printProcedure(). Versions are known only when the script runs, so the second
// request takes its version from the first response.

import { leaseQuery } from '../api/lease-clock.ts';
import { replaySeconds } from '../api/memory-floor.ts';
import { buildListRequest } from '../api/object-request.ts';
import { buildWatchRequest, type WatchQuery } from '../api/watch-event.ts';
import { groupResourceOf } from '../model/resource.ts';
import type { Deps } from './deps.ts';

/** Replaced in the text of a command. No server has such a version. */
const placeholder = 'VERSION-OF-THE-FLOOR';

/** Seconds that are enough for every change that a server remembers. */
const wholeReplaySeconds = 10;

/**
 * Prints the requests as lines for a shell.
 * @param isLive true to continue with new changes, without times
 */
export async function printProcedure(
  queries: readonly WatchQuery[],
  deps: Pick<Deps, 'curlOf' | 'io'>,
  isLive = false,
): Promise<void> {
  for (const query of isLive ? queries : [...queries, leaseQuery]) {
    const what = query === leaseQuery ? 'Leases, for the times of deletions' : groupResourceOf(query.type);
    const first = await deps.curlOf(buildWatchRequest(query, '1', false, replaySeconds));
    const replay = await deps.curlOf(
      buildWatchRequest(query, placeholder, false, isLive ? undefined : wholeReplaySeconds),
    );
    const base = await deps.curlOf(
      buildListRequest({ ...query, resourceVersion: placeholder, resourceVersionMatch: 'Exact' }),
    );
    await deps.io.out.write(
      [
        `# ${what}: from which version on the server remembers changes; it names it when it refuses an older one.`,
        `floor=$(${first} | sed -n 's/.*too old resource version: 1 (\\([0-9]*\\)).*/\\1/p')`,
        '# The changes since:',
        withFloor(replay),
        ...(query === leaseQuery || isLive
          ? []
          : ['# The states before the first of them, while the store has that version:', withFloor(base)]),
        '',
      ].join('\n'),
    );
  }
}

/** Closes the quotes around the URL for the variable and opens them again. */
function withFloor(command: string): string {
  return command.replaceAll(placeholder, `'"\${floor:-1}"'`);
}
