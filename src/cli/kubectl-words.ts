// kubectl's commands and their equivalents in kapi, for the fallback parse of a command line
// (second-reading.ts), for `kapi help kubectl` and for `kapi help` with one of these words. kapi
// translates and runs reads. For writes it only suggests a line, so that a line for another program
// changes nothing.

/** How to adapt a translated line in addition to its first words (kubectl-line.ts). */
export type Adaptation = 'can-i' | 'raw' | 'wait';

export interface KubectlWord {
  /**
   * The words after `kubectl`, with `|` between equivalent words. `get --raw` is a command with a
   * flag.
   */
  readonly word: string;
  /**
   * `same`: kapi has the same word. `runs`: kapi translates and runs the line. `points`: the line
   * fails, and the message names the command to use.
   */
  readonly how: 'same' | 'runs' | 'points';
  /**
   * `same`, `runs`: words of kapi without `kapi`. `points`: the command line, with TYPE/NAME, POD,
   * NAME, FILE and similar as placeholders of typed words.
   */
  readonly kapi: string;
  readonly adapt?: Adaptation;
  /** `points`: a note to add. */
  readonly note?: string;
  /**
   * `points`: flags of kubectl that become query parameters of the path. A name that ends in `=`
   * has a value.
   */
  readonly query?: Readonly<Record<string, string>>;
  /** `points`: flags of kubectl that have a value here, although kapi has a switch of that name. */
  readonly values?: readonly string[];
  /** `points`: the line for a word that matches, instead of `kapi`. */
  readonly instead?: readonly { readonly where: RegExp; readonly kapi: string }[];
  /**
   * `points`: letters that are switches here and have another meaning elsewhere, with their long
   * names.
   */
  readonly switches?: Readonly<Record<string, string>>;
}

const notWritten =
  'kapi never writes a kubeconfig: --context chooses for one command, kubectl config for all';
const binding = (kind: string): string =>
  `kapi curl --json '{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"${kind}","metadata":{"name":"NAME"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ROLEKIND","name":"ROLENAME"},"subjects":[SUBJECTS]}' ${kind.toLowerCase()}s`;
const bindingFlags = ['user', 'group', 'serviceaccount', 'clusterrole', 'role'];
const approval = (type: string): string =>
  `kapi curl --type merge -d '{"status":{"conditions":[{"type":"${type}","status":"True","reason":"SetWithKapi"}]}}' csr/NAME/approval`;

