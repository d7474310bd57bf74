// A vitest reporter that ends a run with one plain line, `N passed, N failed, N skipped`, for
// programs that read the output, after the names of the tests that failed once and then passed.
// Used in addition to vitest's own reporter.
import type { Reporter, SerializedError, TestModule, TestRunEndReason } from 'vitest/node';

/**
 * Counts tests, and counts as one failure each everything that prevented tests from running: a file
 * that cannot be loaded, a hook that threw, an error outside any test.
 */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    let skipped = 0;
    const repeated: string[] = [];
    for (const module of modules) {
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed' && test.diagnostic()?.flaky === true) repeated.push(test.fullName);
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else skipped += 1;
      }
    }
    // The error of a global setup is in none of the lists.
    if (reason === 'failed' && failed === 0) failed = 1;
    for (const name of repeated) console.log(`passed at the second attempt: ${name}`);
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}
