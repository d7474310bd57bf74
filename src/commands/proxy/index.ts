// kapi proxy: the spec.

import { notTheSandboxFlag } from '../sandbox-guard-flag.ts';
import { defineCommand } from '../spec.ts';
import {
  defaultHosts,
  defaultRejectedPaths,
  parseProxyOptions,
  type ProxyCommandOptions,
} from './options.ts';

export const proxyCommand = defineCommand<ProxyCommandOptions>({
  name: 'proxy',
  sendsNothing: true,
  handlesShutdown: true,
  summary: 'a local proxy that adds your credentials',
  description: `Listens on this machine and forwards requests to the API server with kapi's credentials, so that curl, a browser or a program
without a Kubernetes library needs no token and no certificate. In a pod, the proxy is the ambassador of the other containers.

Anyone who can reach the port acts as you. By default the proxy listens on 127.0.0.1 only, and allows only reads: GET, HEAD and
OPTIONS, and POST of the SelfSubject reviews that kubectl auth sends. --allow-writes allows the other methods and upgraded
connections, such as port-forward. exec and attach also need a --reject-paths that does not reject them. A watch needs no upgrade.

The proxy decodes a path once, checks it, and forwards what it checked. It answers 400 to an ambiguous path (%2e, %2f, //, ;,
backslashes), and 403 to a Host that does not match --accept-hosts and to requests from a page of another origin. It removes the
client's Authorization, Impersonate-* and X-Remote-* headers and the headers that name another user, path or method to a gateway
(X-Forwarded-*, X-Original-*, X-Rewrite-*). Requests run as kapi's user, or as the user of --as. kapi sends the credentials to
the API server only, and reads token files again when they change.

The filters take regular expressions in Go's syntax, as in kubectl, separated by commas; a comma in {1,3}, [,] or (a,b) belongs
to the expression. A path is also checked without its last slash, and /api/v1/watch/pods also as /api/v1/pods. An expression that
matches nothing, or everything by mistake, is an error (exit code 2).

Bodies stream in both directions. The proxy forwards responses of the API server unchanged, including 429 and redirects. If it
cannot reach the server, clients get 502 or 504 with a Status. stderr has one line for each completed request. Ctrl-C ends
watches at once and gives other requests two seconds.`,
  group: 'talk',
  arguments: [],
  flags: [
    {
      name: 'port',
      short: 'p',
      value: 'N',
      description: 'port to listen on; 0 selects a free port, which the first line prints',
      default: '8001',
      completes: 'nothing',
    },
    {
      name: 'address',
      value: 'IP',
      description: 'address to listen on; anyone who can reach it acts as you',
      default: '127.0.0.1',
      completes: 'nothing',
    },
    {
      name: 'unix-socket',
      short: 'u',
      value: 'FILE',
      description: 'listen on this socket instead of a port; only you can use it',
      completes: 'file',
    },
    {
      name: 'api-prefix',
      value: 'PATH',
      description: 'path prefix of the API on this port',
      default: '/',
      completes: 'nothing',
    },
    {
      name: 'allow-writes',
      description: 'allow all methods; also upgraded connections',
    },
    notTheSandboxFlag,
    {
      name: 'accept-hosts',
      value: 'REGEX[,REGEX...]',
      repeated: 'all',
      description: 'allowed Host headers, without port; does not limit who can connect',
      default: defaultHosts,
      completes: 'nothing',
    },
    {
      name: 'accept-paths',
      value: 'REGEX[,REGEX...]',
      repeated: 'all',
      description: 'paths to allow',
      default: '^.*',
      completes: 'nothing',
    },
    {
      name: 'reject-paths',
      value: 'REGEX[,REGEX...]',
      repeated: 'all',
      description: 'paths to reject; case-insensitive',
      default: defaultRejectedPaths,
      completes: 'nothing',
    },
    {
      name: 'reject-methods',
      value: 'REGEX[,REGEX...]',
      repeated: 'all',
      description: 'further methods to reject; such as POST,PUT,PATCH with --allow-writes',
      completes: 'nothing',
    },
  ],
  examples: [
    {
      text: 'Read the API with curl http://127.0.0.1:8001/api/v1/pods',
      command: 'kapi proxy',
      endless: true,
    },
    { text: 'A free port, with writes', command: 'kapi proxy --port 0 --allow-writes', endless: true },
    {
      text: 'Everything except Secrets',
      command: "kapi proxy --reject-paths '^/api/.*/secrets,^/api/.*/pods/.*/(exec|attach)'",
      endless: true,
    },
    {
      text: 'A socket for this user: curl --unix-socket kapi.sock http://localhost/version',
      command: 'kapi proxy --unix-socket kapi.sock',
      endless: true,
    },
  ],
  seeAlso: ['curl', 'help in-pod'],
  parse: parseProxyOptions,
  load: async () => (await import('./run.ts')).runProxy,
});
