// kapi help selectors.

import type { Topic } from './topic.ts';

export const selectors: Topic = {
  summary: 'choosing objects by labels and fields',
  text: `-l, --selector chooses by labels, --field-selector by fields. The server judges both, so what
was not chosen is not sent.

Labels, several separated by commas, all of which must hold
  app=web             the label has this value (== is the same)
  app!=web            it has another value, or the object has no such label
  env in (a,b)        one of these values
  env notin (a,b)     none of these, or no such label
  canary              there is such a label
  !canary             there is none
  shards>3            a number greater than this; < less

Quotes keep blanks, ! and < from the shell:
  kapi list pods -l 'app=web,tier!=back'
  kapi list pods -l 'app in (web,api)' -A
  kapi list pods -l '!app'

Fields know = and != only, and not every field can be chosen by: metadata.name for every type,
metadata.namespace for those within a namespace, others by type
  pods          status.phase, spec.nodeName, spec.restartPolicy, status.podIP, ...
  events        involvedObject.name, involvedObject.kind, reason, type, ...
  nodes         spec.unschedulable
  secrets       type
  jobs          status.successful
  namespaces    status.phase

  kapi list pods -A --field-selector status.phase!=Running
  kapi list events --field-selector involvedObject.kind=Pod,type=Warning

Where a field is none of these, -o jsonpath filters what has been read (kapi help jsonpath), or jq
does. A selector that the server cannot read ends with 2, and its message says what is wrong.
`,
  seeAlso: ['list', 'watch', 'help jsonpath'],
};
