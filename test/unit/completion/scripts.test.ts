// completions/ holds what `kapi completion` prints; the installed shells read the scripts.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptFiles, scriptOf, shells } from '../../../src/commands/completion/scripts.ts';

const directory = resolve(import.meta.dirname, '../../../completions');

describe('completions/', () => {
  it('has a script for each shell and no other file', () => {
    expect(readdirSync(directory).sort()).toEqual(Object.values(scriptFiles).sort());
  });

  it.each(shells)('%s: is what kapi prints; `npm run generate:completions` updates it', (shell) => {
    expect(readFileSync(resolve(directory, scriptFiles[shell]), 'utf8')).toBe(scriptOf(shell));
  });

  it.each([
    ['bash', 'bash'],
    ['zsh', 'zsh'],
    ['fish', 'fish'],
  ] as const)('%s can be read by its shell, if it is installed', (shell, program) => {
    const file = resolve(directory, scriptFiles[shell]);
    const { error, status, stderr } = spawnSync(program, ['-n', file], { encoding: 'utf8' });
    if (error !== undefined) console.error(`SKIPPED: no ${program} to read its script`);
    else expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('powershell has balanced brackets and quotes, and no tab from a template', () => {
    const code = scriptOf('powershell').replaceAll(/^\s*#.*$/gm, '');
    const open: string[] = [];
    const pairs: Readonly<Record<string, string>> = { ')': '(', '}': '{', ']': '[' };
    for (const character of code.replaceAll(/'[^'\n]*'/g, "''")) {
      if ('({['.includes(character)) open.push(character);
      else if (character in pairs) expect(open.pop()).toBe(pairs[character]);
    }
    expect(open).toEqual([]);
    expect(code.match(/'/g)?.length).toSatisfy((count: number) => count % 2 === 0);
    expect(code).not.toMatch(/["\t]/);
  });

  it('does not evaluate the line', () => {
    for (const shell of shells) expect(scriptOf(shell)).not.toMatch(/\beval\b|Invoke-Expression/);
  });
});
