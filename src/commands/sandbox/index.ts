// kapi sandbox: the spec.

import { defineCommand } from '../spec.ts';
import { parseSandboxOptions, type SandboxCommandOptions } from './options.ts';

export const sandboxCommand = defineCommand<SandboxCommandOptions>({
  name: 'sandbox',
  sendsNothing: true,
  summary: 'a small API server in memory, for practice and tests',
  description: `Starts a Kubernetes API server in memory on 127.0.0.1, with TLS, client certificates, tokens, RBAC and sample objects. It is a
server for practice and tests, not a cluster: it runs no containers and no workload controllers.

Without a command it runs until Ctrl-C and prints the location of its kubeconfig, its CA and its service account files. With a
command after --, it sets KUBECONFIG and KAPI_SANDBOX_DIR (the directory of the files) for the command, stops when the command
ends, and exits with its code. A shell (bash, zsh, fish, sh) gets a prompt that begins with (sandbox). kapi sets KUBECONFIG again
after the shell's own startup files.

If KAPI_SANDBOX_DIR is set and the server is not the sandbox, every kapi command warns, and kapi curl and kapi proxy
--allow-writes refuse to write (exit code 2) unless you give --yes-not-the-sandbox.

Each user is a context of the kubeconfig: admin has all rights, jane can read pods in the namespace dev, and the service account
default/default has almost no rights.

--fault simulates a misbehaving server
  drop-watch=DURATION        close every watch after this time
  compact=DURATION           compact at this interval: old continue tokens and lists at old versions get 410
  forget=DURATION            forget changes, too, as a restart does: old watches get 410
  throttle=SECONDS           answer 429 with Retry-After: SECONDS
  fail=STATUS                answer this 4xx or 5xx status
  latency=DURATION           wait before answering
  truncate=BYTES             break the connection after this many bytes of a body
  unavailable=GROUP/VERSION  an aggregated API whose server does not answer
Durations have the form 200ms, 5s or 1m. throttle, fail, latency and truncate take ,every=N (each N-th request) and ,path=PREFIX.`,
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
      default: 'a free port',
      completes: 'nothing',
    },
    {
      name: 'lively',
      description: 'change objects every few seconds',
    },
    {
      name: 'load',
      value: 'FILE',
      repeated: 'all',
      description: 'add objects from a YAML or JSON manifest',
      completes: 'file',
    },
    {
      name: 'pods',
      value: 'N',
      description: 'add N generated pods, for measurements',
      default: '0',
      completes: 'nothing',
    },
    {
      name: 'fault',
      value: 'SPEC',
      repeated: 'all',
      description:
        'simulate a fault; drop-watch=5s, throttle=1,every=3, unavailable=metrics.k8s.io/v1beta1, …',
      completes: [
        'drop-watch=',
        'compact=',
        'forget=',
        'throttle=',
        'fail=',
        'latency=',
        'truncate=',
        'unavailable=',
      ],
    },
  ],
  examples: [
    {
      text: 'A server that runs until Ctrl-C',
      command: 'kapi sandbox --lively',
      endless: true,
    },
    { text: 'The pods of a new sandbox', command: 'kapi sandbox -- kapi list pods -A' },
    { text: 'A shell in which kapi and kubectl use the sandbox', command: 'kapi sandbox -- sh' },
    {
      text: 'Your own objects, read with kubectl',
      command: 'kapi sandbox --load app.yaml -- kubectl get all',
      needs: ['app.yaml'],
    },
    {
      text: 'A server that drops watches',
      command: 'kapi sandbox --fault drop-watch=5s -- kapi watch pods',
      endless: true,
    },
    {
      text: 'As a user with almost no rights',
      command: 'kapi sandbox -- kapi list secrets -n dev --context jane',
      exitCode: 4,
    },
  ],
  seeAlso: ['proxy', 'curl'],
  passThrough: true,
  handlesShutdown: true,
  parse: parseSandboxOptions,
  load: async () => (await import('./run.ts')).runSandbox,
});
