// Starts the API server of a project for the whole run and stops it afterwards. Entry point: setup,
// which vitest calls.
import type { TestProject } from 'vitest/node';

import { isCi } from './server/ci.ts';
import { MissingBinary } from './server/binaries.ts';
import { openTestServer, type ServerKind, type TestServer } from './server/test-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server, or the reason why the project runs without one. */
    server: TestServer | { readonly missing: string };
  }
}

/**
 * Called once for each project of the configuration, whose name is the kind of server.
 * @returns a function that stops the server
 * @throws MissingBinary in CI; elsewhere the tests are skipped and the reason is printed
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kind: ServerKind = project.name === 'sandbox' ? 'sandbox' : 'kube-apiserver';
  try {
    const { server, stop } = await openTestServer(kind, (line) => console.error(`e2e: ${line}`));
    project.provide('server', server);
    return stop;
  } catch (error) {
    if (!(error instanceof MissingBinary) || isCi(process.env)) throw error;
    console.error(frame(`NO API SERVER: the e2e suite against ${kind} is SKIPPED.\n${error.message}`));
    project.provide('server', { missing: error.message });
    return () => Promise.resolve();
  }
}

function frame(text: string): string {
  const bar = '*'.repeat(78);
  return `\n${bar}\n${text}\n${bar}\n`;
}
