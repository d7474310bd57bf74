// All commands, in the order of the help.

import { canICommand } from '../commands/can-i/index.ts';
import { completionCommand } from '../commands/completion/index.ts';
import { configCommand } from '../commands/config/index.ts';
import { curlCommand } from '../commands/curl/index.ts';
import { deprecationsCommand } from '../commands/deprecations/index.ts';
import { describeCommand } from '../commands/describe/index.ts';
import { diffCommand } from '../commands/diff/index.ts';
import { doctorCommand } from '../commands/doctor/index.ts';
import { downwardCommand } from '../commands/downward/index.ts';
import { eventsCommand } from '../commands/events/index.ts';
import { explainCommand } from '../commands/explain/index.ts';
import { exploreCommand } from '../commands/explore/index.ts';
import { getCommand } from '../commands/get/index.ts';
import { groupsCommand } from '../commands/groups/index.ts';
import { historyCommand } from '../commands/history/index.ts';
import { listCommand } from '../commands/list/index.ts';
import { pathsCommand } from '../commands/paths/index.ts';
import { proxyCommand } from '../commands/proxy/index.ts';
import { resourcesCommand } from '../commands/resources/index.ts';
import { sandboxCommand } from '../commands/sandbox/index.ts';
import type { AnyCommand } from '../commands/spec.ts';
import { versionCommand } from '../commands/version/index.ts';
import { watchCommand } from '../commands/watch/index.ts';
import { whoCanCommand } from '../commands/who-can/index.ts';
import { whoamiCommand } from '../commands/whoami/index.ts';

export const commands: readonly AnyCommand[] = [
  pathsCommand,
  groupsCommand,
  resourcesCommand,
  explainCommand,
  deprecationsCommand,
  exploreCommand,
  getCommand,
  listCommand,
  describeCommand,
  curlCommand,
  watchCommand,
  historyCommand,
  diffCommand,
  eventsCommand,
  proxyCommand,
  whoamiCommand,
  canICommand,
  whoCanCommand,
  downwardCommand,
  configCommand,
  doctorCommand,
  sandboxCommand,
  completionCommand,
  versionCommand,
];
