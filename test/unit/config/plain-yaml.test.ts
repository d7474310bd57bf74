import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';

import { readYaml } from '../../../src/config/go-yaml.ts';
import { readPlainYaml } from '../../../src/config/plain-yaml.ts';

const minikube = `# written by hand
apiVersion: v1
clusters:
- cluster:
    certificate-authority: /home/jane/.minikube/ca.crt
    extensions:
    - extension:
        last-update: Sun, 22 Nov 2026 10:00:00 UTC
        provider: minikube.sigs.k8s.io
        version: v1.36.0
      name: cluster_info
    server: https://192.168.49.2:8443 # the VM
  name: minikube
contexts:
- context: {}
  name: empty
- context:
    cluster: minikube
    user: minikube
  name: "minikube"
current-context: 'minikube'
kind: Config
preferences: {}
users: []
`;

const gke = `---
apiVersion: v1
users:
  - name: gke
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1beta1
        args:
        - --region
        - eu-west-1
        - "quoted # not a comment"
        - '*'
        command: gke-gcloud-auth-plugin
        env: null
        installHint: Install gke-gcloud-auth-plugin for use with kubectl by following
          https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl#install_plugin
        provideClusterInfo: true
        interactiveMode:
`;

describe('readPlainYaml', () => {
  it('reads what minikube writes', () => {
    expect(readPlainYaml(minikube)).toEqual({
      apiVersion: 'v1',
      clusters: [
        {
          cluster: {
            'certificate-authority': '/home/jane/.minikube/ca.crt',
            extensions: [
              {
                extension: {
                  'last-update': 'Sun, 22 Nov 2026 10:00:00 UTC',
                  provider: 'minikube.sigs.k8s.io',
                  version: 'v1.36.0',
                },
                name: 'cluster_info',
              },
            ],
            server: 'https://192.168.49.2:8443',
          },
          name: 'minikube',
        },
      ],
      contexts: [
        { context: {}, name: 'empty' },
        { context: { cluster: 'minikube', user: 'minikube' }, name: 'minikube' },
      ],
      'current-context': 'minikube',
      kind: 'Config',
      preferences: {},
      users: [],
    });
  });

  it('reads what GKE writes, including a folded line', () => {
    expect(readPlainYaml(gke)).toEqual({
      apiVersion: 'v1',
      users: [
        {
          name: 'gke',
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1beta1',
              args: ['--region', 'eu-west-1', 'quoted # not a comment', '*'],
              command: 'gke-gcloud-auth-plugin',
              env: null,
              installHint:
                'Install gke-gcloud-auth-plugin for use with kubectl by following https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl#install_plugin',
              provideClusterInfo: true,
              interactiveMode: null,
            },
          },
        },
      ],
    });
  });

  it.each([
    ['nothing', ''],
    ['a comment', '# a\n'],
    ['a scalar', 'hello'],
    ['an anchor', 'a: &x b\n'],
    ['an alias', 'a: *x\n'],
    ['a tag', 'a: !!str 1\n'],
    ['a flow mapping', 'a: {b: c}\n'],
    ['a flow sequence', 'a: [b]\n'],
    ['a literal', 'a: |\n  b\n'],
    ['a folded block', 'a: >-\n  b\n'],
    ['a tab', 'a:\tb\n'],
    ['a carriage return', 'a: b\r\n'],
    ['letters beyond ASCII', 'a: bä\n'],
    ['a byte order mark', '\ufeffa: b\n'],
    ['a duplicate key', 'a: b\na: c\n'],
    ['a merge key', '<<: b\n'],
    ['a key that is a boolean', 'on: b\n'],
    ['a key that is a number', '12: b\n'],
    ['a key in quotes', '"a": b\n'],
    ['a key without value', 'a\n'],
    ['a complex key', '? a\n: b\n'],
    ['an escape', 'a: "b\\n"\n'],
    ['a doubled quote', "a: 'b''c'\n"],
    ['an open quote', 'a: "b\n'],
    ['text behind a quote', 'a: "b" c\n'],
    ['a second document', 'a: b\n---\nc: d\n'],
    ['the end of a document', 'a: b\n...\n'],
    ['a directive', '%YAML 1.1\n---\na: b\n'],
    ['a value that is a mapping on its own line', 'a: b: c\n'],
    ['a value that ends in a colon', 'a: b:\n'],
    ['a sequence as a value on its own line', 'a: - b\n'],
    ['a sequence in a sequence', '- - a\n'],
    ['an item on the next line', '-\n  a: b\n'],
    ['wrong indentation', 'a:\n    b: c\n  d: e\n'],
    ['deeper than its neighbour', 'a: {}\n  b: c\n'],
    ['an item among keys', 'a: b\n- c\n'],
    ['a fold over a blank line', 'a: b\n\n  c\n'],
    ['a fold with a colon', 'a: b\n  c: d\n'],
    ['a reserved character', 'a: @b\n'],
    ['a prototype', '__proto__: a\n'],
  ])('declines %s', (_, text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });
});

