// kapi help credentials.

import type { Topic } from './topic.ts';

export const credentials: Topic = {
  summary: 'where cluster and credentials come from',
  text: `The cluster comes from the first of
  1. flags (--server, --token, --certificate-authority, ...)
  2. --kubeconfig, else the files of KUBECONFIG, else ~/.kube/config
  3. in a pod: KUBERNETES_SERVICE_HOST and _PORT with the service account's files
The namespace comes from the first of -n, the context, POD_NAMESPACE, the service account's namespace
file, and default.

Credentials on the command line
  - --token, --token-file, --username with --password, --client-certificate with --client-key,
    a login in the URL of --server, and in kapi curl -u and -H 'Authorization: ...' replace every
    credential of the kubeconfig and the pod: kapi does not send the client certificate and does not
    run the exec plugin. If a token and a certificate are both flags, kapi sends both.
  - an empty value for one of these flags is an error (exit 2), so that --token "$TOKEN" with an unset
    variable does not use another identity
  - --anonymous sends no credentials; neither does kapi curl -H 'Authorization:'
  - the field as of a kubeconfig user impersonates, as with kubectl, unless kapi sends no credentials
  - -v, whoami, doctor, config show and --curl name each credential that is not sent, and the flag
    that replaces it
  - --as USER and --as-sa [NAMESPACE/]NAME impersonate; a service account gets its groups from the
    server, unless --as-group names others

As with kubectl
  - if several kubeconfig files have an entry, the first one wins; kapi skips missing files
  - a relative path in a kubeconfig is relative to that file; a path in a flag to the working
    directory
  - tokenFile beats token; a token and a client certificate of one user are both sent, and
    kapi whoami says which one the server took
  - exec plugins (client.authentication.k8s.io/v1 and v1beta1) run once, and again after their
    credential expires; kapi uses a credential that is already expired until the server rejects it
  - in a pod, a context that has only a namespace selects the service account and that namespace
  - credentialPluginPolicy in the kuberc file (--kuberc, KUBERC, ~/.kube/kuberc) sets which exec
    plugins may run: AllowAll, DenyAll, Allowlist with credentialPluginAllowlist
  - kapi sends no credentials over plain http

Different from kubectl
  - a context that names a missing cluster or user is an error (exit 3), never
    http://localhost:8080; kapi never prompts
  - if a plugin would run and kapi cannot read the kuberc file, kapi stops; kubectl continues
  - a key without a certificate, or with a certificate of another key, is an error (exit 3)
  - a path prefix in server also applies to raw paths
  - kapi follows redirects within the same origin only, and sends credentials nowhere else
  - after a 401, kapi reads the token file or runs the plugin again and repeats the request once
  - a 401 or a missing file names the file, the entry or the flag
  - a file's content instead of its path (KUBECONFIG="$(cat kubeconfig)", a key pasted as client-key)
    is an error, and the message does not show the content

kapi config show prints the settings in force and where each comes from; -vv prints them before any
command. kapi config contexts lists the contexts. kapi config server, ca, cert, key and token print
one value for scripts: curl --cacert <(kapi config ca) ...

kapi whoami asks the server who you are and shows when certificates and tokens expire. kapi doctor
checks each step of a connection. kapi prints tokens, passwords and keys only with config key,
config token and --show-secrets.
`,
  seeAlso: ['config', 'whoami', 'doctor', 'help environment'],
};
