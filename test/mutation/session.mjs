// A running vitest that tests one fault after the other. Started by run.mjs, which sends a
// request and waits for the answer, and kills this process if a fault loops forever.
//
// Request: { file, start, end, text } or { file, hides, shows }, and the tests. Answer: { killed
// } or { problem }.
import { readFileSync } from 'node:fs';
import { createVitest } from 'vitest/node';

const vitest = await createVitest('test', {
  config: new URL('vitest.config.ts', import.meta.url).pathname,
  watch: false,
  // Only the result matters.
  reporters: [{}],
  maxWorkers: 1,
  bail: 1,
});

/** @param {any} request */
async function run({ file, tests, ...fault }) {
  const source = readFileSync(file, 'utf8');
  const changed =
    fault.hides === undefined
      ? source.slice(0, fault.start) + fault.text + source.slice(fault.end)
      : source.replace(fault.hides, () => fault.shows);
  if (changed === source && fault.text !== undefined) return { problem: 'the fault changes nothing' };
  if (changed === source) return { problem: `the file has no ${fault.hides}` };
  let wasPut = false;
  globalThis.kapiFault = {
    file,
    change: () => {
      wasPut = true;
      return changed;
    },
  };
  vitest.invalidateFile(file);
  const specifications = await vitest.globTestSpecifications(tests);
  if (specifications.length === 0) return { problem: `no tests at ${tests.join(' ')}` };
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  const hasFailed = testModules.some((module) => module.state() === 'failed') || unhandledErrors.length > 0;
  if (!wasPut) return { problem: 'no test imports the file' };
  return { killed: hasFailed };
}

process.on('message', (request) => {
  run(request).then(
    (answer) => process.send?.(answer),
    (error) => process.send?.({ problem: String(error.stack) }),
  );
});
process.send?.('ready');
