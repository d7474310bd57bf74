// The policy about exec plugins in kubectl's settings: where the file is looked for, its content,
// and that whatever makes it unreadable stops the run instead of allowing everything.

import { describe, expect, it } from 'vitest';

import type { ClusterConfig } from '../../../src/config/cluster-config.ts';
import type { Overrides } from '../../../src/config/input.ts';
import { failureOf, fileError, filesWith, kubeconfig, load } from './memory-files.ts';

const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'plugin', interactiveMode: 'Never' };
const beta = 'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n';
const usual = '/home/jane/.kube/kuberc';

type Files = Readonly<Record<string, string | Error>>;

function resolve(
  files: Files,
  overrides: Overrides = {},
  env: Readonly<Record<string, string>> = {},
): Promise<ClusterConfig> {
  return load(filesWith(kubeconfig({ user: { exec } }), files), overrides, env);
}

async function policyOf(...args: Parameters<typeof resolve>): Promise<unknown> {
  const { authorization } = await resolve(...args);
  return authorization.kind === 'exec' ? authorization.exec.policy : authorization.kind;
}

const denied = (path: string): unknown => ({ kind: 'DenyAll', commands: [], path });
const denyAll = `${beta}credentialPluginPolicy: DenyAll\n`;

describe('where the kuberc is', () => {
  it('--kuberc before KUBERC before ~/.kube/kuberc; paths relative to the working directory', async () => {
    const files = { [usual]: denyAll, '/cwd/a': denyAll, '/cwd/b': denyAll };
    expect(await policyOf(files)).toEqual(denied(usual));
    expect(await policyOf(files, {}, { KUBERC: 'a' })).toEqual(denied('/cwd/a'));
    expect(await policyOf(files, { kuberc: 'b' }, { KUBERC: 'a' })).toEqual(denied('/cwd/b'));
    expect(await policyOf(files, { kuberc: '' }, { KUBERC: '' })).toEqual(denied(usual));
  });

  it('KUBERC=off and KUBECTL_KUBERC=false turn it off', async () => {
    expect(await policyOf({ [usual]: denyAll }, {}, { KUBERC: 'off' })).toBeUndefined();
    expect(await policyOf({ [usual]: denyAll }, {}, { KUBECTL_KUBERC: 'False' })).toBeUndefined();
    expect(await policyOf({ [usual]: denyAll }, {}, { KUBECTL_KUBERC: 'true' })).toEqual(denied(usual));
    expect(await failureOf(resolve({}, { kuberc: 'x' }, { KUBERC: 'off' }))).toBe(
      '2 FlagConflict: --kuberc and KUBERC=off exclude each other',
    );
  });

  it('the default file can be missing, a named one must exist', async () => {
    expect(await policyOf({})).toBeUndefined();
    expect(await failureOf(resolve({}, { kuberc: 'x' }))).toBe(
      '3 KubercNotFound: the kuberc file /cwd/x cannot be read: no such file or directory (named by --kuberc)',
    );
    expect(await failureOf(resolve({}, {}, { KUBERC: '/x' }))).toContain('3 KubercNotFound: ');
    expect(await failureOf(resolve({ [usual]: fileError('EACCES') }))).toBe(
      `3 KubercUnreadable: the kuberc file ${usual} cannot be read: permission denied (its usual place)`,
    );
  });

  it('is not read if no plugin would run', async () => {
    const files = filesWith(kubeconfig({ user: { exec, token: 't' } }), { [usual]: 'garbage: [' });
    expect((await load(files)).authorization.kind).toBe('token');
    expect((await resolve({ [usual]: 'garbage: [' }, { token: 't' })).authorization.kind).toBe('token');
    expect((await resolve({ [usual]: 'garbage: [' }, { anonymous: true })).authorization.kind).toBe('none');
  });
});

const list = (...entries: readonly string[]): string =>
  `${beta}credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist:\n${entries.map((entry) => `- ${entry}\n`).join('')}`;

