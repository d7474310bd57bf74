// kapi help in-pod.

import type { Topic } from './topic.ts';

export const inPod: Topic = {
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
  seeAlso: ['proxy', 'downward', 'help credentials'],
};
