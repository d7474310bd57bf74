// What the evaluation of one expression on one object may cost. Pure.

/**
 * Steps for one object: a step is a call, an element that is looked at, or ten characters. The API server stops an
 * expression at the same number.
 * @see https://pkg.go.dev/k8s.io/apiserver/pkg/apis/cel#PerCallLimit
 */
export const maxSteps = 1_000_000;

/** Counts down; every object begins anew. */
export class Budget {
  #left = maxSteps;

  /** @returns false when the budget is used up */
  spend(steps: number): boolean {
    this.#left -= steps;
    return this.#left >= 0;
  }

  /** The cost of going through a text. @param factor how often */
  spendText(length: number, factor = 1): boolean {
    return this.spend(Math.ceil(length / 10) * factor);
  }

  reset(): void {
    this.#left = maxSteps;
  }
}