describe('its content', () => {
  it.each<[string, string, unknown]>([
    ['nothing', '', undefined],
    ['comments', '# none\n', undefined],
    ['no policy', `${beta}aliases: []\n`, undefined],
    ['an empty policy', `${beta}credentialPluginPolicy: ""\ncredentialPluginAllowlist: null\n`, undefined],
    ['AllowAll', `${beta}credentialPluginPolicy: AllowAll\n`, undefined],
    ['v1alpha1, which has no policy', beta.replace('v1beta1', 'v1alpha1'), undefined],
    [
      'a list of names, paths, and the older word for them',
      list('command: aws', 'name: /usr/bin/gke', 'command: x\n  name: x'),
      { kind: 'Allowlist', commands: ['aws', '/usr/bin/gke', 'x'], path: usual },
    ],
    [
      'JSON',
      JSON.stringify({
        apiVersion: 'kubectl.config.k8s.io/v1beta1',
        kind: 'Preference',
        credentialPluginPolicy: 'DenyAll',
      }),
      denied(usual),
    ],
    [
      'the first document of a known version counts',
      `apiVersion: kubectl.config.k8s.io/v2\nkind: Preference\n---\n${denyAll}---\n${beta}`,
      denied(usual),
    ],
    [
      'a comment on a separator',
      `apiVersion: kubectl.config.k8s.io/v2\nkind: Preference\n--- # of kubectl 1.36\n${denyAll}`,
      denied(usual),
    ],
    ['the first one, though it has no policy', `---\n${beta}---\n${denyAll}`, undefined],
  ])('%s', async (_, text, expected) => {
    expect(await policyOf({ [usual]: text })).toEqual(expected);
  });

  it.each<[string, string, string]>([
    ['no YAML', 'credentialPluginPolicy: [', 'cannot be used'],
    ['a list', '- a\n', 'a document in it is not a mapping'],
    ['another kind', 'apiVersion: v1\nkind: Config\n', 'apiVersion "v1", kind "Config" instead of'],
    [
      'an unknown version alone',
      denyAll.replace('v1beta1', 'v1'),
      'apiVersion "kubectl.config.k8s.io/v1", kind "Preference" instead of',
    ],
    ['no version', 'credentialPluginPolicy: DenyAll\n', 'apiVersion unreadable'],
    [
      'an unknown policy',
      `${beta}credentialPluginPolicy: denyall\n`,
      'is not AllowAll, DenyAll or Allowlist',
    ],
    [
      'a policy that is no text',
      `${beta}credentialPluginPolicy: true\n`,
      'is not AllowAll, DenyAll or Allowlist',
    ],
    ['a misspelt field', `${beta}credentialPluginPolcy: DenyAll\n`, 'unknown field credentialPluginPolcy'],
    [
      'a field in other case',
      `${beta}CredentialPluginPolicy: DenyAll\n`,
      'unknown field CredentialPluginPolicy',
    ],
    [
      'a policy in v1alpha1',
      denyAll.replace('v1beta1', 'v1alpha1'),
      'kubectl.config.k8s.io/v1alpha1 has no credentialPluginPolicy',
    ],
    [
      'Allowlist without a list',
      `${beta}credentialPluginPolicy: Allowlist\n`,
      'credentialPluginAllowlist is not a list',
    ],
    [
      'an empty list',
      `${beta}credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: []\n`,
      'credentialPluginAllowlist is empty',
    ],
    [
      'a list without Allowlist',
      `${beta}credentialPluginAllowlist:\n- command: x\n`,
      'credentialPluginPolicy is not set',
    ],
    ['a list with DenyAll', `${denyAll}credentialPluginAllowlist: []\n`, 'credentialPluginPolicy is DenyAll'],
    ['an entry that is text', list('aws'), 'credentialPluginAllowlist[0] is not a mapping'],
    ['an empty entry', list('command: x', '{}'), 'credentialPluginAllowlist[1] is empty'],
    [
      'an unknown condition',
      list('command: x\n  sha256: abc'),
      'credentialPluginAllowlist[0] has an unknown field sha256',
    ],
    ['two names', list('command: x\n  name: z'), 'has a name and a command that differ'],
    ['a number', list('command: 5'), 'has a command that is not text'],
    ['a path that is not clean', list('command: /usr//bin/x'), 'parts that mean nothing'],
    ['a path with a slash at its end', list('command: /usr/bin/x/'), 'parts that mean nothing'],
    ['a path with dots', list('command: ./x'), 'parts that mean nothing'],
  ])('fails closed: %s', async (_, text, message) => {
    const failure = await failureOf(resolve({ [usual]: text }));
    expect(failure).toContain(`3 KubercInvalid: the kuberc file ${usual} cannot be used: `);
    expect(failure).toContain(message);
  });
});
