// kubectl's words: every row of the table, and the translated lines.
import { describe, expect, it } from 'vitest';
import { lookupOf } from '../../../src/cli/argv.ts';
import { commands } from '../../../src/cli/command-list.ts';
import { globalFlags } from '../../../src/cli/global-flags.ts';
import { equivalentLine, translate } from '../../../src/cli/kubectl-line.ts';
import { findKubectlWord, kubectlWords, wordsOfRow } from '../../../src/cli/kubectl-words.ts';
import { parseCommandLine } from '../../../src/cli/program.ts';
import { wordsOf } from '../../e2e/words.ts';

const globals = lookupOf(globalFlags);
const rows = kubectlWords.map((row) => [row.word, row] as const);

/** The commands in the help of kubectl 1.36, except alpha. */
const kubectlCommands =
  'create expose run set explain get edit delete rollout scale autoscale certificate cluster-info top cordon uncordon drain taint describe logs attach exec port-forward proxy cp auth debug events diff apply patch replace wait kustomize label annotate api-resources api-versions config plugin version options'.split(
    ' ',
  );

describe('the table', () => {
  it.each(kubectlCommands)('knows %s', (command) => {
    const known = kubectlWords.flatMap(wordsOfRow).some((word) => word.split(' ')[0] === command);
    expect(known).toBe(true);
  });

  it.each(rows)('%s leads to a line that kapi accepts', (_, row) => {
    if (row.how === 'points') {
      for (const line of equivalentLine(row, [], globals).split('\n').slice(0, 1)) {
        if (line.startsWith('use kubectl ')) continue;
        expect(line).toMatch(/^kapi /);
        const words = wordsOf(line.replaceAll('REPLICAS', '1').split(' > ')[0] ?? '').slice(1);
        expect(parseCommandLine(words, commands).kind).toMatch(/^(command|help)$/);
      }
      return;
    }
    const name = row.kapi.split(' ')[0] ?? '';
    expect([...commands.flatMap((spec) => [spec.name, ...(spec.aliases ?? [])]), 'help']).toContain(name);
    for (const word of row.how === 'same' && !row.word.includes(' ') ? wordsOfRow(row) : [])
      expect(commands.some((spec) => spec.name === word || spec.aliases?.includes(word))).toBe(true);
  });

  it.each(rows)('%s: a JSON body in its line is JSON', (_, { kapi }) => {
    const body = wordsOf(kapi).find((word) => word.startsWith('{'));
    if (body === undefined) return;
    expect(
      () =>
        void JSON.parse(
          body
            .replace('REPLICAS', '1')
            .replace('{PAIRS}', '{}')
            .replace(/\[[A-Z]+\]/, '[]'),
        ),
    ).not.toThrow();
  });

  it('has each word once, and prefers two words to one', () => {
    const words = kubectlWords.flatMap(wordsOfRow);
    expect(new Set(words).size).toBe(words.length);
    expect(findKubectlWord(['auth', 'can-i'])?.row.kapi).toBe('can-i');
    expect(findKubectlWord(['config', 'views'])).toBeUndefined();
    expect(findKubectlWord(['config', 'set-cluster'])?.word).toBe('config set-cluster');
  });
});

function translated(line: string): string | undefined {
  const words = wordsOf(line);
  const found = findKubectlWord(words);
  if (found === undefined) throw new Error(line);
  return translate(found.row, words.slice(found.word.split(' ').length), globals)?.join(' ');
}

describe('lines that are run', () => {
  it.each([
    ['api-versions', 'groups -o name'],
    ['auth can-i list pods -n dev', 'can-i list pods -n dev'],
    // For kubectl this is a pod named exec.
    ['auth can-i -n dev get pods/exec -q', 'can-i -n dev get pods exec -q'],
    ['auth can-i create pods --subresource=exec', 'can-i create pods --subresource=exec'],
    ['auth can-i get pods/x --subresource log', 'can-i get pods/x --subresource log'],
    ['auth can-i get /metrics', 'can-i get /metrics'],
    ['auth can-i --list', 'can-i --list'],
    ['auth whoami -o json', 'whoami -o json'],
    ['wait --for=condition=Ready pod/web', 'watch --until condition=Ready pod/web --timeout 30s'],
    ['wait --for delete pods --all --timeout=5m', 'watch --until delete pods --timeout 5m'],
    ['wait pod web --for=create --timeout -1s', 'watch pod web --until create'],
    [
      'wait pod/web --for=create --for condition=Ready --timeout 5s',
      'watch pod/web --for create --for condition=Ready --timeout 5s',
    ],
    ['wait -n dev -l app=web pods --for=delete', 'watch -n dev -l app=web pods --until delete --timeout 30s'],
    ['wait pod web', undefined],
    ['wait -f pod.yaml --for=delete', undefined],
    ['config get-contexts -o name', 'config contexts -o name'],
  ])('%s', (line, kapi) => {
    expect(translated(line)).toBe(kapi);
  });

  it('get --raw, before and after its path', () => {
    const row = findKubectlWord(['get', '--raw'])!.row;
    const raw = (...words: string[]) => translate(row, words, globals);
    expect(raw('--raw', '/version', '-v')).toEqual(['curl', '--fail', '/version', '-v']);
    expect(raw('--raw=/readyz?verbose')).toEqual(['curl', '--fail', '/readyz?verbose']);
  });
});

