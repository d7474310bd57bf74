// Estimates the times of resource versions. Entry point: VersionClock. Pure. The server does not
// record when a version was written, but many objects contain the time of their write: the times of
// objects that were written before and after a version limit its time.

import type { TimeRange } from '../model/past-change.ts';
import { compareResourceVersions } from '../model/resource-version.ts';

/** Max pairs of each source. Beyond it every second pair is dropped. */
const maxPoints = 20_000;

/** A version and the time of its write, in milliseconds since 1970, to the second. */
export interface VersionTime {
  readonly version: string;
  readonly at: number;
}

/**
 * Versions and their times from several sources. Each source usually adds them in order.
 *
 * Versions of one store are written one after the other, so a later version is not older. Servers
 * whose clocks differ can contradict each other by a second or two; the limits are then swapped.
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
    // Keeps the last one, which limits the time of the next versions.
    series.points = sortedPoints(series).filter((_, index) => (length - index) % 2 === 1);
  }

  /**
   * Returns the newest version that was certainly written at or before a time. Undefined if there
   * is none.
   */
  lastBefore(at: number): VersionTime | undefined {
    return this.#pick(
      (points) => points.findLast((point) => point.at <= at),
      (a, b) => isBefore(a.version, b.version),
    );
  }

  /**
   * Returns the oldest version that was certainly written after a time. Undefined if there is none.
   */
  firstAfter(at: number): VersionTime | undefined {
    return this.#pick(
      (points) => points[points.findLastIndex((point) => point.at <= at) + 1],
      (a, b) => isBefore(b.version, a.version),
    );
  }

  /** Returns the time range of a version. */
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
