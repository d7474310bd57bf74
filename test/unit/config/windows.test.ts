// Paths of kubeconfigs and kuberc on Windows, with the path rules of Windows on any machine.
import { win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadKubeconfig } from '../../../src/config/kubeconfig.ts';
import { readPreferences } from '../../../src/config/preferences.ts';
import { kubeconfig, memoryFiles } from './memory-files.ts';

const home = 'C:\\Users\\jane';
const input = (files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) => ({
  ...{ overrides: {}, env, home, cwd: 'D:\\work', readFile: memoryFiles(files), paths: win32 },
});

describe('on Windows', () => {
  it('the kubeconfig is below the home directory', async () => {
    const file = `${home}\\.kube\\config`;
    expect(await loadKubeconfig(input({ [file]: kubeconfig() }))).toMatchObject({ files: [file] });
  });

  it('KUBECONFIG is a list with semicolons, and drives have colons', async () => {
    const files = { 'D:\\work\\a': kubeconfig(), 'E:\\b': kubeconfig() };
    const found = await loadKubeconfig(input(files, { KUBECONFIG: 'a;;E:\\b' }));
    expect(found).toMatchObject({ files: ['D:\\work\\a', 'E:\\b'] });
  });

  it('the kuberc is below the home directory, or where KUBERC says', async () => {
    const text = 'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n';
    const files = { [`${home}\\.kube\\kuberc`]: text, 'D:\\work\\rc': text };
    const usual = await readPreferences(input(files), () => undefined);
    const named = await readPreferences(input(files, { KUBERC: 'rc' }), () => undefined);
    expect([usual?.path, named?.path]).toEqual([`${home}\\.kube\\kuberc`, 'D:\\work\\rc']);
  });
});
