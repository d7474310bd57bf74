// kapi help watch.

import type { Topic } from './topic.ts';

export const watch: Topic = {
  summary: 'watching, and waiting in scripts',
  text: `Reconnection. kubectl get -w stops when its connection ends. kapi watch
  - reconnects and resumes at the last resourceVersion that it received
  - lists again when the server no longer has this version (410), and prints what changed in between, deletions included
  - exits 6 when the server grants neither a list nor a watch for 5 minutes, or denies access for 30 seconds
  - reports each of these steps on stderr

Events. DELETED means that the object is gone. LEFT means that it no longer matches the selector or --where and still exists, or that
kapi could not find out whether it exists. In json, yaml and ndjson an event is {type, object}. Its type is the one that the server sent: DELETED,
also where EVENT says LEFT. jsonpath and custom-columns read the object.

Waiting. --until does the work of kubectl wait
  - with names, every name counts; a missing or deleted object meets no goal except delete
  - with a selector, the objects that match at the start and those that join later count; when an object stops matching, kapi
    looks it up by its name before it reports a deletion
  - if a server ignores the selector, kapi checks it as far as it can, leaves out the other objects, and says so
  - several --until must hold on the same version of an object; --until-any needs only one of several goals; --fail-on exits 1
  - after --timeout, kapi exits 1 and prints the last state of each object; it exits 6 if the server has not answered the list

  kapi watch pod web --until condition=Ready --timeout 60s
  kapi watch pod web --until 'jsonpath={.status.phase}=Succeeded'
  kapi watch job migrate --until condition=Complete --fail-on condition=Failed --timeout 10m
  kapi watch deploy web --until rollout --timeout 5m
  kapi watch pod web --until delete

Rights. A single named object needs get and watch. Everything else needs list and watch.

Live table. Arrow keys move and scroll sideways, / filters, s sorts, Enter shows an object as YAML, d its last changes, e
its events, l the log of a pod, c its curl command. y copies that command, ? shows all keys, q quits.
`,
  seeAlso: ['list', 'help selectors'],
};
