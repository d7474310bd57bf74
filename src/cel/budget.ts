// Limits the cost of evaluating one expression on one object. Pure.

/**
 * Max steps for one object. A step is a call, an element that is looked at, or ten characters. The
 * API server stops an expression at the same number.
 * @see https://pkg.go.dev/k8s.io/apiserver/pkg/apis/cel#PerCallLimit
 */
export const maxSteps = 1_000_000;

/** A countdown of steps, reset for every object. */
export class Budget {
  #left = maxSteps;

  /**
   * Spends steps.
   * @returns false if the budget is used up
   */
  spend(steps: number): boolean {
    this.#left -= steps;
    return this.#left >= 0;
  }

  /**
   * Spends the cost of reading a text.
   * @param factor how often the text is read. Default: 1
   */
  spendText(length: number, factor = 1): boolean {
    return this.spend(Math.ceil(length / 10) * factor);
  }

  reset(): void {
    this.#left = maxSteps;
  }
}
