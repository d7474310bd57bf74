// kapi help jsonpath.

import type { Topic } from './topic.ts';

export const jsonpath: Topic = {
  summary: 'picking values with -o jsonpath and custom-columns',
  text: `-o jsonpath=TEMPLATE uses kubectl's syntax and prints the same bytes. kapi copies text and replaces each
expression in braces with the values that its path selects, separated by spaces.

  {.metadata.name}                    a field
  {.items[*].metadata.name}           a field of each object of a list
  {.items[0]}, {.items[-1:]}          the first, the last
  {.spec.containers[0:2].image}       a slice
  {..image}                           fields of this name at any depth
  {.metadata.labels.app\\.kubernetes\\.io/name}
                                      escape dots in a name with a backslash
  {.metadata['name','namespace']}     several fields
  {.items[?(@.status.phase=="Running")].metadata.name}
                                      items that meet a condition: ==, !=, <, >, <=, >=
  {range .items[*]}...{end}           the part between them, for each object
  {"\\n"}, {"\\t"}                      a newline, a tab

  kapi get pod web -o jsonpath='{.status.podIP}'
  kapi list pods -o jsonpath='{range .items[*]}{.metadata.name}{"\\t"}{.spec.nodeName}{"\\n"}{end}'
  kapi list pods -o jsonpath='{.items[?(@.status.phase=="Running")].metadata.name}'
  kapi list pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image

A missing key prints nothing; with --allow-missing-template-keys=false it is an error (exit 2). kapi
adds no newline at the end. jsonpath-as-json prints the results as a JSON array, for jq. custom-columns
takes the same paths without braces, one for each column. A missing value or list index prints <none>.

--sort-by takes such a path, too: --sort-by .metadata.creationTimestamp. Objects without the field come
first. If no object has the field, kapi keeps the server's order and prints a warning. jsonpath has no
regular expressions and no scripts; use -o ndjson and jq for these.
`,
  seeAlso: ['get', 'list', 'help output'],
};
