// kapi curl: the spec. Flags have the meaning of curl's flags. If kapi differs, the description
// says so.

import { notTheSandboxFlag } from '../sandbox-guard-flag.ts';
import { defineCommand } from '../spec.ts';
import { viewFlag } from '../view-flag.ts';
import { parseCurlOptions, patchTypes, type CurlOptions } from './options.ts';

export const curlCommand = defineCommand<CurlOptions>({
  name: 'curl',
  aliases: ['raw'],
  summary: "any request, with curl's flags and kapi's credentials",
  description: `Sends one request with curl's flags and the credentials of your cluster, and writes the response body to stdout. PATH is
a path of the API (/version), a path relative to the namespace (pods/web/log), or a URL of the cluster's server.

kapi sends your credentials to this server only. It writes the body as it arrives, byte for byte; on a terminal it indents
and colours JSON. It also writes the body of an error response, unless you give -f. The exit code is 4 after a 4xx response
and 5 after a 5xx response, with and without -f.`,
  group: 'talk',
  arguments: [
    {
      name: 'PATH',
      description:
        "a path that begins with /, a path relative to the namespace, or a URL of the cluster's server",
      completes: 'path',
    },
  ],
  flags: [
    {
      name: 'request',
      short: 'X',
      value: 'METHOD',
      description: 'request method, such as DELETE',
      completes: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    },
    {
      name: 'data',
      short: 'd',
      aliases: ['data-ascii'],
      value: 'DATA',
      into: 'data',
      description: 'body, @FILE or @- for stdin; several are joined with &; line ends of a file are kept',
      completes: 'nothing',
    },
    {
      name: 'data-binary',
      value: 'DATA',
      into: 'data',
      description: 'the same as -d',
      completes: 'nothing',
      rare: true,
    },
    {
      name: 'data-raw',
      value: 'DATA',
      into: 'data',
      description: 'the same, but @ has no special meaning',
      rare: true,
      completes: 'nothing',
    },
    {
      name: 'data-urlencode',
      value: 'DATA',
      into: 'data',
      description: 'body or query part, percent-encoded; CONTENT, NAME=CONTENT, @FILE or NAME@FILE',
      completes: 'nothing',
    },
    {
      name: 'json',
      value: 'DATA',
      into: 'data',
      description: 'JSON body, @FILE or @-; adds Accept: application/json',
      completes: 'nothing',
    },
    {
      name: 'type',
      value: 'TYPE',
      choices: patchTypes,
      description:
        'type of a PATCH; kapi converts YAML to JSON where the server needs JSON, and apply adds fieldManager=kapi unless the path sets one',
      default: 'json for an array, else merge',
    },
    {
      name: 'dry-run',
      description: 'add dryRun=All to a write; the server validates and responds, and changes nothing',
    },
    {
      name: 'header',
      short: 'H',
      value: 'HEADER',
      repeated: 'all',
      description: "'Name: value', or @FILE; 'Name:' removes kapi's own header, 'Name;' sends it empty",
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
      rare: true,
      completes: 'nothing',
    },
    {
      name: 'basic-user',
      short: 'u',
      value: 'USER:PASSWORD',
      secret: true,
      description: "basic authentication; replaces the cluster's credentials",
      completes: 'nothing',
    },
    { name: 'get', short: 'G', description: 'put the data into the query' },
    { name: 'head', short: 'I', description: 'send HEAD and show the headers' },
    {
      name: 'upload-file',
      short: 'T',
      value: 'FILE',
      description: "PUT this file, - for stdin; if PATH ends in a slash, kapi appends the file's name",
      completes: 'file',
    },
    {
      name: 'include',
      short: 'i',
      aliases: ['show-headers'],
      description: 'write the response headers before the body',
    },
    {
      name: 'dump-header',
      short: 'D',
      value: 'FILE',
      description: 'write the response headers to FILE; - for stdout',
      rare: true,
      completes: 'file',
    },
    {
      name: 'output',
      short: 'o',
      value: 'FILE',
      description: 'write the body to FILE; - for stdout, unchanged',
      completes: 'file',
    },
    {
      name: 'remote-name',
      short: 'O',
      description: 'write the body to a file named after the last part of the path',
      rare: true,
    },
    {
      name: 'write-out',
      short: 'w',
      value: 'FORMAT',
      description: "text to write at the end: '%{http_code}\\n'; @FILE reads the text from a file",
      completes: 'nothing',
    },
    { name: 'silent', short: 's', description: 'print no error messages' },
    { name: 'show-error', short: 'S', description: 'print error messages even with -s', rare: true },
    { name: 'fail', short: 'f', description: 'do not write the body of an error response' },
    { name: 'fail-with-body', description: 'accepted; this is the default', rare: true },
    { name: 'location', short: 'L', description: 'follow redirects within the same origin' },
    {
      name: 'no-buffer',
      short: 'N',
      description: 'expect an endless response; --request-timeout covers only the headers',
    },
    {
      name: 'compressed',
      description: 'request a compressed response, even from a server on this machine',
      rare: true,
    },
    {
      name: 'max-time',
      short: 'm',
      value: 'SECONDS',
      description: 'time limit of the whole operation',
      completes: 'nothing',
    },
    {
      name: 'connect-timeout',
      value: 'SECONDS',
      description: 'time limit of connecting',
      rare: true,
      completes: 'nothing',
    },
    {
      name: 'retry',
      value: 'N',
      description: 'retry up to N times; after 408, 429, 500, 502, 503, 504 and timeouts',
      default: '0',
      completes: 'nothing',
    },
    {
      name: 'retry-delay',
      value: 'SECONDS',
      description: 'wait before each retry',
      default: '1, doubled each time, or Retry-After',
      rare: true,
      completes: 'nothing',
    },
    { name: 'retry-connrefused', description: 'also retry after a refused connection', rare: true },
    viewFlag,
    notTheSandboxFlag,
  ],
  examples: [
    { text: 'The version of the server, with the response headers', command: 'kapi curl -i /version' },
    {
      text: 'Check whether the server accepts an object, and create nothing',
      command: 'kapi curl --dry-run -d @pod.yaml pods',
      needs: ['pod.yaml'],
    },
    {
      text: 'Delete a pod and print only the status code',
      command: "kapi curl -s -o /dev/null -w '%{http_code}\\n' -X DELETE pods/web",
    },
    {
      text: 'Follow the log of a pod in the namespace',
      command: "kapi curl 'pods/web/log?follow=true'",
      needs: ['kubelet'],
    },
    {
      text: 'Watch the pods, as the raw stream of events',
      command: "kapi curl -N '/api/v1/namespaces/default/pods?watch=1'",
      endless: true,
    },
    {
      text: 'Scale a Deployment',
      command: `kapi curl --type merge -d '{"spec":{"replicas":3}}' deploy/web/scale`,
    },
    {
      text: 'Server-side apply',
      command: 'kapi curl --type apply -d @web.yaml deploy/web',
      needs: ['web.yaml'],
    },
    {
      text: 'A query value that needs percent-encoding',
      command: "kapi curl -G --data-urlencode 'labelSelector=app in (web,api)' pods",
    },
    { text: 'Without credentials', command: "kapi curl -H 'Authorization:' /version" },
    {
      text: 'A service account token that is valid for one hour',
      command: `kapi curl --json '{"spec":{"expirationSeconds":3600}}' serviceaccounts/default/token | jq -r .status.token`,
    },
  ],
  seeAlso: ['get', 'proxy', 'explore', 'help access'],
  parse: parseCurlOptions,
  load: async () => (await import('./run.ts')).runCurl,
});
