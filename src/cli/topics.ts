// The topics of `kapi help TOPIC`, in the order of the help. A topic with the name of a command is
// printed below the command's own help.

import { access } from './topics/access.ts';
import { cel } from './topics/cel.ts';
import { clusters } from './topics/clusters.ts';
import { credentials } from './topics/credentials.ts';
import { curl } from './topics/curl.ts';
import { environment } from './topics/environment.ts';
import { exitCodes } from './topics/exit-codes.ts';
import { inPod } from './topics/in-pod.ts';
import { jsonpath } from './topics/jsonpath.ts';
import { kubectl } from './topics/kubectl.ts';
import { output } from './topics/output.ts';
import { selectors } from './topics/selectors.ts';
import type { Topic } from './topics/topic.ts';
import { watch } from './topics/watch.ts';

export const topics: Readonly<Record<string, Topic>> = {
  'exit-codes': exitCodes,
  output,
  jsonpath,
  selectors,
  cel,
  access,
  credentials,
  clusters,
  environment,
  'in-pod': inPod,
  kubectl,
  curl,
  watch,
};
