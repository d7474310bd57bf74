// kubectl's command lines given to kapi: the same output if kapi translates them, and a working
// line if kapi suggests one.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { findKubectlWord, kubectlWords, wordsOfRow } from '../../src/cli/kubectl-words.ts';
import {
  describeAgainstKubectl,
  describeOnServer,
  expectSame,
  kapi,
  kapiFile,
  kubectl,
  makeFolder,
  run,
  testServer,
} from './kapi.ts';
import { wordsOf } from './words.ts';

describeAgainstKubectl("kubectl's lines that are understood", () => {
  it.concurrent.each([
    'api-resources',
    'api-resources -o wide',
    'api-resources -o name',
    'api-resources --namespaced=false --no-headers',
    'api-resources --api-group=apps --verbs=list,watch',
    'api-resources --categories=all --sort-by=kind',
    'api-versions',
    'get --raw /version',
    'get --raw /api/v1/namespaces/default/services/web',
    "get --raw '/readyz?verbose'",
    'get --raw /nowhere',
    'auth can-i list pods',
    'auth can-i get pods/exec --as jane -n dev',
    'auth can-i create pods --subresource=exec --as jane',
    'auth can-i get /metrics --as jane',
    'auth can-i list secrets --as jane -A',
    'auth can-i list pods -q',
    'config get-contexts -o name',
    'get pods -n dev',
    'get deploy web -o yaml',
    'get pods -A -o wide',
    'explain job.spec.backoffLimit',
  ])('%s', async (line) => {
    const words = wordsOf(line);
    const { ours, theirs } = await expectSame({ kapi: words, kubectl: words });
    expect(ours.code === 0, ours.stderr).toBe(theirs.code === 0);
    // For a failure kapi adds a hint.
    expect(ours.stderr.replace(/^hint: .*\n/m, '')).toBe(theirs.stderr);
  });

  it.concurrent.each([
    ['wait --for=condition=Ready pod/api-0 -n dev --timeout=20s', 0],
    ["wait --for=jsonpath='{.status.phase}'=Failed pod/api-0 -n dev --timeout=1s", 1],
    ['wait pods -n dev -l app=api --for condition=Ready', 0],
    ['wait pod gone --for=delete', 0],
  ])('%s ends with %i', async (line, code) => {
    const words = wordsOf(line);
    const [ours, theirs] = await Promise.all([kapi(words), kubectl(words)]);
    expect([ours.code, theirs.code], ours.stderr).toEqual([code, code]);
  });
});

/** A kubectl line for each row with a suggestion, and the result of the line that kapi suggests. */
const samples: readonly (readonly [line: string, outcome: number | 'placeholders' | 'kubectl'])[] = [
  ['config view', 0],
  ['config current-context', 0],
  ['config use-context e2e', 0],
  ['cluster-info', 0],
  // The server has no metrics.
  ['top pods', 2],
  ['logs pending --tail=5 -n default', 0],
  ['create token default', 0],
  ['create namespace tried', 0],
  ['create clusterrolebinding tried --clusterrole=view --group=readers', 0],
  ['create rolebinding tried --role=pod-reader --user=bob -n dev', 0],
  ['create serviceaccount tried', 0],
  ['create -f service.json', 'placeholders'],
  ['run tried --image=nginx:1.27', 0],
  ['expose -f service.json', 0],
  ['apply -f service.json', 'placeholders'],
  ['replace -f service.json', 'placeholders'],
  ['edit deploy web', 'placeholders'],
  ['delete service web', 0],
  ['patch deploy web -p {}', 'placeholders'],
  ['scale deploy web --replicas=2', 0],
  ['autoscale deploy web --min=1 --max=2', 'placeholders'],
  ['label deploy web a=b c-', 0],
  ['annotate deploy web note=x', 0],
  ['set image deploy/web nginx=nginx:1.28', 0],
  ['set resources deploy web', 'placeholders'],
  // Two of three pods are ready: the rollout is not complete.
  ['rollout status deploy/web', 1],
  ['rollout restart deploy/web', 0],
  ['rollout pause deploy/web', 0],
  ['rollout resume deploy/web', 0],
  ['rollout undo deploy/web', 0],
  ['cordon node-a', 0],
  ['uncordon node-b', 0],
  ['drain node-a', 0],
  ['taint nodes node-a a=b:NoSchedule', 0],
  ['certificate', 'placeholders'],
  ['certificate approve x', 'placeholders'],
  ['certificate deny x', 'placeholders'],
  ['auth reconcile -f role.json', 'placeholders'],
  ['auth nothing', 0],
  ['exec -it web -- sh', 'kubectl'],
  ['attach web', 'kubectl'],
  ['port-forward web 8080:80', 'placeholders'],
  ['kustomize .', 'placeholders'],
  ['plugin list', 0],
];

describeOnServer("kubectl's lines that are pointed to", () => {
  let folder = '';

  beforeAll(() => {
    folder = makeFolder();
    writeFileSync(join(folder, 'kapi'), `#!/bin/sh\nexec '${process.execPath}' '${kapiFile}' "$@"\n`);
    chmodSync(join(folder, 'kapi'), 0o755);
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'tried' },
      spec: { ports: [{ port: 80 }] },
    };
    writeFileSync(join(folder, 'service.json'), JSON.stringify(service));
  });

  it('cost nothing if they are not used: the first file of the bundle has none of them', () => {
    const main = readFileSync(join(dirname(kapiFile), '../dist/main.cjs'), 'utf8');
    expect(main).toContain('unknown command');
    expect(main).not.toMatch(/a kubectl command|get-contexts|Exit codes are part/);
  });

  it('all have a sample here', () => {
    const sampled = new Set(samples.map(([line]) => findKubectlWord(wordsOf(line))?.row));
    const without = kubectlWords.filter((row) => row.how === 'points' && !sampled.has(row));
    expect(without.flatMap(wordsOfRow)).toEqual([]);
  });

  it.concurrent.each(samples)('%s', async (line, outcome) => {
    const pointed = await kapi(wordsOf(line));
    expect(pointed).toMatchObject({ code: 2, stdout: '' });
    if (outcome === 'kubectl') {
      expect(pointed.stderr).toMatch(/^hint: use kubectl /m);
      return;
    }
    const [, command = ''] = /^hint: (kapi .*)$/m.exec(pointed.stderr) ?? [];
    expect(command, pointed.stderr).not.toBe('');
    if (outcome === 'placeholders') return;
    // The other tests need the objects unchanged.
    const isWriting = /^kapi curl .*(-X|-d|--json|--type)/.test(command);
    const path = `${folder}:${process.env['PATH'] ?? ''}`;
    // Shortens a wait that would not end.
    const bounded = command.replace('--timeout 5m', '--timeout 2s');
    const done = await run('bash', ['-c', isWriting ? `${command} --dry-run` : bounded], {
      cwd: folder,
      env: { PATH: path, KUBECONFIG: testServer().kubeconfigs.admin },
    });
    expect(done.code, `${command}\n${done.stdout}${done.stderr}`).toBe(outcome);
  });
});
