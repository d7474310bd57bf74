// `kapi explain TYPE --example` of every type of the server that can be created: the server accepts
// it in a dry run.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { describeOnServer, kapi, makeFolder, testServer } from './kapi.ts';
import { createAdminClient, type AdminClient } from './server/admin-client.ts';

/** Types with an example that cannot pass, and why. */
const exempt: Readonly<Record<string, string>> = {
  bindings: 'a Binding needs a pod that exists',
};

const forSandbox = new Set(['pods', 'configmaps', 'services', 'deployments', 'cronjobs', 'crontabs']);

interface Listed {
  readonly name: string;
  /** Absent for the core group. */
  readonly group?: string;
  readonly version: string;
  readonly namespaced: boolean;
}

describeOnServer('kapi explain --example', () => {
  let admin: AdminClient;
  beforeAll(() => {
    const { url, caFile, tokens } = testServer();
    admin = createAdminClient(url, readFileSync(caFile, 'utf8'), tokens.admin);
  });

  it('is accepted by a dry run, for every type that can be created', async () => {
    const listed = await kapi(['resources', '--verbs=create', '-o', 'json']);
    const found = JSON.parse(listed.stdout) as { resources: readonly Listed[] };
    const isSandbox = testServer().kind === 'sandbox';
    if (isSandbox) console.log('the sandbox: some types only, because the claim is about the real server');
    const types = found.resources.filter(
      ({ name }) => !name.includes('/') && (!isSandbox || forSandbox.has(name)),
    );
    expect(types.length).toBeGreaterThan(isSandbox ? 4 : 20);
    const refused: string[] = [];
    const ask = async ({ name, group = '', version, namespaced }: Listed): Promise<void> => {
      const word = group === '' ? name : `${name}.${group}`;
      if (exempt[word] !== undefined) {
        console.log(`skipped ${word}: ${exempt[word]}`);
        return;
      }
      const example = await kapi(['explain', word, '--example']);
      const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      const path = `${root}${namespaced ? '/namespaces/default' : ''}/${name}?dryRun=All&fieldValidation=Strict`;
      const answer = await admin.send('POST', path, example.stdout, 'application/yaml');
      if (example.code !== 0 || answer.status >= 300) {
        refused.push(`${word}: ${example.stderr}${JSON.stringify(answer.body)}`);
      }
    };
    const left = [...types];
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let type = left.shift(); type !== undefined; type = left.shift()) await ask(type);
      }),
    );
    expect(refused).toEqual([]);
    // One process for each of some seventy types.
  }, 400_000);

  it('is accepted by kapi curl unchanged', async () => {
    const folder = makeFolder();
    const file = join(folder, 'example.yaml');
    writeFileSync(file, (await kapi(['explain', 'deploy', '--example'])).stdout);
    const created = await kapi(['curl', '-s', '--dry-run', '-d', `@${file}`, 'deploy', '-n', 'default']);
    expect(JSON.parse(created.stdout)).toMatchObject({ kind: 'Deployment', metadata: { name: 'example' } });
  });
});
