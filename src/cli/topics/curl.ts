// kapi help curl.

import type { Topic } from './topic.ts';

export const curl: Topic = {
  summary: 'curl and kapi curl compared',
  text: `Paths. A path that begins with a slash is used unchanged. A relative path starts at the namespace (-n selects it):
deploy/web/scale is /apis/apps/v1/namespaces/NAMESPACE/deployments/web/scale. For a relative path, kapi asks the server which
resource the type names. A URL must belong to the cluster's server.

Same as in curl
  - -H 'Name: value' adds or replaces a header, -H 'Name:' removes it, -H 'Name;' sends it empty
  - -d sends POST, -T sends PUT, -I sends HEAD, -G moves the data into the query; -X sets the method
  - kapi retries only with --retry and follows redirects only with -L

Different from curl
  - the exit code is 4 after a 4xx response and 5 after a 5xx response, with and without -f
  - on a terminal, kapi indents and colours JSON and makes control characters visible; -o - turns this off
  - without -H 'Content-Type: …', kapi detects whether the body of an object is JSON or YAML. A PATCH is a merge patch, or a
    JSON patch if the body is an array; --type selects json, merge, strategic or apply
  - -d @FILE keeps line ends, because YAML needs them
  - kapi follows redirects within the same origin only, and sends credentials nowhere else
  - -n is the namespace; -k, --cacert, --cert and --key are the flags of every kapi command
  - --dry-run adds dryRun=All, and refuses a request that the server would carry out anyway

-w accepts these variables: content_type, errormsg, exitcode, filename_effective, http_code, http_version, method,
num_headers, num_redirects, num_retries, redirect_url, response_code, scheme, size_download, size_header, size_upload,
speed_download, speed_upload, time_appconnect, time_connect, time_namelookup, time_pretransfer, time_starttransfer, time_total,
url, url_effective, %header{NAME}, %{onerror}, %{stdout} and %{stderr}.

--curl, on every command that sends requests, prints the equivalent curl commands, one on each line, and does not send them.
kapi may query the server for the name of a type and may run an exec plugin.
  - certificates and keys in files are passed by their path; inline ones come from <(kapi config ca) and similar
    substitutions, which bash, zsh and ksh support
  - tokens come from $(kapi config token) or $(cat FILE); a token from the command line becomes a variable, which stderr names
  - --show-secrets writes the values, for a machine without kapi
  - a list is requested without pages, because one curl command cannot follow them
`,
  seeAlso: ['proxy', 'help access'],
};