/**
 * Pseudo-random numbers that are the same in every run, so that a failure can be reproduced (a
 * linear congruential generator).
 */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

function pick<T>(random: () => number, from: readonly T[]): T | undefined {
  return from[Math.floor(random() * from.length)];
}

const keys = ['server', 'name', 'user', 'a', 'b.c/d', 'x-y', 'tokenFile', 'on', '1', 'null'] as const;
const scalars = [
  'https://10.0.0.1:6443',
  'LS0tLS1CRUdJTiBDRVJU==',
  '--region',
  'plain words here',
  'with # hash',
  'colon: inside',
  'yes',
  '12',
  '0x1f',
  '1:30',
  '',
  '*',
  "it's",
  'a "b"',
  '~',
  true,
  false,
  null,
  7,
  1.5,
  'a very long hint that a writer of YAML folds at eighty columns or so, https://example.com/#there',
] as const;

function value(random: () => number, depth: number): unknown {
  const kind = depth > 3 ? 0 : random();
  if (kind < 0.5) return pick(random, scalars);
  const size = Math.floor(random() * 4);
  if (kind < 0.75) return Array.from({ length: size }, () => value(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length: size }, () => [pick(random, keys) ?? '', value(random, depth + 1)]),
  );
}

const pieces = [
  '\n',
  ' ',
  '  ',
  '-',
  ': ',
  ':',
  '#',
  ' # c',
  '"',
  "'",
  '---',
  'a',
  '- ',
  '{}',
  '\n  ',
  '&',
  '|',
] as const;

/** Damages a text at a few places, as a typo or a bad merge does. */
function mutate(text: string, random: () => number): string {
  let damaged = text;
  for (let times = Math.floor(random() * 3); times >= 0; times -= 1) {
    const at = Math.floor(random() * damaged.length);
    const removed = random() < 0.5 ? 1 + Math.floor(random() * 3) : 0;
    damaged =
      damaged.slice(0, at) +
      (random() < 0.7 ? (pick(random, pieces) ?? '') : '') +
      damaged.slice(at + removed);
  }
  return damaged;
}

describe('the fast reader and the library', () => {
  it('agree on every document that the reader does not decline', () => {
    const random = numbers(20_261_122);
    let read = 0;
    for (let round = 0; round < 700; round += 1) {
      const written = stringify(
        { users: value(random, 0), clusters: value(random, 0) },
        {
          indent: random() < 0.5 ? 2 : 4,
          indentSeq: random() < 0.5,
          defaultStringType:
            pick(random, ['PLAIN', 'PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'] as const) ?? 'PLAIN',
          version: '1.1',
        },
      );
      for (const text of [written, mutate(written, random), mutate(minikube, random), mutate(gke, random)]) {
        const fast = readPlainYaml(text);
        if (fast === undefined) continue;
        read += 1;
        expect({ text, result: { value: fast } }).toEqual({ text, result: readYaml(text) });
      }
    }
    // Guards against a reader that declines everything.
    expect(read).toBeGreaterThan(500);
  });
});
