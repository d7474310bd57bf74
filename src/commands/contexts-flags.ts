// --contexts and the flags that come with it, as data for the specs of commands.

import type { FlagSpec } from './spec.ts';

export const contextsFlag: FlagSpec = {
  name: 'contexts',
  value: 'GLOB[,GLOB...]',
  repeated: 'joined',
  description:
    "ask all these contexts; 'prod-*,staging'. Prints the column CONTEXT first (kapi help clusters)",
  completes: 'contexts',
};

/** Also chooses the order of what several contexts print. */
export const contextsFlags: readonly FlagSpec[] = [
  contextsFlag,
  {
    name: 'unordered',
    description: 'with --contexts: print rows as they arrive, not in the order of the contexts',
    rare: true,
  },
];

export const expectTotalFlag: FlagSpec = {
  name: 'expect-total',
  value: 'N|N..M',
  description:
    'with --contexts: exit 1 unless all contexts together have N objects; --expect-count is for each',
  rare: true,
  completes: 'nothing',
};
