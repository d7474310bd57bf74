// Words that name no object, such as URLs and files: a usage error, whose hint is a command that
// kapi accepts. runKapi() checks the hints.
import { expect, it } from 'vitest';
import { runKapi } from './run-kapi.ts';

const commands = ['get', 'list', 'watch', 'history', 'describe', 'events', 'downward', 'diff'];
const objects = [
  ...['https://host.example/x.yaml', 'HTTP://user:secret@host.example:1/a/b?c=d#e', 'https://'],
  ...['/api/v1/pods', '//', '/', 'a/b/c', 'pod/', '/web', 'a,b/c', 'web.yaml/x/', '-/-/-', "it's/a/`b`"],
];

it.each(commands.flatMap((command) => objects.map((word) => [command, word] as const)))(
  'kapi %s %s',
  async (command, word) => {
    if (command === 'get' && word.startsWith('/')) return;
    const { code, stderr, stdout } = await runKapi([command, '--', word]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).not.toContain('secret');
  },
);

it.each([
  ['https://host.example/x.yaml'],
  ['pods', 'https://host.example/x.yaml'],
  ['-f', 'https://host.example/x.yaml', '--context', 'c'],
  ['-f', 'a.yaml', '-f', 'HTTPS://host.example/x.yaml', '--context', 'c'],
])('kapi diff %s %s: a URL is to be downloaded', async (...words) => {
  const { code, stderr } = await runKapi(['diff', ...words.filter((word) => typeof word === 'string')]);
  const flags = words.includes('--context') ? ' --context c' : '';
  expect([code, stderr]).toEqual([
    2,
    'error: kapi diff reads objects from files and standard input, not from a URL\n' +
      `hint: download the file, for example with curl -fsSL: \`kapi diff -f -${flags}\` reads it from standard input\n`,
  ]);
});

it.each(['web.yaml', './dir/web.yml', "it's.json", '/tmp/web.yaml'])(
  'kapi diff %s: the hint reads it',
  async (word) => {
    const { code, stderr } = await runKapi(['diff', word]);
    const quoted = word.includes("'") ? String.raw`'it'\''s.json'` : word;
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining(`\`kapi diff -f ${quoted}\` compares a file`),
    ]);
    expect(stderr).toContain('`kapi diff TYPE/NAME --at 5m`');
  },
);
