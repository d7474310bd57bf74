// Takes the redactions of redactions.json out one by one: without each of them a test has to fail, else it exits 1.
// Usage: npm run test:secrecy-mutations [-- NUMBER...]
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const redactions = JSON.parse(readFileSync(new URL('redactions.json', import.meta.url), 'utf8'));
const wanted = process.argv.slice(2).map(Number);
let survivors = 0;
for (const [at, { what, tests = 'test/secrecy' }] of redactions.entries()) {
  if (wanted.length > 0 && !wanted.includes(at)) continue;
  const { stdout, stderr, status } = spawnSync(
    'npx',
    ['vitest', 'run', '--config', 'test/secrecy/mutations.config.ts', '--bail', '1', ...tests.split(' ')],
    { env: { ...process.env, KAPI_REDACTION: String(at) }, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  // A run that did not start proves nothing: a test has to have failed.
  const [, failed = ''] = /^\d+ passed, (\d+) failed/m.exec(stdout) ?? [];
  const hasDied = status !== 0 && Number(failed) > 0 && !`${stdout}${stderr}`.includes(' has no ');
  console.log(`${hasDied ? 'killed  ' : 'SURVIVED'} ${at} ${what}`);
  if (!hasDied) survivors += 1;
}
console.log(`${survivors} survived`);
process.exitCode = survivors === 0 ? 0 : 1;
