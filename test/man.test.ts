// The manual pages are as generated, and both programs that show them read them without complaints.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manualPages } from '../scripts/man/pages.ts';
import manifest from '../package.json' with { type: 'json' };
import { commands } from '../src/cli/command-list.ts';

const folder = resolve(import.meta.dirname, '../man');
const pages = manualPages(commands, manifest.version);

describe('the manual', () => {
  it('is what `npm run generate:man` makes', () => {
    const files = readdirSync(folder).filter((file) => /\.\d$/.test(file));
    expect(files.sort()).toEqual(pages.map(({ file }) => file).sort());
    for (const { file, text } of pages) expect(readFileSync(join(folder, file), 'utf8'), file).toBe(text);
  });

  it('is in the package, and npm links it', () => {
    expect(manifest.man).toEqual(pages.map(({ file }) => `man/${file}`));
    expect(manifest.files).toEqual(expect.arrayContaining(['man']));
  });

  it.skipIf(!isThere('mandoc'))('has no warnings of mandoc, including style (skipped without mandoc)', () => {
    const files = pages.map(({ file }) => join(folder, file));
    // Without -W: mandoc prints complaints of every kind and then exits with 1 or more.
    const { stdout, status } = spawnSync('mandoc', ['-T', 'lint', ...files], { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  it.skipIf(!isThere('mandoc'))('shows input exactly as typed (skipped without mandoc)', () => {
    for (const spec of commands.filter((one) => one.hidden !== true)) {
      const shown = execFileSync(
        'mandoc',
        ['-T', 'utf8', '-O', 'width=400', join(folder, `kapi-${spec.name}.1`)],
        {
          encoding: 'utf8',
        },
      ).replaceAll(/.\u0008/g, '');
      for (const { command } of spec.examples) expect(shown).toContain(command);
      for (const flag of spec.flags) if (flag.hidden !== true) expect(shown).toContain(`--${flag.name}`);
    }
  });

  it.skipIf(!isThere('man'))('is shown by man -l (skipped without man)', () => {
    const shown = execFileSync('man', ['-l', join(folder, 'kapi.1')], {
      encoding: 'utf8',
      env: { ...process.env, MANPAGER: 'cat', PAGER: 'cat', MANWIDTH: '80' },
    });
    expect(shown).toMatch(/^KAPI\(1\)/);
    expect(shown).toContain('EXIT STATUS');
  });
});

function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}
