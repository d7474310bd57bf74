// kapi help environment: every variable that is read. A test holds it against the source.

import type { Topic } from './topic.ts';

export const environment: Topic = {
  summary: 'the variables that kapi reads',
  text: `Cluster and credentials
  KUBECONFIG               kubeconfig files, separated by colons; the first that has an entry wins it
  KUBERC                   kubectl's settings, whose policy about exec plugins is obeyed; or off
  KUBECTL_KUBERC           false: these settings are not read
  HOME                     where .kube/config and the cache .kube/cache/kapi are
  KUBERNETES_SERVICE_HOST  in a pod, the address of the API server, set by the kubelet
  KUBERNETES_SERVICE_PORT  its port
  KUBERNETES_MASTER        the server, where nothing else names one
  POD_NAMESPACE            in a pod, the namespace when neither -n nor a context names it
  POD_NAME, HOSTNAME       in a pod, which pod kapi downward shows

Network
  HTTPS_PROXY, HTTP_PROXY  the proxy for servers of https, of http; small letters do as well
  NO_PROXY                 hosts, domains and networks without it; this machine never needs one
  SSL_CERT_FILE            authorities to trust where the configuration names none
  SSL_CERT_DIR             directories of them, separated by colons

Terminal
  NO_COLOR                 not empty: no colours
  FORCE_COLOR              colours in a pipe, too; 2 and 3 for 256 and 16 million of them, 0 for none
  TERM, COLORTERM          how many colours the terminal has

Completion
  KAPI_COMPLETION_TIMEOUT_MS  how long a TAB may take, in milliseconds; 300 unless it says otherwise

Compiled code, kept between runs
  XDG_CACHE_HOME              it lies in kapi/code below it, else below .cache in HOME
  NODE_DISABLE_COMPILE_CACHE  not empty: none is read and none is kept

Exec plugins are looked for in PATH and get the whole environment. kapi sandbox -- COMMAND sets
KAPI_SANDBOX_DIR to the directory of its files; where it is set, kapi warns when the server is not
that sandbox, and kapi curl and kapi proxy do not write there. zsh in a sandbox reads your files of
ZDOTDIR. Where KAPI_STANDALONE_DIR is set, the single file for pods without Node unpacks itself
there and nowhere else. Flags win over variables; kapi config show and -vv say which of them were
used.
`,
  seeAlso: ['config', 'help credentials', 'help in-pod'],
};
