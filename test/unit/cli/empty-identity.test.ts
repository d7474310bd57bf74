// An identity flag that is empty because a shell variable is: kapi uses no other identity instead.
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/command-list.ts';
import { globalFlags } from '../../../src/cli/global-flags.ts';
import { parseCommandLine } from '../../../src/cli/program.ts';

/**
 * Flags that choose a cluster or a namespace, or add to an identity. If empty, they count as
 * absent, as with kubectl.
 */
const others = new Set([
  ...['kubeconfig', 'kuberc', 'context', 'cluster', 'server', 'certificate-authority', 'tls-server-name'],
  ...['as-group', 'as-uid', 'as-user-extra', 'password', 'request-timeout', 'cache-dir', 'namespace'],
  ...['service-account-dir', 'color', 'error-format'],
]);

describe('an empty flag', () => {
  const withValues = globalFlags.filter(({ value }) => value !== undefined);
  const identities = withValues
    .filter(({ name }) => !others.has(name))
    .flatMap(({ name, aliases = [] }) => [name, ...aliases]);

  it.each(identities)('--%s names no identity: exit 2', (name) => {
    for (const line of [
      ['whoami', `--${name}=`],
      ['whoami', `--${name}`, ''],
      [`--${name}=`, 'can-i', 'list', 'pods'],
      ['curl', '/version', `--${name}=`],
    ]) {
      expect(() => parseCommandLine(line, commands), line.join(' ')).toThrow(
        /^--[a-z-]+ is empty, so it does not say who asks$/,
      );
    }
  });

  it('-u of kapi curl names no identity: exit 2', () => {
    expect(() => parseCommandLine(['curl', '-u', '', '/version'], commands)).toThrow('-u is empty');
    expect(parseCommandLine(['curl', '-u', ':', '/version'], commands).kind).toBe('command');
  });

  it.each(['context', 'namespace', 'as-uid', 'kubeconfig'])(
    '--%s counts as absent, as with kubectl',
    (name) => {
      expect(parseCommandLine(['whoami', `--${name}=`], commands).kind).toBe('command');
    },
  );

  it('is in exactly one of the two lists', () => {
    expect(identities).toEqual(
      expect.arrayContaining(['token', 'as', 'as-sa', 'user', 'username', 'client-certificate']),
    );
    expect([...others].filter((name) => !withValues.some((flag) => flag.name === name))).toEqual([]);
  });
});
