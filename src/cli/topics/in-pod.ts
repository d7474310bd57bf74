// kapi help in-pod.

import type { Topic } from './topic.ts';

export const inPod: Topic = {
  summary: 'running inside a pod',
  text: `In a pod, kapi needs no flags. It uses KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT and the files
token, ca.crt and namespace in /var/run/secrets/kubernetes.io/serviceaccount. It reads the token again
after the kubelet replaces it.

  kapi get /version
  kapi list pods
  kapi config show

--service-account-dir reads the three files from another directory. --in-cluster uses them even if
there is a kubeconfig. The default service account has almost no rights; the message of a 403 names
the missing right.
`,
  seeAlso: ['proxy', 'downward', 'help credentials'],
};
