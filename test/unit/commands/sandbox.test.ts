// kapi sandbox: options from words and flags, and its introduction.

import { expect, test } from 'vitest';
import { parseSandboxOptions } from '../../../src/commands/sandbox/options.ts';
import { introduction } from '../../../src/commands/sandbox/run.ts';

test('options', () => {
  expect(
    parseSandboxOptions(['kubectl', 'get', 'pods'], {
      port: '8443',
      lively: true,
      load: ['a.yaml', 'b.yaml'],
      pods: '10',
      fault: ['drop-watch=5s'],
    }),
  ).toEqual({
    port: 8443,
    lively: true,
    load: ['a.yaml', 'b.yaml'],
    pods: 10,
    faults: [{ kind: 'drop-watch', afterMs: 5000 }],
    command: ['kubectl', 'get', 'pods'],
  });
  expect(parseSandboxOptions([], {})).toEqual({
    port: 0,
    lively: false,
    load: [],
    pods: 0,
    faults: [],
    command: [],
  });
});

test.each([
  [{ port: '70000' }, '--port 70000 is not a number from 0 to 65535'],
  [{ pods: 'many' }, '--pods many is not a number from 0 to 1000000'],
])('%j is refused', (flags, message) => {
  expect(() => parseSandboxOptions([], flags)).toThrow(message);
});

test('the introduction', () => {
  expect(
    introduction(
      { url: 'https://127.0.0.1:8443' },
      {
        directory: '/d',
        kubeconfig: '/d/kubeconfig',
        serviceAccountDirectory: '/d/serviceaccount',
        ca: '/d/ca.crt',
        token: '/d/token',
      },
    ),
  ).toBe(`The kapi sandbox listens on https://127.0.0.1:8443: an API server in memory, not a cluster.

kubeconfig       /d/kubeconfig (contexts admin, jane, serviceaccount)
service account  /d/serviceaccount (token, ca.crt, namespace)
CA               /d/ca.crt
admin's token    /d/token

Try in another terminal:
  kapi --kubeconfig /d/kubeconfig list pods -A
  curl --cacert /d/ca.crt -H "Authorization: Bearer $(cat /d/token)" https://127.0.0.1:8443/api/v1/namespaces/default/pods
  kubectl --kubeconfig /d/kubeconfig get pods,deploy -A

Ctrl-C stops it and removes these files.
`);
});
