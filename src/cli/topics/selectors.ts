// kapi help selectors.

import type { Topic } from './topic.ts';

export const selectors: Topic = {
  summary: 'choosing objects by labels and fields',
  text: `-l, --selector selects objects by labels, --field-selector by fields. The server evaluates both and sends
only the matching objects.

Label selectors; with commas, all conditions must be met
  app=web             the label has this value (== is the same)
  app!=web            the label has another value, or is missing
  env in (a,b)        the label has one of these values
  env notin (a,b)     the label has another value, or is missing
  canary              the label exists
  !canary             the label does not exist
  shards>3            the label is an integer greater than 3; < is less than

Quote spaces, parentheses, !, < and > for the shell:
  kapi list pods -l 'app=web,tier!=back'
  kapi list pods -l 'app in (web,api)' -A
  kapi list pods -l '!app'

Field selectors have only = (or ==) and !=. Every type supports metadata.name, and every namespaced type
metadata.namespace. Some types support more fields
  pods          status.phase, spec.nodeName, spec.restartPolicy, status.podIP, ...
  events        involvedObject.name, involvedObject.kind, reason, type, ...
  nodes         spec.unschedulable
  secrets       type
  jobs          status.successful
  namespaces    status.phase

  kapi list pods -A --field-selector status.phase!=Running
  kapi list events --field-selector involvedObject.kind=Pod,type=Warning

To filter by other fields, use --where (kapi help cel). If a selector is invalid, kapi exits 2
and prints the reason.
`,
  seeAlso: ['list', 'watch', 'help cel'],
};
