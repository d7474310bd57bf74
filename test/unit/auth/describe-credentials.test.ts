import { describe, expect, it } from 'vitest';

import { describeCredentials } from '../../../src/auth/describe-credentials.ts';
import type { Overrides } from '../../../src/config/input.ts';
import { filesWith, kubeconfig, load } from '../config/memory-files.ts';

const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'aws', interactiveMode: 'Never' };
const pair = { 'client-certificate': 'client.pem', 'client-key': 'client.key' };
const user = '/home/jane/.kube/config, user "u"';

describe('describeCredentials', () => {
  it.each<[string, Record<string, unknown>, Overrides, string[]]>([
    ['nobody', {}, {}, ["anonymous  from kapi's default"]],
    ['a token', { token: 'SECRET' }, {}, [`token  from ${user}`]],
    ['a flag', {}, { token: 'SECRET' }, ['token  from --token']],
    ['a token file', { tokenFile: 'f' }, {}, [`token file /home/jane/.kube/f from ${user}`]],
    ['basic', { username: 'jane', password: 'SECRET' }, {}, [`basic jane from ${user}`]],
    ['a plugin', { exec }, {}, [`exec plugin aws from ${user}`]],
    [
      'a token and a certificate',
      { token: 'SECRET', ...pair },
      {},
      [`token  from ${user}`, `client certificate /home/jane/.kube/client.pem from ${user}`],
    ],
    [
      'plain http',
      { token: 'SECRET' },
      { server: 'http://h' },
      [`withheld not sent over plain http from ${user}`],
    ],
  ])('%s', async (_, entry, overrides, lines) => {
    const config = await load(filesWith(kubeconfig({ user: entry })), overrides);
    const facts = describeCredentials(config);
    expect(facts.map((fact) => `${fact.kind} ${fact.detail} from ${fact.origin.text}`)).toEqual(lines);
    expect(JSON.stringify(facts)).not.toContain('SECRET');
  });
});
