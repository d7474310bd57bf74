// The order in which several contexts print: entries wait for the contexts before their own, within
// limits of time and memory. Entry point: Turns. Independent of the content.

/** A piece of the output of one context. */
export interface Entry {
  /** Entries of one section (a type, a layout) are printed together, across all contexts. */
  readonly section: string;
  /** The cost of keeping it: about the number of rows. */
  readonly weight: number;
  /** True if no entry of another context can come between this one and the end of its context. */
  readonly isExclusive?: boolean;
}

export interface TurnsOptions<Kind extends Entry> {
  /** Number of contexts. */
  readonly count: number;
  /** True to print entries as they arrive. */
  readonly isUnordered: boolean;
  /** Prints entries, one after the other. Its error fails every later call. */
  readonly deliver: (entries: readonly Taken<Kind>[]) => Promise<void>;
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number;
  /** Resolves after a time in milliseconds. Rejects when the command ends. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Called once for each context that entries of others no longer wait for. */
  readonly overtaken: (index: number) => void;
}

export interface Taken<Kind extends Entry> {
  readonly index: number;
  readonly entry: Kind;
}

interface Place<Kind extends Entry> {
  readonly queue: Kind[];
  /** Weight of the entries that are not printed yet. */
  weight: number;
  isOver: boolean;
  /** When it last passed an entry or was printed. */
  activeAt: number;
  isOvertaken: boolean;
}

/** Max weight of the waiting entries of a context. */
const maxWeight = 4_000;

/**
 * Milliseconds that the first rows wait for the first rows of other contexts, so that all are
 * aligned together. Users do not notice the delay.
 */
const settleMs = 250;

/** Milliseconds that rows wait for an earlier context that prints nothing. */
export const overtakeMs = 5_000;

/** Queues of entries, one for each context. */
export class Turns<Kind extends Entry> {
  readonly #options: TurnsOptions<Kind>;
  readonly #places: readonly Place<Kind>[];
  /** Contexts in the order in which their entries arrived, for `isUnordered`. */
  #arrivals: number[] = [];
  #section: string | undefined;
  /** The context with an unfinished exclusive entry. */
  #exclusive: number | undefined;
  #isSettled = false;
  #isSettling = false;
  #draining: Promise<void> | undefined;
  #isDirty = false;
  #wakers: (() => void)[] = [];
  #failure: { readonly thrown: unknown } | undefined;
  #isAwaiting = false;

