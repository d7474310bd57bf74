// The texts of `kapi help TOPIC`.

/** @internal */
export interface Topic {
  readonly summary: string;
  readonly text: string;
}

export const topics: Readonly<Record<string, Topic>> = {
  'exit-codes': {
    summary: 'what each exit code means',
    text: `Exit codes are part of the interface and stay as they are.

  0    success; an empty list included
  1    a negative answer and only that: can-i no, --expect-count or --require-nonempty
       not met, watch --until or --for-count not reached within --timeout
  2    usage: unknown flag, bad selector or template, unknown resource type
  3    configuration or credentials unusable: no cluster, bad file, missing context,
       exec plugin failed
  4    the server refused: 4xx (401, 403 and 404 included)
  5    the server failed: 5xx, 429 after retries, or an answer that is none
  6    could not talk: name resolution, refused, TLS, timeout; a watch lost for good
  70   a bug in kapi
  130  interrupted (SIGINT); 143 for SIGTERM

A closed pipe (kapi list pods | head) ends silently with 0. When some of several objects
could be had and others not, what was had is printed and the code is the first failure's.
`,
  },
  output: {
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
  },
  credentials: {
    summary: 'where cluster and credentials come from',
    text: `The cluster comes from the first of
  1. flags (--server, --token, --certificate-authority, ...)
  2. --kubeconfig, else the files of KUBECONFIG, else ~/.kube/config
  3. in a pod: KUBERNETES_SERVICE_HOST and _PORT with the service account's files
The namespace: -n, the context's, POD_NAMESPACE, the service account's file, default.

As with kubectl
  - of several kubeconfig files the first that has an entry wins it; missing ones are skipped
  - relative paths belong to the file they stand in, those of flags to the working directory
  - tokenFile beats token; a token and a client certificate are both sent
  - exec plugins (client.authentication.k8s.io/v1 and v1beta1) run once and again when their
    answer has expired
  - nothing secret goes to a plain http server

Different on purpose
  - a context that names a missing cluster or user is an error (exit 3), never
    http://localhost:8080, and nothing ever prompts
  - a flag beats the file: --token beats a tokenFile
  - a path prefix in server is kept for raw paths too
  - redirects are followed within the same origin only; credentials go nowhere else
  - after a 401 the token file is read again, or the plugin run again, and the request
    repeated once
  - a 401 or a missing file names the file, the entry or the flag it came from

kapi config show prints what was resolved and where each part came from, -vv does so before
any command; kapi config contexts lists the contexts. kapi config server, ca, cert, key and
token print one value for scripts: curl --cacert <(kapi config ca) ...

kapi whoami asks who the server takes you for and shows until when certificates and tokens
hold. kapi doctor goes through all that a connection needs, one step after the other. No token,
password or key is ever printed but by config key, config token and --show-secrets.
`,
  },
  curl: {
    summary: 'kapi curl against curl, and --curl',
    text: `kapi curl PATH sends one request with curl's flags and kapi's server and credentials:

  kapi curl -i /version
  kapi curl -X DELETE pods/web
  kapi curl -G --data-urlencode 'labelSelector=app in (web,api)' pods

PATH begins with a slash, or is relative to the namespace (pods/web/log, deploy/web/scale; -n
chooses it), or is a URL of the cluster's own server. Other hosts are refused.

As with curl
  - the answer is written as it comes, byte for byte; the body of an error too, unless -f
  - -H 'Name: value' adds or replaces, -H 'Name:' leaves kapi's own out, -H 'Name;' sends it empty
  - -d makes a POST, -T a PUT, -I a HEAD, -G puts the data into the query; -X chooses the method
  - nothing is repeated without --retry, no redirect followed without -L

Different on purpose
  - the exit code is 4 for an answer of 4xx and 5 for 5xx, also without -f
  - on a terminal JSON is indented and coloured, control characters are made visible; -o - is not
  - the type of a body is guessed unless -H 'Content-Type: …' says it: JSON and YAML as they are,
    elsewhere than on objects what curl says. A PATCH is a merge patch, an array a JSON patch;
    --type json, merge, strategic or apply chooses, and YAML is turned into JSON where needed
  - -d @FILE keeps line ends, without which YAML would mean something else
  - redirects stay within the origin, credentials travel nowhere
  - -n is the namespace; -k, --cacert, --cert and --key are those of every command
  - --dry-run adds dryRun=All, and refuses what would be carried out all the same

-w knows content_type, errormsg, exitcode, filename_effective, http_code, http_version, method,
num_headers, num_redirects, num_retries, redirect_url, response_code, scheme, size_download,
size_header, size_upload, speed_download, speed_upload, time_appconnect, time_connect,
time_namelookup, time_pretransfer, time_starttransfer, time_total, url, url_effective,
%header{NAME}, %{onerror}, %{stdout} and %{stderr}.

--curl on any command prints the curl commands that ask the same, one a line, and sends nothing;
what a type is called may be asked of the server for that, and an exec plugin run.
  - certificates and keys in files are named; inline ones come from <(kapi config ca) and its like,
    which bash, zsh and ksh understand
  - tokens come from $(kapi config token) or $(cat FILE); what only the command line knows becomes
    a variable, named on stderr
  - --show-secrets writes all of them out, for a machine without kapi
  - lists are asked for in one answer, since one curl command cannot follow pages
`,
  },
  access: {
    summary: 'what you may do, why not, and the role to ask for',
    text: `kapi can-i VERB TYPE asks the server whether it would let you: yes and 0, or no and 1.

  kapi can-i list pods -n dev               one right
  kapi can-i create pods/exec               a subresource, where the server has one of that name
  kapi can-i get pods exec                  an object of that name
  kapi can-i get /metrics                   a path
  kapi can-i get,list pods,deploy -A        a table
  kapi can-i --list                         everything in the namespace
  kapi can-i delete pods --why              the server's reason, and the bindings that grant it
  kapi can-i -f rights.txt                  many questions, for CI

A file of questions has one a line, or is a JSON or YAML list; ! expects a no:

  # what the deployer needs, and what it must not have
  patch deployments -n web
  create pods/eviction -n web
  ! get secrets -A

--suggest-rbac works with every command: where the server refuses for want of a right, the
least Role or ClusterRole with its binding is printed as YAML on stdout, the error on stderr.
An administrator applies it, and the same command passes:

  kapi list secrets --suggest-rbac | kubectl --context admin apply -f -

Where kapi differs from kubectl auth can-i on purpose: pods/exec is the subresource; types
without namespaces are asked about in the whole cluster; --list shows each line once; a
question that could not be asked has an exit code of its own.
`,
  },
  'in-pod': {
    summary: 'running inside a pod',
    text: `In a pod kapi needs no flag: KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT and the files
token, ca.crt and namespace under /var/run/secrets/kubernetes.io/serviceaccount are enough.
The token is read again when the kubelet has replaced it.

  kapi get /version
  kapi list pods
  kapi config show

--service-account-dir takes the three files from another directory, --in-cluster uses them even
when there is a kubeconfig. The default service account may see next to nothing: a 403 names the
rule that is missing.
`,
  },
};
