// kapi help output.

import type { Topic } from './topic.ts';

export const output: Topic = {
  summary: 'the formats of -o',
  text: `-o, --output takes one of

  table                  the server's own columns (default of list)
  wide                   the same with the columns of lower priority
  json                   as kubectl prints it: four spaces, sorted keys, managedFields hidden
  yaml                   the same as YAML
  ndjson                 one compact object a line, for jq and line-wise tools
  name                   pod/x, deployment.apps/y
  jsonpath=TEMPLATE      kubectl's dialect; jsonpath-file=FILE reads the template from a file
  jsonpath-as-json=TEMPLATE
                         the results as a JSON array
  custom-columns=SPEC    NAME:.metadata.name,IMAGE:.spec.containers[*].image
  custom-columns-file=FILE
                         a line of headers and a line of paths

Lists are written page by page while they arrive; only --sort-by needs all of them first.
stdout carries data and nothing else. Colour appears on a terminal only (--color, NO_COLOR,
FORCE_COLOR). Control characters that come from the server are made visible in every format
for people; json, ndjson and jsonpath carry them as JSON does.
`,
  seeAlso: ['list', 'get', 'help jsonpath'],
};
