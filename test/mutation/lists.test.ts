// The faults in the lists of mutation testing are in the code as it is now. `npm test` checks that,
// because it does not try them.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Fault {
  readonly what: string;
  readonly file: string;
  /** The text that the fault replaces. */
  readonly hides: string;
}

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

describe.each(['test/secrecy/redactions.json', 'test/mutation/survivors.json'])('%s', (list) => {
  it.each(JSON.parse(read(list)) as Fault[])('$what: $file has its text once', ({ file, hides }) => {
    expect(read(`src/${file}`).split(hides)).toHaveLength(2);
  });
});
