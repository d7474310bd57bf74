// The tree of paths of a server as rows that fold. Entry point: pathRows(). Pure.

import type { ListRow } from '../../tui/list-view.ts';
import type { RowTarget } from '../../tui/explore-model.ts';
import type { Place } from '../../tui/place.ts';

/** Parts of the tree that are open at first. */
export const openPaths: readonly string[] = ['/api', '/apis'];

/** The row that leads to all types. */
const allTypes: ListRow<RowTarget> = {
  key: 'types',
  cells: ['all types', 'every resource type of the server'],
  data: { place: { kind: 'types' } },
};

/**
 * Returns the rows of the tree, without what is inside closed parts.
 * @param paths as `GET /` lists them
 * @param open paths of the parts that are open
 */
export function pathRows(paths: readonly string[], open: ReadonlySet<string>): ListRow<RowTarget>[] {
  const all = new Set<string>();
  for (const path of paths) {
    const segments = path.split('/').filter((segment) => segment !== '');
    segments.forEach((_, at) => all.add(`/${segments.slice(0, at + 1).join('/')}`));
  }
  const below = new Map<string, string[]>();
  for (const path of [...all].sort((a, b) => (a < b ? -1 : 1))) {
    const parent = path.slice(0, path.lastIndexOf('/'));
    below.set(parent, [...(below.get(parent) ?? []), path]);
  }
  const known = new Set(paths);
  const rows: ListRow<RowTarget>[] = [allTypes];
  const add = (parent: string, depth: number): void => {
    for (const path of below.get(parent) ?? []) {
      rows.push(
        rowOf(path, depth, { hasMore: below.has(path), isOpen: open.has(path), isKnown: known.has(path) }),
      );
      // A path can have any number of levels, so the depth is limited.
      if (open.has(path) && depth < maxDepth) add(path, depth + 1);
    }
  };
  add('', 0);
  return rows;
}

const maxDepth = 100;

interface PathState {
  readonly hasMore: boolean;
  readonly isOpen: boolean;
  readonly isKnown: boolean;
}

function rowOf(path: string, depth: number, { hasMore, isOpen, isKnown }: PathState): ListRow<RowTarget> {
  const sign = hasMore ? (isOpen ? '▾ ' : '▸ ') : '  ';
  const place = placeOf(path);
  const isTypes = place.kind === 'types';
  return {
    key: path,
    cells: [`${'  '.repeat(depth)}${sign}${path}`, isTypes ? 'types' : hasMore || !isKnown ? '' : 'response'],
    data: hasMore && !isTypes ? { place, folds: path } : { place },
  };
}

/** What a path of the tree leads to. */
export function placeOf(path: string): Place {
  const core = /^\/api\/([^/]+)\/?$/.exec(path);
  if (core !== null) return { kind: 'types', group: '', version: core[1] ?? '' };
  const named = /^\/apis\/([^/]+)\/([^/]+)\/?$/.exec(path);
  if (named !== null) return { kind: 'types', group: named[1] ?? '', version: named[2] ?? '' };
  return { kind: 'path', path };
}
