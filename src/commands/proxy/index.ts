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
  endsItself: true,
  summary: "a proxy that adds the credentials, a pod's ambassador",
  description: `Listens on this machine and passes requests on to the API server with kapi's credentials, so that curl, a browser or a
program without a Kubernetes library needs neither token nor certificate. In a pod the containers share 127.0.0.1: a
container with kapi proxy is the ambassador of the others.

Who can reach the port acts as you. Therefore it listens on 127.0.0.1, and by default it lets only reads through: GET,
HEAD and OPTIONS, and POST of the SelfSubject reviews that kubectl auth asks. --allow-writes opens the other methods
and upgraded connections (port-forward, and exec and attach where --reject-paths lets them; a plain watch needs no upgrade).
A request is judged by its path decoded once, and what was judged is what is sent on; paths that could be read in two
ways (%2e, %2f, //, ;, backslashes) get 400. Requests whose Host is none of --accept-hosts, or that a page of another
origin makes, get 403.

The client's Authorization, Impersonate-* and X-Remote-* headers are dropped, as are headers by which a gateway would see
another user, path, or method (X-Forwarded-*, X-Original-*, X-Rewrite-*): requests are made as the user of kapi, with
--as as that one. The credentials leave kapi for the API server only; token files are read again when they change.

The filters take regular expressions in Go's dialect, as kubectl does, separated by commas; a comma in {1,3}, [,], or (a,b)
belongs to the expression. A path is judged without its last slash too, and /api/v1/watch/pods as /api/v1/pods too. An
expression that can match nothing, or everything by accident, is an error (exit code 2).

Bodies flow as they come, and as fast as the client reads. Answers of the API server are passed on as they are, 429 and
redirects included; where it cannot be reached, clients get 502 or 504 with a Status. stderr has a line for each request
when it has ended. Ctrl-C ends watches at once and gives other requests two seconds.`,
  group: 'talk',
  arguments: [],
  flags: [
    {
      name: 'port',
      short: 'p',
      value: 'N',
      description: 'port to listen on; 0 takes a free one, which the first line tells',
      default: '8001',
      completes: 'nothing',
    },
    {
      name: 'address',
      value: 'IP',
      description: 'address to listen on; whoever reaches it acts as you',
      default: '127.0.0.1',
      completes: 'nothing',
    },
    {
      name: 'unix-socket',
      short: 'u',
      value: 'FILE',
      description: 'listen on this socket, which only you may use, in the place of a port',
      completes: 'file',
    },
    {
      name: 'api-prefix',
      value: 'PATH',
      description: 'path under which the API is served here',
      default: '/',
      completes: 'nothing',
    },
    {
      name: 'allow-writes',
      description: 'let all methods through, and upgraded connections',
    },
    notTheSandboxFlag,
    {
      name: 'accept-hosts',
      value: 'REGEX[,REGEX...]',
      repeated: 'all',
      description: 'hosts that the Host header may name, without port; says nothing of who may connect',
      default: defaultHosts,
      completes: 'nothing',
    },
    {
      name: 'accept-paths',
      value: 'REGEX[,REGEX...]',
      repeated: 'all',
      description: 'paths to let through',
      default: '^.*',
      completes: 'nothing',
    },
    {
      name: 'reject-paths',
      value: 'REGEX[,REGEX...]',
      repeated: 'all',
      description: 'paths to refuse even so, upper and lower case alike',
      default: defaultRejectedPaths,
      completes: 'nothing',
    },
    {
      name: 'reject-methods',
      value: 'REGEX[,REGEX...]',
      repeated: 'all',
      description: 'methods to refuse besides, with or without --allow-writes: POST,PUT,PATCH',
      completes: 'nothing',
    },
  ],
  examples: [
    {
      text: 'Read the API with curl http://127.0.0.1:8001/api/v1/pods',
      command: 'kapi proxy',
      endless: true,
    },
    { text: 'A free port, writes too', command: 'kapi proxy --port 0 --allow-writes', endless: true },
    {
      text: 'Everything but secrets',
      command: "kapi proxy --reject-paths '^/api/.*/secrets,^/api/.*/pods/.*/(exec|attach)'",
      endless: true,
    },
    {
      text: 'Only for this user: curl --unix-socket kapi.sock http://localhost/version',
      command: 'kapi proxy --unix-socket kapi.sock',
      endless: true,
    },
  ],
  seeAlso: ['curl', 'help in-pod'],
  parse: parseProxyOptions,
  load: async () => (await import('./run.ts')).runProxy,
});
