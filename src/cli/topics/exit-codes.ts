// kapi help exit-codes.

import type { Topic } from './topic.ts';

export const exitCodes: Topic = {
  summary: 'what each exit code means',
  text: `Exit codes are part of the interface and stay as they are.

  0    success; an empty list included
  1    a negative answer and only that: can-i no, --expect-count or --require-nonempty
       not met, watch --until or --for-count not reached within --timeout
  2    usage: unknown flag, bad selector or template, unknown resource type
  3    something on this machine cannot be used: no cluster, missing context, a file that
       cannot be read or written, failed exec plugin, full disk, too many open files
  4    the server refused: 4xx (401, 403 and 404 included)
  5    the server failed: 5xx, 429 after retries, or an answer that is none
  6    could not talk: name resolution, refused, TLS, timeout; a watch lost for good
  70   a bug in kapi
  130  interrupted (SIGINT); 129 for SIGHUP, 131 for SIGQUIT, 143 for SIGTERM

A closed pipe (kapi list pods | head) ends silently with 0. Standard error that is closed
or full costs the messages and nothing else: neither output nor exit code change. When some of several objects
could be had and others not, what was had is printed and the code is the first failure's.
`,
  seeAlso: ['help output', 'can-i', 'watch'],
};
