// The first screen of kapi explore. It is a file of its own, so that deps.ts imports no command.

import type { Json } from '../model/object.ts';
import type { Place } from '../tui/place.ts';

/** JSON or text that was read before the screen opened. */
export type ExploredDocument = { readonly value: Json } | { readonly text: string };

/** The first screen: the place that it shows, and the document if it has been read already. */
export interface FirstScreen {
  readonly place: Place;
  readonly document?: ExploredDocument | undefined;
  /** False if no cluster is needed: the screen then has no documentation of fields. */
  readonly hasServer: boolean;
  /** True if lists begin with all namespaces. */
  readonly allNamespaces: boolean;
}
