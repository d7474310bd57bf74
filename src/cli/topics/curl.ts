// kapi help curl.

import type { Topic } from '../topics.ts';

export const curl: Topic = {
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
  seeAlso: ['proxy', 'help access'],
};
