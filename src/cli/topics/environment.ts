// kapi help environment: every variable that kapi reads. A test compares the list with the source.

import type { Topic } from './topic.ts';

export const environment: Topic = {
  summary: 'the variables that kapi reads',
  text: `Cluster and credentials
  KUBECONFIG               kubeconfig files, separated by colons; the first file with an entry wins
  KUBERC                   kubectl's settings file, for its policy on exec plugins; or off
  KUBECTL_KUBERC           false: kapi does not read these settings
  HOME                     where .kube/config and the cache .kube/cache/kapi are
  KUBERNETES_SERVICE_HOST  in a pod, the address of the API server, set by the kubelet
  KUBERNETES_SERVICE_PORT  its port
  KUBERNETES_MASTER        the server, if nothing else names one
  POD_NAMESPACE            in a pod, the namespace, if neither -n nor a context names one
  POD_NAME, HOSTNAME       in a pod, the pod that kapi downward shows

Network
  HTTPS_PROXY, HTTP_PROXY  the proxy for https and http servers; lower case works too
  NO_PROXY                 hosts, domains and networks without a proxy; never used for localhost
  SSL_CERT_FILE            authorities to trust, if the configuration names none
  SSL_CERT_DIR             directories of authorities, separated by colons

Terminal
  NO_COLOR                 if set and not empty, no colours
  FORCE_COLOR              colours in a pipe, too; 2: 256 colours, 3: 16 million, 0: none
  TERM, COLORTERM          the number of colours of the terminal

Completion
  KAPI_COMPLETION_TIMEOUT_MS  time limit of one TAB in milliseconds; default 300

Caches
  KUBECACHEDIR                the directory of discovery and schemas, as --cache-dir; default: .kube/cache in HOME
  XDG_CACHE_HOME              compiled code is in kapi/code in this directory; default: .cache in HOME
  LOCALAPPDATA                on Windows, the directory of discovery and schemas
  NODE_DISABLE_COMPILE_CACHE  if set and not empty, the compile cache is off

kapi looks for exec plugins in PATH, on Windows with the extensions of PATHEXT, and passes them the
whole environment. kapi sandbox -- COMMAND
sets KAPI_SANDBOX_DIR to the directory of its files. If it is set and the server is not that sandbox,
kapi warns, and kapi curl and kapi proxy do not write. zsh in a sandbox reads your files from ZDOTDIR,
sh reads the file of your ENV, and bash runs your PROMPT_COMMAND.
KAPI_STANDALONE_DIR is the only directory in which the single file for pods without Node unpacks
itself. Flags take precedence over variables. kapi config show and -vv show which variables kapi used.
`,
  seeAlso: ['config', 'help credentials', 'help in-pod'],
};
