// Help, topics and kapi's own version.
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/command-list.ts';
import { runKapi } from './run-kapi.ts';

describe('help', () => {
  it('is printed on stdout when nothing is asked', async () => {
    const run = await runKapi('');
    expect(run).toMatchObject({ code: 0, stderr: '', requests: [] });
    for (const { name, summary } of commands) {
      expect(run.stdout).toContain(`  ${name}`);
      expect(run.stdout.replaceAll(/\s+/g, ' ')).toContain(summary);
    }
  });

  it.each(commands.map(({ name }) => name))(
    '%s --help is help %s and shows flags and examples',
    async (name) => {
      const [byFlag, byWord] = [await runKapi(`${name} --help`), await runKapi(`help ${name}`)];
      expect(byFlag).toMatchObject({ code: 0, stderr: '' });
      expect(byWord.stdout).toBe(byFlag.stdout);
      const spec = commands.find((one) => one.name === name)!;
      expect(byFlag.stdout).toMatch(new RegExp(`^Usage: kapi ${name} `));
      for (const flag of spec.flags) {
        if (flag.hidden !== true) expect(byFlag.stdout).toContain(`--${flag.name}`);
      }
      for (const example of spec.examples) expect(byFlag.stdout).toContain(example.command);
    },
  );

  it.each(['exit-codes', 'output', 'credentials', 'curl', 'in-pod', 'global-flags'])(
    'has the topic %s',
    async (topic) => {
      expect(await runKapi(`help ${topic}`)).toMatchObject({ code: 0, stdout: expect.stringMatching(/\n/) });
    },
  );

  it('names the nearest topic', async () => {
    expect(await runKapi('help exit-code')).toMatchObject({
      code: 2,
      stderr: 'error: there is no help for "exit-code"\nhint: did you mean kapi help exit-codes?\n',
    });
  });

  it('keeps within 98 columns', async () => {
    for (const topic of ['', 'global-flags', 'exit-codes', 'output', 'credentials', 'curl', 'in-pod']) {
      const { stdout } = await runKapi(`help ${topic}`);
      const long = stdout.split('\n').filter((line) => line.length > 98);
      expect(long, topic).toEqual([]);
    }
  });
});

describe('--version', () => {
  it('says the version of the package', async () => {
    expect(await runKapi('--version')).toMatchObject({ code: 0, stdout: 'kapi 0.1.0\n', requests: [] });
  });
});