function pointed(line: string): string {
  const words = wordsOf(line);
  const found = findKubectlWord(words)!;
  return equivalentLine(found.row, words.slice(found.word.split(' ').length), globals).split('\n')[0] ?? '';
}

describe('lines that kapi suggests', () => {
  it.each([
    ['delete pod web', 'kapi curl -X DELETE pod/web'],
    ['delete pod/web --grace-period=0 --force', 'kapi curl -X DELETE pod/web'],
    ['delete pod web -n dev --context staging', 'kapi curl -X DELETE pod/web -n dev --context staging'],
    ['delete', 'kapi curl -X DELETE TYPE/NAME'],
    ['logs web', 'kapi curl pods/web/log'],
    ['logs -f web -c app --tail=5', "kapi curl 'pods/web/log?follow=true&container=app&tailLines=5'"],
    ['logs -p pod/web -n dev', "kapi curl 'pods/web/log?previous=true' -n dev"],
    ['logs deploy/web', 'kapi curl pods/POD/log'],
    ['scale deploy web --replicas=3', `kapi curl --type merge -d '{"spec":{"replicas":3}}' deploy/web/scale`],
    ['apply -f my web.yaml', 'kapi curl --type apply -d @my TYPE/NAME'],
    ["apply -f 'my web.yaml'", "kapi curl --type apply -d @'my web.yaml' TYPE/NAME"],
    [
      'label pods web a=b c-',
      `kapi curl --type merge -d '{"metadata":{"labels":{"a":"b","c":null}}}' pods/web`,
    ],
    [
      `annotate pod web "note=it's"`,
      `kapi curl --type merge -d '{"metadata":{"annotations":{"note":"it'\\''s"}}}' pod/web`,
    ],
    [
      'set image deploy/web nginx=nginx:1.28',
      `kapi curl --type strategic -d '{"spec":{"template":{"spec":{"containers":[{"name":"nginx","image":"nginx:1.28"}]}}}}' deploy/web`,
    ],
    ['patch deploy web --type=json -p secret', "kapi curl --type json -d 'PATCH' deploy/web"],
    ['create token default --duration 1h', "kapi curl --json '{}' serviceaccounts/default/token"],
    ['rollout status deploy/web', 'kapi watch deploy/web --until rollout --timeout 5m'],
    ['port-forward pod/web 8080:80', 'kapi curl pods/web:80/proxy/'],
    ['top pods', 'kapi get pods.metrics.k8s.io -o yaml'],
    ['cordon node-a', `kapi curl --type merge -d '{"spec":{"unschedulable":true}}' nodes/node-a`],
    // Every word is quoted for a shell, and there is no secret.
    ["delete pod '$(reboot)'", 'kapi curl -X DELETE TYPE/NAME'],
    ['delete pod web --token geheim', 'kapi curl -X DELETE pod/web --token "${TOKEN:?}"'],
    [
      'taint nodes n1 a=b:NoSchedule',
      `kapi curl --type merge -d '{"spec":{"taints":[{"key":"a","value":"b","effect":"NoSchedule"}]}}' nodes/n1`,
    ],
    ['config view --raw -o jsonpath={.clusters[0].cluster.certificate-authority-data}', 'kapi config ca'],
    [
      'create clusterrolebinding x --clusterrole view --group readers --context a',
      `kapi curl --json '{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"x"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},"subjects":[{"kind":"Group","apiGroup":"rbac.authorization.k8s.io","name":"readers"}]}' clusterrolebindings --context a`,
    ],
  ])('%s', (line, kapi) => {
    expect(pointed(line)).toBe(kapi);
  });
});
