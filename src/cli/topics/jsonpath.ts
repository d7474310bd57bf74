// kapi help jsonpath.

import type { Topic } from './topic.ts';

export const jsonpath: Topic = {
  summary: 'picking values with -o jsonpath and custom-columns',
  text: `-o jsonpath=TEMPLATE is kubectl's dialect, to the byte. Text stands as it is, what is in braces is
replaced by what the path finds; several things are separated by a blank.

  {.metadata.name}                    a field
  {.items[*].metadata.name}           a field of every item; a list has items
  {.items[0]}, {.items[-1:]}          the first, the last
  {.spec.containers[0:2].image}       a slice
  {..image}                           fields of this name at any depth
  {.metadata.labels.app\\.kubernetes\\.io/name}
                                      dots within a name get a backslash
  {.metadata['name','namespace']}     several fields
  {.items[?(@.status.phase=="Running")].metadata.name}
                                      items for which something holds: ==, !=, <, >, <=, >=
  {range .items[*]}...{end}           what is between for every item
  {"\\n"}, {"\\t"}                      a line end, a tab

  kapi get pod web -o jsonpath='{.status.podIP}'
  kapi list pods -o jsonpath='{range .items[*]}{.metadata.name}{"\\t"}{.spec.nodeName}{"\\n"}{end}'
  kapi list pods -o jsonpath='{.items[?(@.status.phase=="Running")].metadata.name}'
  kapi list pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image

A key that is not there prints nothing, with --allow-missing-template-keys=false it is an error (exit
2). No line end is added. jsonpath-as-json prints the results as a JSON array, for jq. custom-columns
takes the same paths without braces, one column each; what is missing is <none>, an index that a list
does not have included.

--sort-by takes such a path, too: --sort-by .metadata.creationTimestamp. Objects without the field come
first; where none has it the order is the server's, with a warning. Regular expressions and scripts are
no part of the dialect; -o ndjson and jq go further.
`,
  seeAlso: ['get', 'list', 'help output'],
};
