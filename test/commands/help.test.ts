// Help, topics and kapi's own version.
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/command-list.ts';
import { topicNames } from '../../src/cli/page.ts';
import { runKapi } from './run-kapi.ts';

describe('help', () => {
  it('is printed on stdout when nothing is asked', async () => {
    const run = await runKapi('');
    expect(run).toMatchObject({ code: 0, stderr: '', requests: [] });
    for (const { name, summary, isMinor } of commands) {
      expect(run.stdout).toMatch(new RegExp(`(?:  |, )${name}\\b`));
      if (isMinor !== true) expect(run.stdout.replaceAll(/\s+/g, ' ')).toContain(summary);
    }
  });

  it.each(commands.map(({ name }) => name))('help %s shows every flag and example', async (name) => {
    const { code, stderr, stdout } = await runKapi(`help ${name}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const spec = commands.find((one) => one.name === name)!;
    expect(stdout).toMatch(new RegExp(`^Usage: kapi ${name} `));
    for (const flag of spec.flags) {
      if (flag.hidden !== true) expect(stdout).toContain(`--${flag.name}`);
    }
    for (const example of spec.examples) expect(stdout).toContain(example.command);
  });

  it.each(commands.map(({ name }) => name))(
    '%s --help names every flag, shows three examples, and fits two screens of 80x24',
    async (name) => {
      const { code, stderr, stdout } = await runKapi(`${name} --help`, {
        tty: true,
        columns: 80,
        env: { NO_COLOR: '1' },
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const spec = commands.find((one) => one.name === name)!;
      for (const flag of spec.flags) {
        if (flag.hidden !== true) expect(stdout).toContain(`--${flag.name}`);
      }
      for (const example of spec.examples.slice(0, 3)) expect(stdout).toContain(example.command);
      expect(stdout).toContain(`kapi help ${name}`);
      expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(48);
    },
  );

  it('fits a terminal of 80 columns and 24 lines, with the prompt', async () => {
    const { stdout } = await runKapi('', { tty: true, env: { NO_COLOR: '1' } });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(23);
  });

  it('is wrapped at any width', async () => {
    const { stdout } = await runKapi('', { tty: true, columns: 40, env: { NO_COLOR: '1' } });
    expect(stdout.split('\n').filter((line) => line.length > 40)).toEqual([]);
  });

  it('has bold headings on a terminal and none in a pipe', async () => {
    expect((await runKapi('help list', { tty: true })).stdout).toContain('\u001b[1mExamples:\u001b[22m');
    expect((await runKapi('help list')).stdout).not.toContain('\u001b');
  });

  it.each([...topicNames(), 'topics', 'help'])('has the topic %s', async (topic) => {
    const run = await runKapi(`help ${topic}`);
    expect(run).toMatchObject({ code: 0, stderr: '', requests: [] });
    expect(run.stdout.split('\n').length).toBeGreaterThan(5);
  });

  it.each(['-h', '--help', 'help', ''])('kapi %s is the overview', async (line) => {
    expect((await runKapi(line)).stdout).toBe((await runKapi('help')).stdout);
  });

  it('help COMMAND ends with the topic of the same name, which --help leaves out', async () => {
    const { stdout } = await runKapi('help curl');
    expect(stdout).toMatch(/^Usage: kapi curl/);
    expect(stdout).toContain('-w accepts these variables');
    expect((await runKapi('curl -h')).stdout).not.toContain('-w accepts');
  });

  it.each([
    ['help exit-code', 'there is no help for "exit-code"', 'did you mean `kapi help exit-codes`?'],
    ['help lsit', 'there is no help for "lsit"', 'did you mean `kapi help list`?'],
    [
      'help apply',
      'kapi does not have "apply", a kubectl command',
      "kapi curl --type apply -d @FILE TYPE/NAME\n      `kapi help kubectl` lists kubectl's words",
    ],
  ])('%s leads on', async (line, error, hint) => {
    expect(await runKapi(line)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: `error: ${error}\nhint: ${hint}\n`,
    });
  });

  it.each([
    ['help auth can-i', 'can-i'],
    ['help api-resources', 'resources'],
    ['help api-versions', 'groups'],
    ['help options', 'global-flags'],
    ['help ls', 'list'],
  ])('%s is help on %s', async (line, name) => {
    expect((await runKapi(line)).stdout).toBe((await runKapi(`help ${name}`)).stdout);
  });
});

describe('--version', () => {
  it('says the version of the package', async () => {
    expect(await runKapi('--version')).toMatchObject({ code: 0, stdout: 'kapi 0.1.0\n', requests: [] });
  });
});
