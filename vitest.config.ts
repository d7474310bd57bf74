// Two suites: `fast` is `npm test`, `slow` is `npm run test:slow`. A file is in exactly one of them.
import { configDefaults, defineConfig } from 'vitest/config';
import { textModules } from './scripts/text-modules.mjs';

/**
 * What takes seconds of processor time: processes, connections one by one, real limits, sweeps over every command. They
 * change process-wide state as well, so each file has a process of its own.
 */
const slow = [
  'test/bin/**/*.test.ts',
  'test/faults/**/*.test.ts',
  'test/secrecy/**/*.test.ts',
  'test/sweeps/**/*.test.{ts,tsx}',
  'test/commands/contexts.test.ts',
  'test/commands/depth.test.ts',
  'test/commands/explain-limits.test.ts',
  'test/commands/identity.test.ts',
  'test/commands/local-io.test.ts',
  'test/commands/long-texts.test.ts',
  'test/commands/path-values.test.ts',
  'test/transport/{exchange,probe,tls}.test.ts',
  'test/unit/auth/exec-plugin.test.ts',
  'test/unit/bench/measure.test.ts',
  'test/unit/io/young-generation.test.ts',
  'test/unit/sandbox/{faults,hostile}.test.ts',
  'test/unit/standalone/**/*.test.ts',
];

const never = [...configDefaults.exclude, 'test/e2e/**'];

export default defineConfig({
  plugins: [textModules],
  test: {
    testTimeout: 60_000,
    reporters: ['default', './test/closing-line-reporter.ts'],
    // A machine's own proxy, CA and cluster settings must not reach the tests.
    env: {
      NO_COLOR: '',
      KUBECONFIG: '',
      HTTPS_PROXY: '',
      HTTP_PROXY: '',
      NO_PROXY: '',
      NODE_EXTRA_CA_CERTS: '',
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...never, ...slow],
          // The files share a process, so that each module of src is loaded once: a third of the processor time.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          ...{ name: 'slow', include: slow, exclude: never },
          // Tests that start bin/kapi.js start the standalone file with KAPI_E2E_STANDALONE=FILE.
          setupFiles: ['test/e2e/program-under-test.ts'],
        },
      },
    ],
  },
});
