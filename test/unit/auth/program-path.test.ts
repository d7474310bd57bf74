// Where the program of an exec plugin is found, with the path rules of Windows and of others.
import { posix, win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../../src/auth/program-path.ts';

const asked = (files: readonly string[]) => (path: string) => Promise.resolve(files.includes(path));

describe('on Windows', () => {
  const env = { PATH: 'C:\\one;relative;;C:\\two', PATHEXT: '.COM;.EXE;CMD' };
  const find = (command: string, files: readonly string[], more = {}): Promise<string | undefined> =>
    findProgram(command, { env: { ...env, ...more }, isProgram: asked(files), paths: win32 });

  it.each([
    ['aws', ['C:\\two\\aws.exe'], 'C:\\two\\aws.exe'],
    ['aws', ['C:\\two\\aws.exe', 'C:\\one\\aws.cmd'], 'C:\\one\\aws.cmd'],
    ['aws', ['C:\\one\\aws.exe', 'C:\\one\\aws.com'], 'C:\\one\\aws.com'],
    ['aws.exe', ['C:\\one\\aws.exe'], 'C:\\one\\aws.exe'],
    ['aws.v2', ['C:\\one\\aws.v2.exe'], 'C:\\one\\aws.v2.exe'],
    ['aws', ['C:\\one\\aws', 'relative\\aws.exe', '\\aws.exe'], undefined],
    ['C:\\x\\aws', ['C:\\x\\aws.exe'], 'C:\\x\\aws.exe'],
    ['C:\\x\\aws', ['C:\\one\\aws.exe'], undefined],
    ['C:/x/aws.exe', ['C:/x/aws.exe'], 'C:/x/aws.exe'],
  ])('%s of %j is %s', async (command, files, found) => {
    expect(await find(command, files)).toBe(found);
  });

  it('without PATHEXT tries .com, .exe, .bat and .cmd', async () => {
    expect(await find('aws', ['C:\\one\\aws.bat'], { PATHEXT: '' })).toBe('C:\\one\\aws.bat');
  });
});

describe('on other systems', () => {
  it('is the first file in PATH, without other endings', async () => {
    const place = { env: { PATH: '/one::.:/two', PATHEXT: '.EXE' }, paths: posix };
    expect(await findProgram('aws', { ...place, isProgram: asked(['/two/aws', 'aws', './aws']) })).toBe(
      '/two/aws',
    );
    expect(await findProgram('aws', { ...place, isProgram: asked(['/one/aws.exe']) })).toBeUndefined();
    expect(await findProgram('/x/aws', { ...place, isProgram: asked(['/x/aws']) })).toBe('/x/aws');
  });
});