  constructor(options: TurnsOptions<Kind>) {
    this.#options = options;
    this.#places = Array.from({ length: options.count }, () => ({
      queue: [],
      weight: 0,
      isOver: false,
      activeAt: options.clock(),
      isOvertaken: false,
    }));
    this.#isSettled = options.isUnordered;
  }

  /** The thrown value of a write that failed. */
  get failure(): { readonly thrown: unknown } | undefined {
    return this.#failure;
  }

  /**
   * Adds an entry. Resolves when the context can continue.
   * @throws what `deliver` threw
   */
  async push(index: number, entry: Kind): Promise<void> {
    const place = this.#places[index];
    if (place === undefined) return;
    this.#throwFailure();
    place.queue.push(entry);
    place.weight += entry.weight;
    place.activeAt = this.#options.clock();
    this.#arrivals.push(index);
    this.#drain();
    while (place.weight > maxWeight) {
      await new Promise<void>((resolve) => this.#wakers.push(resolve));
      this.#throwFailure();
    }
  }

  /** Marks a context that prints nothing more. */
  finish(index: number): void {
    const place = this.#places[index];
    if (place === undefined || place.isOver) return;
    place.isOver = true;
    this.#drain();
  }

  /**
   * Resolves when everything has been printed. Every context must be finished.
   * @throws what `deliver` threw
   */
  async end(): Promise<void> {
    this.#isSettled = true;
    this.#drain();
    while (this.#draining !== undefined) await this.#draining;
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.thrown;
  }

  #drain(): void {
    this.#isDirty = true;
    this.#draining ??= this.#drainAll().finally(() => {
      this.#draining = undefined;
      if (this.#isDirty && this.#failure === undefined) this.#drain();
    });
  }

  async #drainAll(): Promise<void> {
    // Joins the entries of one turn of the event loop.
    await Promise.resolve();
    while (this.#isDirty && this.#failure === undefined) {
      this.#isDirty = false;
      if (!this.#settle()) return;
      const taken = this.#options.isUnordered ? this.#takeArrived() : this.#takeInOrder();
      if (taken.length > 0) {
        this.#isDirty = true;
        await this.#deliver(taken);
      }
    }
  }

  async #deliver(taken: readonly Taken<Kind>[]): Promise<void> {
    try {
      await this.#options.deliver(taken);
    } catch (thrown) {
      this.#failure = { thrown };
    }
    for (const { index, entry } of taken) {
      const place = this.#places[index];
      if (place === undefined) continue;
      place.weight -= entry.weight;
      // It can have waited long for its turn.
      place.activeAt = this.#options.clock();
    }
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }

  /** True if printing can begin. */
  #settle(): boolean {
    if (this.#isSettled) return true;
    this.#isSettled = this.#places.every(({ queue, isOver }) => isOver || queue.length > 0);
    if (this.#isSettled || this.#isSettling || this.#places.every(({ queue }) => queue.length === 0)) {
      return this.#isSettled;
    }
    this.#isSettling = true;
    this.#options.sleep(settleMs).then(
      () => {
        this.#isSettled = true;
        this.#drain();
      },
      () => undefined,
    );
    return false;
  }

  #takeArrived(): Taken<Kind>[] {
    const taken: Taken<Kind>[] = [];
    const waiting: number[] = [];
    for (const index of this.#arrivals) {
      this.#leaveExclusive();
      const place = this.#places[index];
      const entry = place?.queue[0];
      if (place === undefined || entry === undefined) continue;
      if (this.#exclusive !== undefined && this.#exclusive !== index) {
        waiting.push(index);
        continue;
      }
      place.queue.shift();
      if (entry.isExclusive === true) this.#exclusive = index;
      taken.push({ index, entry });
    }
    this.#arrivals = waiting;
    return taken;
  }

  #leaveExclusive(): void {
    const place = this.#exclusive === undefined ? undefined : this.#places[this.#exclusive];
    if (place?.isOver === true && place.queue.length === 0) this.#exclusive = undefined;
  }

  /** Removes and returns the entries whose turn it is, all of one section. */
  #takeInOrder(): Taken<Kind>[] {
    this.#arrivals = [];
    const taken: Taken<Kind>[] = [];
    for (;;) {
      this.#leaveExclusive();
      const stopped = this.#takeSection(taken);
      if (stopped !== undefined) {
        this.#await(stopped);
        return taken;
      }
      this.#section = undefined;
      if (taken.length > 0 || this.#places.every(({ queue }) => queue.length === 0)) return taken;
    }
  }

  /**
   * Takes the entries of a section.
   * @returns the context that must add an entry first; undefined if the section is complete
   */
  #takeSection(taken: Taken<Kind>[]): number | undefined {
    for (const [index, place] of this.#places.entries()) {
      if (this.#exclusive !== undefined && this.#exclusive !== index) continue;
      const { queue } = place;
      for (let entry = queue[0]; entry !== undefined; entry = queue[0]) {
        this.#section ??= entry.section;
        if (entry.section !== this.#section) break;
        queue.shift();
        if (entry.isExclusive === true) this.#exclusive = index;
        taken.push({ index, entry });
      }
      if (queue.length > 0) continue;
      if (!place.isOver && (this.#exclusive === index || !this.#isLate(place))) return index;
      if (!place.isOver && !place.isOvertaken && this.#isAwaited(index)) {
        place.isOvertaken = true;
        this.#options.overtaken(index);
      }
      this.#leaveExclusive();
    }
    return undefined;
  }

  #isLate({ activeAt }: Place<Kind>): boolean {
    return this.#options.clock() - activeAt >= overtakeMs;
  }

  /** True if entries of later contexts wait. */
  #isAwaited(index: number): boolean {
    return this.#places.slice(index + 1).some(({ queue }) => queue.length > 0);
  }

  /** Checks again when the context has been silent for long enough. */
  #await(index: number): void {
    const place = this.#places[index];
    if (place === undefined || this.#isAwaiting || !this.#isAwaited(index)) return;
    this.#isAwaiting = true;
    const sinceMs = this.#options.clock() - place.activeAt;
    this.#options.sleep(Math.max(1, overtakeMs - sinceMs)).then(
      () => {
        this.#isAwaiting = false;
        this.#drain();
      },
      () => undefined,
    );
  }
}
