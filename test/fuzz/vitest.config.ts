// Fuzzers with limits and a seed: npm run test:fuzz. FUZZ_RUNS multiplies the inputs, FUZZ_SEED
// selects others.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { textModules } from '../../scripts/text-modules.mjs';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  plugins: [textModules],
  test: {
    include: ['test/fuzz/**/*.fuzz.ts'],
    testTimeout: 24 * 3600 * 1000,
    maxConcurrency: 1,
    reporters: ['default', './test/closing-line-reporter.ts'],
  },
});
