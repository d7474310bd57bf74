// Starts one API server for the whole run and ends it afterwards. Entry points: setup and teardown, called by vitest.
import type { TestProject } from 'vitest/node';

import { isCi } from './server/ci.ts';
import { MissingBinary } from './server/binaries.ts';
import { openTestServer, type TestServer } from './server/test-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server, or why the suite runs without one. */
    server: TestServer | { readonly missing: string };
  }
}

let stop: (() => Promise<void>) | undefined;

/** @throws MissingBinary in CI; elsewhere the tests are skipped and the reason is printed */
export async function setup(project: TestProject): Promise<void> {
  try {
    const opened = await openTestServer((line) => console.error(`e2e: ${line}`));
    stop = opened.stop;
    project.provide('server', opened.server);
  } catch (error) {
    if (!(error instanceof MissingBinary) || isCi(process.env)) throw error;
    console.error(frame(`NO API SERVER: the whole e2e suite is SKIPPED.\n${error.message}`));
    project.provide('server', { missing: error.message });
  }
}

export async function teardown(): Promise<void> {
  await stop?.();
}

function frame(text: string): string {
  const bar = '*'.repeat(78);
  return `\n${bar}\n${text}\n${bar}\n`;
}
