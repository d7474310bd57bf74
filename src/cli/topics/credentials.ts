// kapi help credentials.

import type { Topic } from './topic.ts';

export const credentials: Topic = {
  summary: 'where cluster and credentials come from',
  text: `The cluster comes from the first of
  1. flags (--server, --token, --certificate-authority, ...)
  2. --kubeconfig, else the files of KUBECONFIG, else ~/.kube/config
  3. in a pod: KUBERNETES_SERVICE_HOST and _PORT with the service account's files
The namespace: -n, the context's, POD_NAMESPACE, the service account's file, default.

Who asks, where the command line says so
  - --token, --token-file, --username with --password, --client-certificate with --client-key,
    a login in the URL of --server, and in kapi curl -u and -H 'Authorization: ...' replace every
    credential of the kubeconfig and the pod. The client certificate is not sent, the exec plugin
    is not run. A token and a certificate that are both flags are both sent.
  - --anonymous sends nothing, kapi curl -H 'Authorization:' the same
  - as: in the kubeconfig stays in force, as with kubectl, except where nothing is sent
  - -v, whoami, doctor, config show and --curl name what is not sent and the flag that says so
  - --as USER and --as-sa [NAMESPACE/]NAME ask as somebody else; the server gives a service
    account its groups, unless --as-group names others

As with kubectl
  - of several kubeconfig files the first that has an entry wins it; missing ones are skipped
  - relative paths belong to the file they stand in, those of flags to the working directory
  - tokenFile beats token; a token and a client certificate of one user are both sent, and
    kapi whoami says which one the server took
  - exec plugins (client.authentication.k8s.io/v1 and v1beta1) run once and again when their
    answer has expired; an answer that comes expired is used until the server refuses it
  - in a pod, a context with nothing but a namespace means the service account there
  - credentialPluginPolicy of the file kuberc (--kuberc, KUBERC, ~/.kube/kuberc) says which exec
    plugins may run: AllowAll, DenyAll, Allowlist with credentialPluginAllowlist
  - nothing secret goes to a plain http server

Different on purpose
  - a context that names a missing cluster or user is an error (exit 3), never
    http://localhost:8080, and nothing ever prompts
  - a kuberc that cannot be read is an error where a plugin would run: kubectl goes on without it
  - a key without its certificate, or with another one, is an error (exit 3)
  - a path prefix in server is kept for raw paths too
  - redirects are followed within the same origin only; credentials go nowhere else
  - after a 401 the token file is read again, or the plugin run again, and the request
    repeated once
  - a 401 or a missing file names the file, the entry or the flag it came from
  - a path that is the content of a file (KUBECONFIG="$(cat kubeconfig)", a key pasted as
    client-key) is an error that shows nothing of it

kapi config show prints what was resolved and where each part came from, -vv does so before
any command; kapi config contexts lists the contexts. kapi config server, ca, cert, key and
token print one value for scripts: curl --cacert <(kapi config ca) ...

kapi whoami asks who the server takes you for and shows until when certificates and tokens
hold. kapi doctor goes through all that a connection needs, one step after the other. No token,
password or key is ever printed but by config key, config token and --show-secrets.
`,
  seeAlso: ['config', 'whoami', 'doctor', 'help environment'],
};
