// kapi help watch: below the command's own help.

import type { Topic } from '../topics.ts';

export const watch: Topic = {
  summary: 'watching, and waiting in scripts',
  text: `What kapi watch does that kubectl get -w does not
  - it goes on when a connection ends, breaks or falls silent, where it was
  - it reads the list again when the server has forgotten the moment (410), and tells what changed
    in between, deletions included
  - a deletion is a row of its own: the column EVENT says ADDED, MODIFIED or DELETED, and LEFT of an
    object that does not match the selector any more
  - several types at once, and objects that do not exist yet
  - it ends with 0 only when it was asked to end

kubectl wait is --until: with 0 when every object has come so far, with 1 after --timeout. Names that
do not exist count; several --until hold at one version; --until-any takes one of several goals;
--fail-on ends with 1 at once. With 6 when the server had not answered the list within --timeout.
  kapi watch pod web --until condition=Ready --timeout 60s
  kapi watch pod web --until 'jsonpath={.status.phase}=Succeeded'
  kapi watch job migrate --until condition=Complete --fail-on condition=Failed --timeout 10m
  kapi watch deploy web --until rollout --timeout 5m
  kapi watch pod web --until delete

Lines of events come in a pipe; on a terminal a live table shows the current state, unless --no-live
or a flag about single events is given. In the live table / filters, s sorts, Enter shows an object,
c the curl command, q quits.

In a pipeline each event is written when it comes. -o ndjson gives {"type","object"} lines for jq, and
--no-events what kubectl prints.
`,
  seeAlso: ['help exit-codes', 'help selectors'],
};
