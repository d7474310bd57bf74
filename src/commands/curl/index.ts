// kapi curl: the spec. Flags mean what they mean to curl; where kapi differs, the description says so.

import { notTheSandboxFlag } from '../sandbox-guard-flag.ts';
import { defineCommand } from '../spec.ts';
import { parseCurlOptions, patchTypes, type CurlOptions } from './options.ts';

export const curlCommand = defineCommand<CurlOptions>({
  name: 'curl',
  aliases: ['raw'],
  summary: "any request, with curl's flags and kapi's credentials",
  description: `Sends one request and writes the answer to stdout as it comes, byte for byte; on a terminal JSON is indented and coloured.
The body of an error answer is written too, unless -f is given; the exit code is 4 or 5 then, with and without -f.

PATH begins with a slash, or is relative to the namespace (pods/web/log, deploy/web/scale), or is a URL of the cluster's own
server: credentials go nowhere else. The type of a body is guessed unless a header names it: JSON, YAML, and for PATCH what
--type says. See also kapi help curl.`,
  group: 'talk',
  arguments: [
    {
      name: 'PATH',
      description:
        "a path that begins with /, one relative to the namespace, or a URL of the cluster's server",
      completes: 'path',
    },
  ],
  flags: [
    {
      name: 'request',
      short: 'X',
      value: 'METHOD',
      description: 'method to use: POST, PUT, PATCH, DELETE, OPTIONS, …',
      completes: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    },
    {
      name: 'data',
      short: 'd',
      aliases: ['data-ascii'],
      value: 'DATA',
      into: 'data',
      description: 'body, or @FILE, or @- for stdin; several are joined by &; line ends of a file are kept',
      completes: 'nothing',
    },
    { name: 'data-binary', value: 'DATA', into: 'data', description: 'the same', completes: 'nothing' },
    {
      name: 'data-raw',
      value: 'DATA',
      into: 'data',
      description: 'the same, but @ has no meaning',
      completes: 'nothing',
    },
    {
      name: 'data-urlencode',
      value: 'DATA',
      into: 'data',
      description: 'percent-encoded: CONTENT, NAME=CONTENT, @FILE or NAME@FILE',
      completes: 'nothing',
    },
    {
      name: 'json',
      value: 'DATA',
      into: 'data',
      description: 'JSON body, or @FILE or @-; asks for JSON, too',
      completes: 'nothing',
    },
    {
      name: 'type',
      value: 'TYPE',
      choices: patchTypes,
      description:
        'kind of patch, which makes the request a PATCH; YAML is turned into JSON where the server wants that, apply adds fieldManager=kapi unless the path names one',
      default: 'json for an array, else merge',
    },
    {
      name: 'dry-run',
      description: 'add dryRun=All to a writing request: the server checks and answers, and changes nothing',
    },
    {
      name: 'header',
      short: 'H',
      value: 'HEADER',
      repeated: 'all',
      description:
        "'Name: value'; 'Name:' leaves kapi's own out (Authorization: for none), 'Name;' sends it empty; @FILE reads lines",
      completes: [
        'Accept:',
        'Authorization:',
        'Content-Type:',
        'If-None-Match:',
        'Impersonate-Group:',
        'Impersonate-User:',
      ],
    },
    {
      name: 'user-agent',
      short: 'A',
      value: 'NAME',
      description: 'User-Agent to send',
      completes: 'nothing',
    },
    {
      name: 'basic-user',
      short: 'u',
      value: 'USER:PASSWORD',
      secret: true,
      description: "basic authentication in the place of the cluster's credentials",
      completes: 'nothing',
    },
    { name: 'get', short: 'G', description: 'put the data into the query instead of the body' },
    { name: 'head', short: 'I', description: 'HEAD: show the headers only' },
    {
      name: 'upload-file',
      short: 'T',
      value: 'FILE',
      description: 'PUT this file, - for stdin; a PATH that ends with a slash gets its name',
      completes: 'file',
    },
    {
      name: 'include',
      short: 'i',
      aliases: ['show-headers'],
      description: 'write the status line and headers before the body',
    },
    {
      name: 'dump-header',
      short: 'D',
      value: 'FILE',
      description: 'write them to this file, - for stdout',
      completes: 'file',
    },
    {
      name: 'output',
      short: 'o',
      value: 'FILE',
      description: 'write the body to this file; - for stdout as it is',
      completes: 'file',
    },
    {
      name: 'remote-name',
      short: 'O',
      description: 'write the body to a file named like the last part of the path',
    },
    {
      name: 'write-out',
      short: 'w',
      value: 'FORMAT',
      description:
        "what to write afterwards: '%{http_code}\\n', time_total, size_download, … (kapi help curl), @FILE reads it",
      completes: 'nothing',
    },
    { name: 'silent', short: 's', description: 'no error messages' },
    { name: 'show-error', short: 'S', description: 'error messages in spite of -s' },
    { name: 'fail', short: 'f', description: 'do not write the body of an error answer' },
    { name: 'fail-with-body', description: 'write it: what kapi does anyway' },
    { name: 'location', short: 'L', description: 'follow redirects, within the same origin only' },
    {
      name: 'no-buffer',
      short: 'N',
      description: 'the answer is a stream without an end: --request-timeout ends with its headers',
    },
    { name: 'compressed', description: 'ask for a compressed answer, also of a server on this machine' },
    {
      name: 'max-time',
      short: 'm',
      value: 'SECONDS',
      description: 'give up when the whole takes longer',
      completes: 'nothing',
    },
    {
      name: 'connect-timeout',
      value: 'SECONDS',
      description: 'give up when connecting takes longer',
      completes: 'nothing',
    },
    {
      name: 'retry',
      value: 'N',
      description:
        'repeat up to N times after 408, 429, 500, 502, 503, 504 and time-outs; without it a request is sent once',
      default: '0',
      completes: 'nothing',
    },
    {
      name: 'retry-delay',
      value: 'SECONDS',
      description: 'wait so long before each',
      default: '1, doubled each time, or Retry-After',
      completes: 'nothing',
    },
    { name: 'retry-connrefused', description: 'repeat after a refused connection, too' },
    notTheSandboxFlag,
  ],
  examples: [
    { text: 'What the server says, with its headers', command: 'kapi curl -i /version' },
    {
      text: 'Logs of a pod of the namespace, as they come',
      command: "kapi curl 'pods/web/log?follow=true'",
      needs: ['kubelet'],
    },
    {
      text: 'Every change of the pods',
      command: "kapi curl -N '/api/v1/namespaces/default/pods?watch=1'",
      endless: true,
    },
    {
      text: 'Create an object, only to see what would happen',
      command: 'kapi curl --dry-run -d @pod.yaml pods',
      needs: ['pod.yaml'],
    },
    { text: 'Scale', command: `kapi curl --type merge -d '{"spec":{"replicas":3}}' deploy/web/scale` },
    {
      text: 'Server-side apply',
      command: 'kapi curl --type apply -d @web.yaml deploy/web',
      needs: ['web.yaml'],
    },
    {
      text: 'A query whose values need encoding',
      command: "kapi curl -G --data-urlencode 'labelSelector=app in (web,api)' pods",
    },
    {
      text: 'Delete, and only the status code',
      command: "kapi curl -s -o /dev/null -w '%{http_code}\\n' -X DELETE pods/web",
    },
    { text: 'As nobody', command: "kapi curl -H 'Authorization:' /version" },
    {
      text: 'A token of a service account, an hour long',
      command: `kapi curl --json '{"spec":{"expirationSeconds":3600}}' serviceaccounts/default/token | jq -r .status.token`,
    },
  ],
  seeAlso: ['get', 'proxy', 'help access'],
  parse: parseCurlOptions,
  load: async () => (await import('./run.ts')).runCurl,
});
