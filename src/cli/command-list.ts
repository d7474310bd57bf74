// All commands, in the order of the help.

import { configCommand } from '../commands/config/index.ts';
import { getCommand } from '../commands/get/index.ts';
import { groupsCommand } from '../commands/groups/index.ts';
import { listCommand } from '../commands/list/index.ts';
import { pathsCommand } from '../commands/paths/index.ts';
import { resourcesCommand } from '../commands/resources/index.ts';
import type { AnyCommandSpec } from '../commands/spec.ts';
import { versionCommand } from '../commands/version/index.ts';

export const commands: readonly AnyCommandSpec[] = [
  pathsCommand,
  groupsCommand,
  resourcesCommand,
  getCommand,
  listCommand,
  configCommand,
  versionCommand,
];
