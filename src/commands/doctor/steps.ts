// Findings of doctor and the order of its steps. Entry point: examine(). checks.ts has the checks.

import { KapiError, NotSent, type ExitCode } from '../../errors.ts';

export type State = 'ok' | 'warn' | 'fail' | 'skip';

/** The result of a step. */
export interface Finding {
  readonly state: State;
  /** One line: the state, or the problem. */
  readonly message: string;
  /** More facts, one a line. */
  readonly details?: readonly string[];
  /** What to do next. */
  readonly hint?: string | undefined;
  /** Code of a failure. */
  readonly code?: string;
  readonly exitCode?: ExitCode;
}

export interface Step extends Finding {
  readonly name: string;
}

/** One check. */
export interface Check {
  readonly name: string;
  /** Names of the steps that this one requires. */
  readonly needs: readonly string[];
  /** @throws KapiError, which becomes a failure */
  readonly look: () => Promise<Finding>;
}

/**
 * Runs one check after the other. Skips a check that needs a failed or skipped one, with the
 * reason. Reports the same failure only once: the later step is skipped too.
 */
export async function* examine(checks: readonly Check[]): AsyncGenerator<Step, void, undefined> {
  const broken = new Map<string, string>();
  const failures = new Map<string, string>();
  for (const { name, needs, look } of checks) {
    const missing = needs.find((need) => broken.has(need));
    const cause = missing === undefined ? undefined : broken.get(missing);
    const found = cause === undefined ? await runCheck(look) : skippedFor(cause);
    const earlier = found.state === 'fail' ? failures.get(found.message) : undefined;
    const finding = earlier === undefined ? found : skippedFor(earlier);
    if (finding.state === 'fail') {
      broken.set(name, name);
      failures.set(finding.message, name);
    }
    const skipped = cause ?? earlier;
    if (skipped !== undefined) broken.set(name, skipped);
    yield { name, ...finding };
  }
}

function skippedFor(step: string): Finding {
  return { state: 'skip', message: `needs ${step}, which failed` };
}

async function runCheck(look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (thrown) {
    const ends = thrown instanceof NotSent || (thrown instanceof KapiError && thrown.code === 'Interrupted');
    if (ends || !(thrown instanceof KapiError)) throw thrown;
    return failureOf(thrown);
  }
}

/** Converts an error to a failure, with the words that every command has for it. */
export function failureOf({ message, causes, hint, code, exitCode }: KapiError): Finding {
  return { state: 'fail', message, details: causes, hint, code, exitCode };
}