/** In the order of the help. */
export const kubectlWords: readonly KubectlWord[] = [
  { word: 'get', how: 'same', kapi: 'get', note: 'named objects come as JSON, without a name as a table' },
  { word: 'get -w', how: 'same', kapi: 'watch' },
  { word: 'events', how: 'same', kapi: 'events' },
  { word: 'get --raw', how: 'runs', kapi: 'curl --fail', adapt: 'raw' },
  { word: 'explain', how: 'same', kapi: 'explain' },
  { word: 'describe', how: 'same', kapi: 'describe' },
  { word: 'diff', how: 'same', kapi: 'diff' },
  { word: 'proxy', how: 'same', kapi: 'proxy', note: 'reads only, unless --allow-writes is given' },
  { word: 'version', how: 'same', kapi: 'version' },
  { word: 'api-resources', how: 'same', kapi: 'resources' },
  { word: 'api-versions', how: 'runs', kapi: 'groups -o name' },
  { word: 'auth can-i', how: 'runs', kapi: 'can-i', adapt: 'can-i' },
  { word: 'auth whoami', how: 'runs', kapi: 'whoami' },
  { word: 'wait', how: 'runs', kapi: 'watch', adapt: 'wait' },
  { word: 'config get-contexts', how: 'runs', kapi: 'config contexts' },
  { word: 'options', how: 'runs', kapi: 'help global-flags' },
  {
    word: 'config view',
    how: 'points',
    kapi: 'kapi config show',
    note: '`kapi config server`, `kapi config ca`, `kapi config cert`, `kapi config key` and `kapi config token` print one value each, decoded',
    instead: [
      { where: /certificate-authority/, kapi: 'kapi config ca' },
      { where: /client-certificate/, kapi: 'kapi config cert' },
      { where: /client-key/, kapi: 'kapi config key' },
      { where: /\.token|['"]token/, kapi: 'kapi config token' },
      { where: /\.server|['"]server/, kapi: 'kapi config server' },
    ],
  },
  {
    word: 'config current-context|get-clusters|get-users',
    how: 'points',
    kapi: 'kapi config contexts',
    note: 'a * marks the current context; -o json is for programs',
  },
  {
    word: 'config use-context|set-context|rename-context|delete-context|set|unset|set-cluster|set-credentials|delete-cluster|delete-user',
    how: 'points',
    kapi: 'kapi list pods --context NAME',
    note: notWritten,
  },
  {
    word: 'cluster-info',
    how: 'points',
    kapi: 'kapi doctor',
    note: '`kapi config server` prints the address alone',
  },
  { word: 'top', how: 'points', kapi: 'kapi get TYPE.metrics.k8s.io -o yaml' },
  {
    word: 'logs',
    how: 'points',
    kapi: 'kapi curl pods/POD/log',
    switches: { f: 'follow', p: 'previous' },
    query: {
      follow: 'follow=true',
      previous: 'previous=true',
      timestamps: 'timestamps=true',
      container: 'container=',
      tail: 'tailLines=',
      'limit-bytes': 'limitBytes=',
      'since-time': 'sinceTime=',
    },
  },
  { word: 'create token', how: 'points', kapi: "kapi curl --json '{}' serviceaccounts/NAME/token" },
  {
    word: 'create namespace',
    how: 'points',
    kapi: `kapi curl --json '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"NAME"}}' namespaces`,
  },
  {
    word: 'create clusterrolebinding',
    how: 'points',
    kapi: binding('ClusterRoleBinding'),
    values: bindingFlags,
  },
  { word: 'create rolebinding', how: 'points', kapi: binding('RoleBinding'), values: bindingFlags },
  {
    word: 'create serviceaccount|sa',
    how: 'points',
    kapi: `kapi curl --json '{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"NAME"}}' serviceaccounts`,
  },
  {
    word: 'create',
    how: 'points',
    kapi: 'kapi curl -d @FILE TYPE',
    note: 'FILE contains the object as JSON or YAML, the last word is its type, as in pods or deploy; --dry-run tries it',
  },
  {
    word: 'run',
    how: 'points',
    kapi: `kapi curl --json '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"NAME"},"spec":{"containers":[{"name":"NAME","image":"IMAGE"}]}}' pods`,
  },
  { word: 'expose', how: 'points', kapi: 'kapi curl -d @FILE services' },
  { word: 'apply', how: 'points', kapi: 'kapi curl --type apply -d @FILE TYPE/NAME' },
  { word: 'replace', how: 'points', kapi: 'kapi curl -X PUT -d @FILE TYPE/NAME' },
  {
    word: 'edit',
    how: 'points',
    kapi: 'kapi get TYPE/NAME -o yaml > FILE',
    note: 'change it, then `kapi curl -X PUT -d @FILE TYPE/NAME`',
  },
  { word: 'delete', how: 'points', kapi: 'kapi curl -X DELETE TYPE/NAME' },
  { word: 'patch', how: 'points', kapi: "kapi curl --type PATCHTYPE -d 'PATCH' TYPE/NAME" },
  {
    word: 'scale',
    how: 'points',
    kapi: `kapi curl --type merge -d '{"spec":{"replicas":REPLICAS}}' TYPE/NAME/scale`,
  },
  { word: 'autoscale', how: 'points', kapi: 'kapi curl -d @FILE hpa' },
  {
    word: 'label',
    how: 'points',
    kapi: `kapi curl --type merge -d '{"metadata":{"labels":{PAIRS}}}' TYPE/NAME`,
  },
  {
    word: 'annotate',
    how: 'points',
    kapi: `kapi curl --type merge -d '{"metadata":{"annotations":{PAIRS}}}' TYPE/NAME`,
  },
  {
    word: 'set image',
    how: 'points',
    kapi: `kapi curl --type strategic -d '{"spec":{"template":{"spec":{"containers":[{"name":"CONTAINER","image":"IMAGE"}]}}}}' TYPE/NAME`,
  },
  { word: 'set', how: 'points', kapi: "kapi curl --type strategic -d 'PATCH' TYPE/NAME" },
  {
    word: 'rollout status',
    how: 'points',
    kapi: 'kapi watch TYPE/NAME --until rollout --timeout 5m',
  },
  {
    word: 'rollout restart',
    how: 'points',
    kapi: `kapi curl --type merge -d '{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"NOW"}}}}}' TYPE/NAME`,
    note: 'any new value of the annotation restarts the pods',
  },
  {
    word: 'rollout pause',
    how: 'points',
    kapi: `kapi curl --type merge -d '{"spec":{"paused":true}}' TYPE/NAME`,
  },
  {
    word: 'rollout resume',
    how: 'points',
    kapi: `kapi curl --type merge -d '{"spec":{"paused":false}}' TYPE/NAME`,
  },
  {
    word: 'rollout',
    how: 'points',
    kapi: 'kapi list replicasets,controllerrevisions',
    note: 'a rollback is a patch of the template, which kapi does not create',
  },
  {
    word: 'cordon',
    how: 'points',
    kapi: `kapi curl --type merge -d '{"spec":{"unschedulable":true}}' nodes/NAME`,
  },
  {
    word: 'uncordon',
    how: 'points',
    kapi: `kapi curl --type merge -d '{"spec":{"unschedulable":false}}' nodes/NAME`,
  },
  {
    word: 'drain',
    how: 'points',
    kapi: `kapi curl --type merge -d '{"spec":{"unschedulable":true}}' nodes/NAME`,
    note: `that keeps new pods away; then evict each pod of \`kapi list pods -A --field-selector spec.nodeName=NAME\` with \`kapi curl --json '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"A_POD"}}' pods/A_POD/eviction -n ITS_NAMESPACE\``,
  },
  {
    word: 'taint',
    how: 'points',
    kapi: `kapi curl --type merge -d '{"spec":{"taints":[TAINTS]}}' nodes/NAME`,
    note: 'the list replaces the existing one: `kapi get node NAME -o jsonpath={.spec.taints}`',
  },
  {
    word: 'certificate',
    how: 'points',
    kapi: approval('Approved'),
    note: 'use Denied instead of Approved to deny the request',
  },
  { word: 'certificate approve', how: 'points', kapi: approval('Approved') },
  {
    word: 'certificate deny',
    how: 'points',
    kapi: approval('Denied'),
  },
  { word: 'auth reconcile', how: 'points', kapi: 'kapi curl --type apply -d @FILE roles/NAME' },
  { word: 'auth', how: 'points', kapi: 'kapi can-i --list', note: '`kapi whoami` says who you are' },
  {
    word: 'exec',
    how: 'points',
    kapi: 'use kubectl exec: kapi opens no streams into containers',
    note: '`kapi downward POD -o env` prints the variables that the Downward API gives a pod',
  },
  {
    word: 'attach|cp|debug',
    how: 'points',
    kapi: 'use kubectl for this: kapi opens no streams into containers',
  },
  {
    word: 'port-forward',
    how: 'points',
    kapi: 'kapi curl pods/POD:PORT/proxy/',
    note: 'kapi sends one request through the API server; for a local port use kubectl, which also works through `kapi proxy --allow-writes`',
  },
  {
    word: 'kustomize',
    how: 'points',
    kapi: 'kapi curl --type apply -d @FILE TYPE/NAME',
    note: 'kapi reads no kustomizations',
  },
  { word: 'plugin', how: 'points', kapi: 'kapi help', note: 'kapi has no plugins' },
];

/** A row, and which of its words was typed. */
export interface FoundWord {
  readonly row: KubectlWord;
  readonly word: string;
}

/**
 * Returns the row for the words of a line. A row of two words wins over one of one word.
 * @param words the command's name and the words after it, without flags
 */
export function findKubectlWord(words: readonly string[]): FoundWord | undefined {
  const [first = '', second = ''] = words;
  for (const word of [`${first} ${second}`, first]) {
    const row = kubectlWords.find((one) => wordsOfRow(one).includes(word));
    if (row !== undefined) return { row, word };
  }
  return undefined;
}

/** Splits `config view|set` into `config view` and `config set`. */
export function wordsOfRow({ word }: KubectlWord): readonly string[] {
  const [first = '', rest] = word.split(' ', 2);
  return rest === undefined ? first.split('|') : rest.split('|').map((one) => `${first} ${one}`);
}

/** Flags of kubectl's `get` that kapi does not have, and what to use instead. */
export const kubectlFlags: Readonly<Record<string, string>> = {
  filename: 'kapi get takes TYPE/NAME; `kapi curl -d @FILE TYPE` sends a file',
  kustomize: 'kapi reads no kustomizations',
  template: 'kapi has no Go templates: -o jsonpath=… or -o custom-columns=…; `kapi help jsonpath` shows how',
  'server-print': '-o custom-columns=… makes columns of your own',
  cascade: 'it is a query parameter: ?propagationPolicy=Foreground',
  'grace-period': 'it is a query parameter: ?gracePeriodSeconds=0',
  force: 'it is a query parameter: ?force=true for --type apply',
  'field-manager': 'it is a query parameter: ?fieldManager=NAME',
  validate: 'it is a query parameter: ?fieldValidation=Strict',
  watch: '`kapi watch` follows changes',
};

/** Flags of kubectl with a value in the next word, without those that kapi has as global flags. */
export const kubectlValueFlags: ReadonlySet<string> = new Set([
  ...['-f', '--filename', '-k', '--kustomize', '-l', '--selector', '-c', '--container', '-p', '--patch'],
  ...['-o', '--output', '--field-selector', '--type', '--replicas', '--image', '--tail', '--since', '--for'],
  ...['--since-time', '--limit-bytes', '--grace-period', '--timeout', '--cascade', '--field-manager'],
  ...['--duration', '--audience', '--port', '--target-port', '--min', '--max', '--cpu-percent', '--raw'],
  ...[
    '--sort-by',
    '--template',
    '--subresource',
    '--dry-run',
    '--patch-file',
    '--overrides',
    '--to-revision',
  ],
]);
