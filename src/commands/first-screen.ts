// What the screen of kapi explore begins with.

import type { Json } from '../model/object.ts';
import type { Place } from '../tui/place.ts';

/** JSON or text that was read before the screen opened. */
export type ExploredDocument = { readonly value: Json } | { readonly text: string };

/** What the screen of kapi explore begins with. */
export interface FirstScreen {
  readonly place: Place;
  /** What the place shows, if it has been read already. */
  readonly document?: ExploredDocument | undefined;
  /** False if no cluster is needed: the screen then has no documentation of fields. */
  readonly hasServer: boolean;
  /** True if lists begin with all namespaces. */
  readonly allNamespaces: boolean;
}
