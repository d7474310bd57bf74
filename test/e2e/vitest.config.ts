// The same files against two servers: the real kube-apiserver, and kapi's own sandbox, which has to
// be like it.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { textModules } from '../../scripts/text-modules.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Suites with results that do not depend on the server: they run once, with the real one.
 */
const serverless = [
  'test/e2e/standalone/unpacking.test.ts',
  ...[
    'chains',
    'kubeconfigs',
    'plugins',
    'front-ends',
    'discovery-faults',
    'bad-servers',
    'cold-starts',
    'terminal-restored',
  ].map((suite) => `test/e2e/${suite}.test.ts`),
];

/** @param name also tells the setup which server to start */
function project(name: 'kube-apiserver' | 'sandbox', groupOrder: number) {
  return {
    root,
    plugins: [textModules],
    test: {
      name,
      include: ['test/e2e/**/*.test.ts'],
      exclude: name === 'sandbox' ? serverless : [],
      globalSetup: ['test/e2e/global-setup.ts'],
      setupFiles: ['test/e2e/program-under-test.ts'],
      // One server for all files: a file that changes its types must not run in parallel with
      // others. Tests of a file can run in parallel.
      fileParallelism: false,
      sequence: { groupOrder },
      maxConcurrency: 4,
      // Terminals and servers that share a busy machine can be later than a test expects. The last
      // lines of a run name the tests that needed a second attempt.
      retry: 1,
      // For a busy machine that is four times slower.
      testTimeout: 300_000,
      hookTimeout: 300_000,
    },
  };
}

export default defineConfig({
  root,
  plugins: [textModules],
  test: {
    projects: [project('kube-apiserver', 1), project('sandbox', 2)],
    reporters: ['default', './test/closing-line-reporter.ts'],
  },
});
