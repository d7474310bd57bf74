// `kubectl kapi` obeys the aliases and defaults of kuberc as kubectl does; `kapi` does not.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

import { describeAgainstKubectl, kapi, kubectl, makeFolder, run, testServer, type Result } from './kapi.ts';

const plugin = fileURLToPath(new URL('../../bin/kubectl-kapi.js', import.meta.url));

function file(text: string): string {
  const path = join(makeFolder(), 'kuberc');
  writeFileSync(path, `apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n${text}\n`);
  return path;
}

function asPlugin(words: readonly string[], kuberc: string): Promise<Result> {
  const { admin } = testServer().kubeconfigs;
  return run(process.execPath, [plugin, ...words], { env: { KUBECONFIG: admin, KUBERC: kuberc } });
}

describeAgainstKubectl('kuberc', () => {
  it('aliases and defaults have the results of kubectl', async () => {
    const kuberc = file(`aliases:
- {name: gets, command: get, prependArgs: [namespaces], options: [{name: output, default: name}]}
- {name: names, command: get, appendArgs: [namespaces, -o, name]}
defaults:
- {command: get, options: [{name: output, default: yaml}, {name: namespace, default: kube-system}]}
- {command: version, options: [{name: output, default: json}]}`);
    const lines = [
      'gets',
      'gets default',
      'gets default -o jsonpath={.metadata.name}',
      'names',
      'get cm -o name',
    ];
    await Promise.all(
      lines.map(async (line) => {
        const [ours, oracle] = await Promise.all([
          asPlugin(line.split(' '), kuberc),
          kubectl(line.split(' '), { env: { KUBERC: kuberc } }),
        ]);
        expect([ours.stdout, ours.code], line).toEqual([oracle.stdout, oracle.code]);
      }),
    );
    const [plain, aliased, shown] = await Promise.all([
      kapi(['get', 'cm', '-n', 'default'], { env: { KUBERC: kuberc } }),
      kapi(['gets'], { env: { KUBERC: kuberc } }),
      kapi(['config', 'show'], { env: { KUBERC: kuberc } }),
    ]);
    expect(plain.stdout).not.toContain('apiVersion');
    expect(aliased).toMatchObject({ code: 2, stdout: '' });
    expect(shown.stdout).toMatch(
      /^alias-gets +get --output=name namespaces +\S+kuberc, for kubectl kapi only$/m,
    );
    expect(shown.stdout).toMatch(/^default-version +--output=json +\S+kuberc, for kubectl kapi only$/m);
  });

  it('a file that kubectl refuses is refused', async () => {
    const texts = [
      'aliases: [{name: a-b, command: get}]',
      'aliases: 3',
      'defaults: [{command: get, options: [{name: --o}]}]',
    ];
    for (const text of texts) {
      const kuberc = file(text);
      const [ours, oracle] = await Promise.all([
        asPlugin(['get', 'ns'], kuberc),
        kubectl(['get', 'ns'], { env: { KUBERC: kuberc } }),
      ]);
      expect([ours.code, oracle.code, ours.stdout], text).toEqual([3, 1, '']);
      expect(ours.stderr).toContain(`the kuberc file ${kuberc} cannot be used`);
    }
  });
});
