// kapi help output.

import type { Topic } from './topic.ts';

export const output: Topic = {
  summary: 'the formats of -o',
  text: `-o, --output takes one of

  table                  the server's own columns (default of list)
  wide                   the table with additional columns
  json                   as in kubectl: four spaces, sorted keys, without managedFields
  yaml                   as in kubectl
  ndjson                 one compact object on each line, for jq and line-oriented tools
  kyaml                  KYAML: YAML with braces, in which every string is quoted
  csv                    the server's columns as comma-separated values (RFC 4180), for lists
  name                   pod/x, deployment.apps/y
  jsonpath=TEMPLATE      kubectl's syntax; jsonpath-file=FILE reads the template from a file
  jsonpath-as-json=TEMPLATE
                         the results as a JSON array
  custom-columns=SPEC    NAME:.metadata.name,IMAGE:.spec.containers[*].image
  custom-columns-file=FILE
                         a line of headers and a line of paths

kapi prints a list page by page as it arrives; --sort-by, --count-by, --sum and custom columns of several types need the whole
list first. stdout is for data, stderr for messages. kapi uses colour on a terminal only (--color, NO_COLOR, FORCE_COLOR). It
makes control characters from the server visible: on a terminal in every format, in a pipe in tables and other text. json and
ndjson escape them as JSON does; jsonpath writes a string unchanged to a pipe.
`,
  seeAlso: ['list', 'get', 'help jsonpath'],
};
