// Estimates the times of resource versions. Entry point: VersionClock. Pure. The server does not
// record when a version was written, but many objects contain the time of their write. The times of
// an earlier and a later version are the bounds of the time of a version between them.

import type { TimeRange } from '../model/past-change.ts';
import { compareResourceVersions } from '../model/resource-version.ts';

/** Max points of each source. When a source has more, every second point is dropped. */
const maxPoints = 20_000;

/** A point: a version and the time of its write. */
export interface VersionTime {
  readonly version: string;
  /** Milliseconds since 1970, in whole seconds. */
  readonly at: number;
}

/**
 * Versions and their times from several sources. Each source usually adds them in order.
 *
 * A store writes its versions one after the other, so the times of its versions never decrease. If
 * the clocks of the servers differ by a second or two, the lower bound from one server can be after
 * the upper bound from another. timeOf() then swaps the two bounds.
 */
export class VersionClock {
  readonly #sources = new Map<string, { points: VersionTime[]; isSorted: boolean }>();

  /**
   * Adds a version and its time. Ignores versions that are not numbers, because they have no order.
   */
  add(source: string, version: string, at: number): void {
    if (compareResourceVersions(version, '1') === undefined || !Number.isFinite(at)) return;
    let series = this.#sources.get(source);
    if (series === undefined) this.#sources.set(source, (series = { points: [], isSorted: true }));
    const last = series.points.at(-1);
    if (last?.version === version) return;
    if (last !== undefined && isBefore(version, last.version)) series.isSorted = false;
    series.points.push({ version, at });
    const { length } = series.points;
    if (length <= maxPoints) return;
    // Keeps the last point, because it is the lower bound for the versions that follow.
    series.points = sortedPoints(series).filter((_, index) => (length - index) % 2 === 1);
  }

  /**
   * Returns the newest known version that was written at or before a time. Undefined if no version
   * was.
   */
  lastBefore(at: number): VersionTime | undefined {
    return this.#pick(
      (points) => points.findLast((point) => point.at <= at),
      (a, b) => isBefore(a.version, b.version),
    );
  }

  /**
   * Returns the oldest known version that was written after a time. Undefined if no version was.
   */
  firstAfter(at: number): VersionTime | undefined {
    return this.#pick(
      (points) => points[points.findLastIndex((point) => point.at <= at) + 1],
      (a, b) => isBefore(b.version, a.version),
    );
  }

  /** Returns the range in which a version was written: one time if the version is known. */
  timeOf(version: string): TimeRange {
    let from: number | undefined;
    let to: number | undefined;
    if (compareResourceVersions(version, '1') === undefined) return { from, to };
    for (const series of this.#sources.values()) {
      const points = sortedPoints(series);
      const index = indexFrom(points, version);
      const point = points[index];
      if (point?.version === version) return { from: point.at, to: point.at };
      const before = points[index - 1];
      if (before !== undefined) from = Math.max(from ?? before.at, before.at);
      if (point !== undefined) to = Math.min(to ?? point.at, point.at);
    }
    return from !== undefined && to !== undefined && from > to ? { from: to, to: from } : { from, to };
  }

  /** Returns the best of the points that `find` returns for each source. */
  #pick(
    find: (points: readonly VersionTime[]) => VersionTime | undefined,
    isBetter: (known: VersionTime, other: VersionTime) => boolean,
  ): VersionTime | undefined {
    let best: VersionTime | undefined;
    for (const series of this.#sources.values()) {
      const found = find(sortedPoints(series));
      if (found !== undefined && (best === undefined || isBetter(best, found))) best = found;
    }
    return best;
  }
}

function sortedPoints(series: { points: VersionTime[]; isSorted: boolean }): readonly VersionTime[] {
  if (!series.isSorted) {
    series.points.sort((a, b) => compareResourceVersions(a.version, b.version) ?? 0);
    series.isSorted = true;
  }
  return series.points;
}

/** Returns the index of the first point that is not older than the version. */
function indexFrom(points: readonly VersionTime[], version: string): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const point = points[middle];
    if (point !== undefined && isBefore(point.version, version)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore(a: string, b: string): boolean {
  return (compareResourceVersions(a, b) ?? 0) < 0;
}
