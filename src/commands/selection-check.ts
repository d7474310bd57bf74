// Removes objects that a selector does not select from lists, for servers that ignore selectors.
// Entry point: openSelection().

import type { IncludeObject, Representation } from '../api/object-request.ts';
import { compileExclusion, ignoredSelector, removeExcluded, includeObjectFor } from '../api/selection.ts';
import type { Page } from '../model/page.ts';
import type { Deps } from './deps.ts';
import type { ReadFlags } from './read-flags.ts';

interface View {
  readonly as: Representation;
  readonly includeObject: IncludeObject;
}

/** A view, and the check of its pages. */
export interface Selection extends View {
  /** Undefined: kapi cannot judge the selectors. */
  readonly select: ((page: Page) => Page) | undefined;
}

/**
 * Opens the check of one command, which warns once. Where the number of objects decides the exit
 * code, it makes the rows of the view large enough for the selectors.
 */
export function openSelection(
  view: View,
  {
    labelSelector,
    fieldSelector,
    isCounted,
  }: Pick<ReadFlags, 'labelSelector' | 'fieldSelector' | 'isCounted'>,
  deps: Pick<Deps, 'warn'>,
): Selection {
  const excludes = compileExclusion(labelSelector, fieldSelector);
  if (excludes === undefined) return { ...view, select: undefined };
  const needed = view.as === 'table' && isCounted ? includeObjectFor(labelSelector, fieldSelector) : 'None';
  let isSaid = false;
  return {
    as: view.as,
    includeObject: larger(view.includeObject, needed),
    select: (page) => {
      const selected = removeExcluded(page, excludes);
      if (selected !== page && !isSaid) {
        isSaid = true;
        deps.warn(`Warning: ${ignoredSelector}`);
      }
      return selected;
    },
  };
}

const sizes = ['None', 'Metadata', 'Object'] as const;

function larger(one: IncludeObject, other: IncludeObject): IncludeObject {
  return sizes.indexOf(one) < sizes.indexOf(other) ? other : one;
}
