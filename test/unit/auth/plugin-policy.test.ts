// Which plugins the policy of a kuberc allows: the decisions of kubectl 1.36.
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';

import type { PluginPolicy } from '../../../src/config/cluster-config.ts';
import { failureOf } from '../config/memory-files.ts';
import { answer, configWith, open, writePlugin } from './plugin-files.ts';

describe('the policy of the kuberc', () => {
  const path = '/home/jane/.kube/kuberc';

  async function run(
    command: string,
    policy: PluginPolicy,
    env: Record<string, string>,
  ): Promise<string | undefined> {
    const config = await configWith({ command });
    const { authorization } = config;
    if (authorization.kind !== 'exec') throw new Error('no plugin');
    const exec = { ...authorization.exec, policy };
    return open({ ...config, authorization: { ...authorization, exec } }, { env }).authorization();
  }

  it('DenyAll: no plugin runs, whether or not it exists', async () => {
    for (const command of [await writePlugin(answer({ token: 't' })), 'missing']) {
      expect(await failureOf(run(command, { kind: 'DenyAll', commands: [], path }, {}))).toBe(
        `3 ExecRefused: exec: ${command} may not run: credentialPluginPolicy is DenyAll (from ${path})`,
      );
    }
  });

  it('Allowlist: the same word, or the same file after both have been resolved', async () => {
    const [here, there] = [
      await writePlugin(answer({ token: 't' }), 'plug'),
      await writePlugin(answer({ token: 't' }), 'plug'),
    ];
    const env = { PATH: `${dirname(here)}:/usr/bin:/bin` };
    const decisions: [string, string, boolean][] = [
      ['plug', 'plug', true],
      ['plug', here, true],
      [here, 'plug', true],
      [here, here, true],
      [`${dirname(here)}//plug`, here, true],
      ['plug', there, false],
      [here, there, false],
      [there, 'plug', false],
      [there, there, true],
      [here, 'plu', false],
      ['plug', 'other', false],
    ];
    for (const [command, entry, isAllowed] of decisions) {
      const running = run(command, { kind: 'Allowlist', commands: ['x', entry], path }, env);
      if (isAllowed) expect(await running, `${command} by ${entry}`).toBe('Bearer t');
      else expect(await failureOf(running), `${command} by ${entry}`).toContain('3 ExecRefused: ');
    }
  });
});
