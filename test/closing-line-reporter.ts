// A vitest reporter that ends a run with one plain line, `N passed, N failed, N skipped`, for programs that read the
// output. Beside vitest's own reporter, never in its place.
import type { Reporter, SerializedError, TestModule, TestRunEndReason } from 'vitest/node';

/**
 * Counts tests, and as one failure each what kept tests from running: a file that cannot be loaded, a hook that threw,
 * an error outside of any test.
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
    for (const module of modules) {
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else skipped += 1;
      }
    }
    // A global setup that threw is in none of the lists.
    if (reason === 'failed' && failed === 0) failed = 1;
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}
