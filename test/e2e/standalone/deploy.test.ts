// deploy/: every manifest on the server, the rights of its accounts, and the steps of the
// Dockerfile without Docker.
import { readFileSync, readdirSync } from 'node:fs';
import { chown, copyFile, cp, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { describeOnServer, kapi, makeFolder, run, testServer } from '../kapi.ts';
import { isCi } from '../server/ci.ts';
import { buildStandalone, builtStandalone, type Standalone } from './build.ts';
import { containerUser, furnish, inRoot, makeRoot, whyNoRoots } from './small-root.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const manifests = readdirSync(join(repository, 'deploy')).filter((name) => name.endsWith('.yaml'));

interface Document {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly unknown[];
  readonly spec?: {
    readonly initContainers: readonly {
      readonly command: readonly string[];
      readonly env?: readonly { readonly name: string; readonly value: string }[];
    }[];
    readonly containers: readonly { readonly env: readonly { name: string; value: string }[] }[];
  };
}

function documentsOf(manifest: string): Document[] {
  const text = readFileSync(join(repository, 'deploy', manifest), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS({ maxAliasCount: 100 }) as Document);
}

const resources: Record<string, string> = {
  ServiceAccount: '/api/v1/namespaces/NAMESPACE/serviceaccounts',
  Pod: '/api/v1/namespaces/NAMESPACE/pods',
  Role: '/apis/rbac.authorization.k8s.io/v1/namespaces/NAMESPACE/roles',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1/namespaces/NAMESPACE/rolebindings',
};

describeOnServer('the manifests of deploy/', () => {
  it('are two', () => {
    expect(manifests.sort()).toEqual(['ambassador.yaml', 'curl-pod.yaml']);
  });

  describe.each(manifests)('%s', (manifest) => {
    const namespace = `deploy-${manifest.replace('.yaml', '')}`;
    const documents = documentsOf(manifest);
    const account = documents.find(({ kind }) => kind === 'ServiceAccount')?.metadata.name ?? '';

    function post(document: Document, query: string): ReturnType<typeof kapi> {
      const path =
        resources[document.kind]?.replace('NAMESPACE', namespace) ?? `/no/path/for/${document.kind}`;
      return kapi(['curl', '--json', '@-', `${path}?${query}`], { input: JSON.stringify(document) });
    }

    beforeAll(async () => {
      const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      expect((await kapi(['curl', '--json', body, '/api/v1/namespaces'])).code).toBe(0);
      // A pod is accepted only if its service account exists; the rights are checked below.
      for (const document of documents.filter(({ kind }) => kind !== 'Pod')) {
        expect(await post(document, 'fieldValidation=Strict')).toMatchObject({ stderr: '', code: 0 });
      }
    });

    it('is accepted by the server unchanged, field by field', async () => {
      for (const document of documents) {
        // Existing objects are posted under another name.
        const name = document.kind === 'Pod' ? document.metadata.name : `${document.metadata.name}-again`;
        const tried = { ...document, metadata: { ...document.metadata, name } };
        const { stdout, stderr, code } = await post(tried, 'dryRun=All&fieldValidation=Strict');
        expect(stderr, `${document.kind} ${name}`).toBe('');
        expect(code).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ kind: document.kind, metadata: { name, namespace } });
      }
      const misspelt = { ...documents.find(({ kind }) => kind === 'Role')!, rulez: [] };
      expect((await post(misspelt, 'dryRun=All&fieldValidation=Strict')).stderr).toContain('rulez');
    });

    it('gives its account the permissions of its role and no others', async () => {
      const rulesOf = async (user: string): Promise<unknown[]> => {
        const words = [
          'can-i',
          '--list',
          '-n',
          namespace,
          '-o',
          'json',
          '--as',
          `system:serviceaccount:${namespace}:${user}`,
        ];
        const { stdout, code } = await kapi(words);
        expect(code).toBe(0);
        const rules: unknown[] = JSON.parse(stdout).status.resourceRules;
        return rules;
      };
      const ofEverybody = (await rulesOf('without-a-binding')).map((rule) => JSON.stringify(rule));
      const own = (await rulesOf(account)).filter((rule) => !ofEverybody.includes(JSON.stringify(rule)));
      const role = documents.find(({ kind }) => kind === 'Role');
      expect(own).toHaveLength(1);
      expect(own).toMatchObject(role?.rules ?? []);
      expect(own).toMatchObject([{ verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods'] }]);

      const questions = [
        ...['get', 'list', 'watch'].map((verb) => `${verb} pods -n ${namespace}`),
        ...['create', 'update', 'patch', 'delete'].map((verb) => `! ${verb} pods -n ${namespace}`),
        ...['pods/exec', 'pods/log', 'secrets', 'configmaps'].map((what) => `! get ${what} -n ${namespace}`),
        '! list pods -n default',
      ];
      const { stdout, code } = await kapi(
        ['can-i', '-f', '-', '--as', `system:serviceaccount:${namespace}:${account}`],
        { input: `${questions.join('\n')}\n` },
      );
      expect(code, stdout).toBe(0);
    });
  });
});

/** Returns the instructions of a Dockerfile, with continued lines joined. */
function instructionsOf(file: string): { readonly name: string; readonly words: string }[] {
  const text = readFileSync(file, 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ');
  return [...text.matchAll(/^([A-Z]+) +(.*)$/gm)].map(([, name = '', words = '']) => ({ name, words }));
}

const instructions = instructionsOf(join(repository, 'deploy/Dockerfile'));
const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));

/** Returns an instruction of the last stage in its exec form, because there is no shell. */
function execForm(name: string): string[] {
  const words = lastStage.find((instruction) => instruction.name === name)?.words ?? '';
  return JSON.parse(words) as string[];
}

describeOnServer('the Dockerfile', () => {
  it('copies everything that the build reads', async () => {
    const folder = join(makeFolder(), 'context');
    await mkdir(folder);
    const kept = readFileSync(join(repository, 'deploy/Dockerfile.dockerignore'), 'utf8');
    for (const { words } of instructions.filter(
      ({ name, words: all }) => name === 'COPY' && !all.includes('--from'),
    )) {
      const sources = words.split(' ');
      const target = join(folder, sources.pop() ?? '');
      for (const source of sources) {
        expect(kept, `${source} goes to the builder`).toMatch(
          new RegExp(`^!${source.replaceAll('.', '\\.')}$`, 'm'),
        );
        const place = words.endsWith('./') ? join(target, source) : target;
        await mkdir(dirname(place), { recursive: true });
        await cp(join(repository, source), place, { recursive: true });
      }
    }
    await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
    await buildStandalone(join(folder, 'out'), 'x64', ['directory'], {}, folder);
    const program = join(folder, 'out/kapi-linux-x64.d/kapi');
    const env = { KUBECONFIG: testServer().kubeconfigs.admin };
    const words = ['list', 'pods', '-n', 'default', '-o', 'name'];
    expect((await run(program, words, { env })).stdout).toContain('pod/completed\n');
    const missing = await run(process.execPath, ['scripts/standalone/build.mjs', '--arch', 'none'], {
      cwd: folder,
    });
    expect(missing.stderr).toBe('build-standalone: --arch none: one of x64, arm64, all\n');
  });

  const obstacle = whyNoRoots();
  if (obstacle !== undefined) {
    if (isCi(process.env)) throw new Error(`the image cannot be tested: ${obstacle}`);
    console.error(`NO SMALL ROOTS: the image is not run: ${obstacle}.`);
    it.skipIf(true)(`makes an image: ${obstacle}`, () => undefined);
    return;
  }

  let built: Standalone;
  let image: string;
  beforeAll(async () => {
    built = await builtStandalone((line) => console.error(`e2e: ${line}`));
    // The steps of the two COPY --from.
    image = join(makeFolder(), 'image');
    await cp(built.image, image, { recursive: true, verbatimSymlinks: true });
    for (const folder of ['proc', 'dev', 'tools']) await mkdir(join(image, folder));
    await furnish(image);
  }, 400_000);

  it('ends with user 65534, and runs from a read-only root', async () => {
    expect(lastStage.find(({ name }) => name === 'USER')?.words).toBe(`${containerUser}:${containerUser}`);
    expect(lastStage.map(({ name }) => name)).toEqual(['FROM', 'COPY', 'USER', 'ENTRYPOINT']);
    expect(lastStage.find(({ name }) => name === 'COPY')?.words).toBe('--from=build /out/image/ /');
    const { program, args } = inRoot(image, {
      user: containerUser,
      scratch: 'read-only',
      command: [...execForm('ENTRYPOINT'), 'list', 'pods', '-o', 'name'],
    });
    expect((await run(program, args, { kubeconfig: null })).stdout).toContain('pod/completed\n');
  });

  it('makes an image that provides kapi to the curl pod', async () => {
    const pod = documentsOf('curl-pod.yaml').find(({ kind }) => kind === 'Pod');
    // /tools is an emptyDir: owned by root, open to all. In the image it is mounted instead of
    // /scratch.
    const command =
      pod?.spec?.initContainers[0]?.command.map((word) => word.replaceAll('/tools', '/scratch')) ?? [];
    await chown(join(image, 'scratch'), 0, 0);
    await run('chmod', ['777', join(image, 'scratch')]);
    const copyingEnv = Object.fromEntries(
      (pod?.spec?.initContainers[0]?.env ?? []).map(({ name, value }) => [name, value]),
    );
    const copying = inRoot(image, { user: containerUser, command, env: copyingEnv });
    expect(await run(copying.program, copying.args, { kubeconfig: null })).toMatchObject({
      stdout: '',
      stderr: '',
      code: 0,
    });

    const root = await makeRoot('musl');
    await cp(join(image, 'scratch'), join(root, 'scratch'), { recursive: true, verbatimSymlinks: true });
    await run('chown', ['-R', `${containerUser}:${containerUser}`, join(root, 'scratch')]);
    const env = Object.fromEntries(
      (pod?.spec?.containers[0]?.env ?? []).map(({ name, value }) => [
        name,
        value.replaceAll('/tools', '/scratch'),
      ]),
    );
    for (let turn = 1; turn <= 2; turn++) {
      const asking = inRoot(root, {
        user: containerUser,
        env,
        command: ['kapi', 'list', 'pods', '-o', 'name'],
      });
      const { stdout, stderr, code } = await run(asking.program, asking.args, { kubeconfig: null });
      expect(stderr).toBe('');
      expect(stdout).toContain('pod/completed\n');
      expect(code).toBe(0);
    }
    // The single file too: copied from outside into a running container, as kubectl cp does.
    await copyFile(built.file, join(root, 'scratch/one-file'));
    const one = inRoot(root, {
      user: containerUser,
      env,
      command: ['/scratch/one-file', 'whoami', '-o', 'json'],
    });
    expect(JSON.parse((await run(one.program, one.args, { kubeconfig: null })).stdout)).toBeTypeOf('object');
  });
});
