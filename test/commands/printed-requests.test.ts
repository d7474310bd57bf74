// `--curl` on every command: a command that sends requests prints them, one that sends none refuses
// the flag.
import { describe, expect, it } from 'vitest';

import { commands } from '../../src/cli/command-list.ts';
import { wordsOf } from '../e2e/words.ts';
import { runKapi } from './run-kapi.ts';

/** Commands that send no request. */
const local = ['proxy', 'config', 'sandbox', 'completion'];

const shown = commands.filter((spec) => spec.hidden !== true);

describe('--curl', () => {
  it.each(shown.filter(({ name }) => local.includes(name)).map(({ name }) => name))(
    'kapi %s has no request to print and refuses the flag',
    async (name) => {
      const words = name === 'completion' ? [name, 'bash'] : [name];
      const { code, stdout, stderr } = await runKapi([...words, '--curl']);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(`kapi ${name} sends no request that --curl could print`);
    },
  );

  /** One line of each other command, with a type that kapi knows without a request. */
  const lines: Readonly<Record<string, string>> = {
    paths: 'paths',
    groups: 'groups',
    resources: 'resources',
    explain: 'explain pods',
    get: 'get pod web',
    list: 'list pods',
    curl: 'curl /version',
    watch: 'watch pods',
    history: 'history pods',
    diff: 'diff pods --at 4711',
    explore: 'explore pods',
    describe: 'describe pod web',
    events: 'events',
    'who-can': 'who-can list pods',
    deprecations: 'deprecations',
    whoami: 'whoami',
    'can-i': 'can-i list pods',
    downward: 'downward web',
    doctor: 'doctor',
    version: 'version',
  };
  /** The index of schemas is still requested. */
  const index = {
    request: 'GET /openapi/v3',
    reply: { body: { paths: { 'api/v1': { serverRelativeURL: '/openapi/v3/api/v1?hash=1' } } } },
  };
  /** Discovery is read before the request for metrics is printed. */
  const discovery = [
    { request: 'GET /api', reply: { body: { kind: 'APIVersions', versions: [] } } },
    { request: 'GET /apis', reply: { body: { kind: 'APIGroupList', groups: [] } } },
  ];
  it.each(shown.filter(({ name }) => !local.includes(name)).map(({ name }) => name))(
    'kapi %s prints its request and sends none but reads of discovery',
    async (name) => {
      const line = lines[name];
      expect(line, `a line for the command ${name}`).toBeDefined();
      const replies = name === 'explain' ? [index] : name === 'deprecations' ? discovery : [];
      const { code, stdout, requests } = await runKapi([...wordsOf(line ?? ''), '--curl'], {
        replies,
      });
      expect(code).toBe(0);
      expect(stdout).toMatch(/^curl /m);
      expect(requests).toEqual(replies.map(({ request }) => request));
    },
  );
});
