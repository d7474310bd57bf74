import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/e2e/**', 'node_modules/**'],
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
  },
});
