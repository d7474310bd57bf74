// kapi help clusters.

import type { Topic } from './topic.ts';

export const clusters: Topic = {
  summary: 'one command for several clusters: --contexts',
  text: `--contexts GLOB[,GLOB...] runs list, get, watch, events, can-i, whoami, version, resources and
doctor for several contexts of the kubeconfig at the same time.

  kapi list nodes --contexts 'prod-*'
  kapi list pods -A --contexts '*' --count-by context,status.phase
  kapi version --contexts prod-eu,prod-us

Contexts
  - * is any text, ? any character. Each part between commas must match a context (exit 3).
  - the order of the parts is the order of the contexts; contexts of one glob are sorted by name;
    a context that several parts match appears once
  - each context uses its own server, user and namespace. -n, --as and --anonymous apply to all.
    --context, --cluster, --server, --tls-server-name, --user, --token, --token-file,
    --client-certificate, --client-key, --username, --password, --in-cluster and
    --service-account-dir exclude --contexts: no credential is sent to several clusters.
  - an exec plugin runs once for contexts with the same plugin settings, unless provideClusterInfo
    is set; plugins that can prompt run one after the other

Output
  - tables, csv and custom columns: CONTEXT is the first column
  - ndjson: the field context in each object or event. watch -o json and yaml: the same field
  - json, yaml, kyaml, jsonpath-as-json: {"contexts": [{"context": NAME, "document": ...}, ...]}.
    document is what the command prints for this context alone. If the context fails, its entry has
    error (code, exitCode, message).
  - name, jsonpath: CONTEXT, a tab, and the line. Other text: CONTEXT and the line.
  - --curl and --suggest-rbac: a comment with the context before the lines of each context
  - stderr: each line begins with the context and a colon; --error-format json has the field context

Order
  - rows are in the order of the contexts. --unordered prints them as they arrive, as watch always does.
  - a context that sends nothing for 5 seconds does not delay the rows of the others
  - a failed context does not stop the others. The exit code is that of the first failed
    context in the order of the contexts. It is 1 only if no context failed and at least one has a
    negative answer.

Limits and checks
  - --limit N: N objects of each context; with --sort-by in a table, csv, ndjson or name, the first
    N of all. These formats sort the objects of all contexts together. Documents keep the objects of each context together.
  - --count-by and --sum count all contexts together; --count-by also takes the path context
  - --expect-count and --require-nonempty are about each context, --expect-total is about the sum
  - --timeout, --request-timeout, --for-count: for each context
  - watch --until: exits 0 when every context has met its goals; a --fail-on goal that one context meets ends all watches

Compare
  - kapi diff TYPE --contexts A,B compares two contexts; --contexts must select exactly two
`,
  seeAlso: ['list', 'watch', 'diff', 'config', 'help output', 'help exit-codes'],
};
