// kapi sandbox: the spec.

import { defineCommand } from '../spec.ts';
import { parseSandboxOptions, type SandboxCommandOptions } from './options.ts';

export const sandboxCommand = defineCommand<SandboxCommandOptions>({
  name: 'sandbox',
  sendsNothing: true,
  summary: 'a small API server in memory, to learn and to test on',
  description: `Starts a Kubernetes API server in memory on 127.0.0.1 with TLS, client certificates, tokens, RBAC and a few well-known
objects. It is a teaching and test server, not a cluster: nothing runs in it, no controller scales or schedules anything.

Alone it stays in the foreground until Ctrl-C and says where its kubeconfig, its CA and its service account files are. With a
command after -- it runs that with KUBECONFIG set (and KAPI_SANDBOX_DIR, the directory of the files), stops when the command
ends, and exits with the command's code. A shell (bash, zsh, fish, sh) gets a prompt that begins with (sandbox), and the
sandbox's KUBECONFIG once more after its own files have run.

Where KAPI_SANDBOX_DIR is set and the server is another one, every kapi command warns, and kapi curl and kapi proxy
--allow-writes write nothing (exit code 2) unless they are given --yes-not-the-sandbox.

Users: admin may do everything, jane reads pods in the namespace dev, the service account default/default may do nothing; each
is a context of the kubeconfig.

--fault makes it a difficult server; faults are
  drop-watch=DURATION        cut every watch after this long
  compact=DURATION           forget history this often: old watches and list tokens get 410
  throttle=SECONDS           answer 429 with Retry-After: SECONDS
  fail=STATUS                answer this 4xx or 5xx status
  latency=DURATION           wait before answering
  truncate=BYTES             break the connection after so many bytes of a body
  unavailable=GROUP/VERSION  an aggregated API whose server does not answer
Durations are 200ms, 5s, 1m. throttle, fail, latency and truncate take ,every=N (each N-th request) and ,path=PREFIX.`,
  group: 'learn',
  arguments: [
    {
      name: 'COMMAND',
      description: 'a command with its arguments, after --',
      optional: true,
      variadic: true,
      completes: 'nothing',
    },
  ],
  flags: [
    {
      name: 'port',
      value: 'N',
      description: 'port on 127.0.0.1',
      default: 'a free one',
      completes: 'nothing',
    },
    {
      name: 'lively',
      description: 'change something every few seconds, so that watch has something to show',
    },
    {
      name: 'load',
      value: 'FILE',
      repeated: 'all',
      description: 'add the objects of a manifest, YAML or JSON',
      completes: 'file',
    },
    {
      name: 'pods',
      value: 'N',
      description: 'add so many generated pods, for measuring',
      default: '0',
      completes: 'nothing',
    },
    {
      name: 'fault',
      value: 'SPEC',
      repeated: 'all',
      description: 'play a fault: drop-watch=5s, throttle=1,every=3, unavailable=metrics.k8s.io/v1beta1, …',
      completes: ['drop-watch=', 'compact=', 'throttle=', 'fail=', 'latency=', 'truncate=', 'unavailable='],
    },
  ],
  examples: [
    {
      text: 'A server to play with, until Ctrl-C',
      command: 'kapi sandbox --lively',
      endless: true,
    },
    { text: 'The pods of a fresh sandbox', command: 'kapi sandbox -- kapi list pods -A' },
    { text: 'A shell in which kapi and kubectl find it', command: 'kapi sandbox -- sh' },
    {
      text: "Own objects in it, and kubectl's view",
      command: 'kapi sandbox --load app.yaml -- kubectl get all',
      needs: ['app.yaml'],
    },
    {
      text: 'A server that drops watches',
      command: 'kapi sandbox --fault drop-watch=5s -- kapi watch pods',
      endless: true,
    },
    {
      text: 'As the user who may next to nothing',
      command: 'kapi sandbox -- kapi list secrets -n dev --context jane',
      exitCode: 4,
    },
  ],
  seeAlso: ['proxy', 'curl'],
  passThrough: true,
  endsItself: true,
  parse: parseSandboxOptions,
  load: async () => (await import('./run.ts')).runSandbox,
});
