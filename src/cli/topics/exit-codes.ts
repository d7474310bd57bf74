// kapi help exit-codes.

import type { Topic } from './topic.ts';

export const exitCodes: Topic = {
  summary: 'what each exit code means',
  text: `Exit codes are part of kapi's interface and do not change.

  0    success, also for an empty list
  1    a negative answer and nothing else: can-i no, --expect-count or --require-nonempty not
       met, watch --until or --for-count not met within --timeout, a warning from the server
       with --warnings-as-errors
  2    usage: unknown flag, bad selector or template, unknown resource type
  3    something on this machine cannot be used: no cluster, missing context, a file that
       cannot be read or written, failed exec plugin, full disk, too many open files
  4    the server refused: 4xx, such as 401, 403 and 404
  5    the server failed: 5xx, 429 after retries, or an unusable response
  6    no connection: name resolution, refused, TLS, timeout, or a watch that is lost
  70   a bug in kapi
  130  interrupted (SIGINT); 129 for SIGHUP, 131 for SIGQUIT, 143 for SIGTERM

If a pipe closes (kapi list pods | head), kapi stops without a message and exits 0. If standard error
is closed or full, kapi loses the messages; output and exit code do not change. If kapi gets only some
of several objects, it prints these and exits with the code of the first failure.
`,
  seeAlso: ['help output', 'can-i', 'watch'],
};
