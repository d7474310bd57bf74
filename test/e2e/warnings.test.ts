// --warnings-as-errors, /statusz and /flagz, and selectors in questions about rights, against
// either server.
import { expect, inject, it } from 'vitest';

import { curl, describeOnServer, kapi, kubectl } from './kapi.ts';

const statuses = '/api/v1/componentstatuses';

describeOnServer('--warnings-as-errors', () => {
  it('fails a run with a warning after everything is printed, in every command that sends a request', async () => {
    for (const words of [
      ['list', 'cs'],
      ['get', statuses],
      ['curl', '-s', statuses],
      ['get', 'cs', '-o', 'json'],
    ]) {
      const [lax, strict] = await Promise.all([kapi(words), kapi([...words, '--warnings-as-errors'])]);
      expect(lax.code, words.join(' ')).toBe(0);
      expect(strict.code, words.join(' ')).toBe(1);
      // The server lists the components in any order.
      expect(strict.stdout.length, words.join(' ')).toBe(lax.stdout.length);
      expect(lax.stdout).not.toBe('');
      expect(strict.stderr).toContain('Warning: v1 ComponentStatus is deprecated');
      expect(strict.stderr).toContain('error: 1 warning received\n');
    }
  });

  it('changes nothing without a warning, and keeps the exit code of another failure', async () => {
    const [plain, missing] = await Promise.all([
      kapi(['list', 'ns', '--warnings-as-errors']),
      kapi(['get', 'cs', 'none', '--warnings-as-errors']),
    ]);
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    expect(missing.code).toBe(4);
  });

  it('says so as JSON for programs', async () => {
    const { code, stderr } = await kapi(['list', 'cs', '--warnings-as-errors', '--error-format', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({
      error: { code: 'WarningsReceived', exitCode: 1, message: '1 warning received' },
    });
  });

  it('agrees with kubectl', async (context) => {
    const server = inject('server');
    if ('missing' in server || 'missing' in server.kubectl) return context.skip('no kubectl to compare with');
    for (const words of [
      ['get', 'cs'],
      ['get', 'ns'],
    ]) {
      const line = [...words, '--warnings-as-errors'];
      const [ours, oracle] = await Promise.all([kapi(line), kubectl(line)]);
      expect(ours.code, words.join(' ')).toBe(oracle.code);
    }
  });
});

describeOnServer('can-i with selectors', () => {
  it('sends a form that the server supports', async () => {
    const words = [
      'can-i',
      'list',
      'pods',
      '-l',
      'app in (web,db),!canary',
      '--field-selector',
      'spec.nodeName=n1',
    ];
    const { stdout, stderr, code } = await kapi([...words, '-o', 'json', '--warnings-as-errors']);
    expect([stderr, code]).toEqual(['', 0]);
    expect(JSON.parse(stdout)).toMatchObject({
      spec: { resourceAttributes: { labelSelector: { rawSelector: 'app in (web,db),!canary' } } },
      status: { allowed: true },
    });
  });
});

describeOnServer('/statusz and /flagz', () => {
  it.for([
    ['/statusz', 'Statusz'],
    ['/flagz', 'Flagz'],
  ] as const)('%s is an object', async ([path, kind], { skip }) => {
    const offered = await curl('/');
    skip(!offered.stdout.includes(`"${path}"`), `this server has no ${path}`);
    const answers = await Promise.all([
      kapi(['get', path]),
      kapi(['get', path, '-o', 'json']),
      kapi(['get', path, '-o', 'jsonpath={.kind}']),
      kapi(['get', path, '-o', 'yaml']),
    ]);
    expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const [shown, json, name, yaml] = answers.map(({ stdout }) => stdout);
    expect(JSON.parse(shown ?? '')).toHaveProperty('kind', kind);
    expect(JSON.parse(json ?? '')).toHaveProperty('kind', kind);
    expect(name).toBe(kind);
    expect(yaml).toContain(`kind: ${kind}\n`);
  });
});
