// --view of get and curl, as data for their specs.

import type { FlagSpec } from './spec.ts';

export const viewFlag: FlagSpec = {
  name: 'view',
  description: 'show the response as a tree on a terminal',
};
