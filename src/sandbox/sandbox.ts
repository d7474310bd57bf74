// Starts the sandbox: a new authority, the initial objects, the server, and changes over time.
// Entry point: openSandbox. files.ts writes files for clients.

import type { SandboxState } from './store/state.ts';
import { randomBytes, randomUUID } from 'node:crypto';
import { BugError, ConfigError } from '../errors.ts';
import { nameOf } from '../model/fields.ts';
import { stringAt, type KubeObject } from '../model/object.ts';
import { createAuthority, type CertifiedKey } from './access/certificates.ts';
import { formatTime } from '../model/timestamp.ts';
import { startControllers } from './life/controllers.ts';
import { toStored } from './objects/convert.ts';
import { buildNew, sortedContent } from './objects/creating.ts';
import { establishedDefinition, withCleanup } from './types/crd.ts';
import type { Fault } from './faults.ts';
import { generatePods } from './seed/generated-pods.ts';
import { livelyChanges } from './life/lively.ts';
import { TypeRegistry } from './types/registry.ts';
import { seedObjects } from './seed/seed.ts';
import { listen } from './server.ts';
import { keyOf, Store } from './store/store.ts';
import { withAggregatedRules } from './access/rbac.ts';
import { createTokenIssuer } from './access/tokens.ts';
import type { ObjectReader, RbacReader, ServedType, UserInfo } from './types/types.ts';
import { validate } from './validation/validate.ts';

/** Options of a sandbox. */
export interface SandboxOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly faults: readonly Fault[];
  /** Objects in addition to the seed, in the order of their creation. */
  readonly objects: readonly KubeObject[];
  /** Number of generated pods to add, for measurements. */
  readonly pods: number;
  /** True to change objects over time. */
  readonly lively: boolean;
  /** Bearer tokens and their users, in addition to those of admin and of service accounts. */
  readonly tokens?: Readonly<Record<string, UserInfo>> | undefined;
  readonly now: () => Date;
}

/** A running sandbox and its credentials. */
export interface Sandbox {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** PEM. */
  readonly caCertificate: string;
  /** A member of `system:masters`. */
  readonly admin: CertifiedKey & { readonly token: string };
  /** Has the right to read pods in `dev`. */
  readonly jane: CertifiedKey;
  /** A token of `default/default`, which has no rights. Valid for a day. */
  readonly serviceAccountToken: string;
  /** For tests that inspect the state. */
  readonly state: SandboxState;
  close(): Promise<void>;
}

const certificateNames = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  '127.0.0.1',
  // The sandbox does not listen on this address, but a port forward can.
  '::1',
];
const livelyEveryMs = 3_000;
const tokenSeconds = 24 * 3600;

/**
 * Starts a sandbox on 127.0.0.1.
 * @throws ConfigError for objects that cannot be loaded; the system's error if the port is not
 *   available
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const authority = createAuthority(options.now());
  const adminToken = randomBytes(24).toString('base64url');
  const store = new Store();
  let port = options.port;
  const state: SandboxState = {
    store,
    registry: new TypeRegistry(),
    tokens: createTokenIssuer(),
    rbac: rbacReaderOf(store),
    staticTokens: new Map([...Object.entries(options.tokens ?? {}), [adminToken, administrator]]),
    caCertificate: authority.certificate,
    now: options.now,
    address: () => `127.0.0.1:${port}`,
  };
  loadObjects(state, aggregateRules(seedObjects(options.now())));
  if (options.pods > 0)
    loadObjects(state, [...generatePods(options.pods, options.now(), ['default', 'dev'])]);
  const controllers = startControllers(state);
  for (const object of sortByDependency(options.objects)) createFromManifest(state, object);
  const lively = options.lively ? startLively(state) : undefined;
  const listener = await listen(state, {
    port: options.port,
    certificate: authority.serverCertificate(certificateNames),
    authority: authority.certificate,
    faults: options.faults,
  });
  port = listener.port;
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    caCertificate: authority.certificate,
    admin: { ...authority.clientCertificate('admin', ['system:masters']), token: adminToken },
    jane: authority.clientCertificate('jane', ['readers']),
    serviceAccountToken: issueDefaultToken(state),
    state,
    close: async () => {
      clearInterval(lively);
      controllers.stop();
      await listener.close();
    },
  };
}

/** Adds the rules of cluster roles with an `aggregationRule`, which the manifests omit. */
function aggregateRules(objects: readonly KubeObject[]): readonly KubeObject[] {
  const roles = objects
    .filter(({ kind }) => kind === 'ClusterRole')
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const reader = { clusterRoles: () => roles };
  return objects.map((object) =>
    object.kind === 'ClusterRole' ? withAggregatedRules(reader, object) : object,
  );
}

const administrator: UserInfo = {
  username: 'admin',
  uid: '',
  groups: ['system:masters', 'system:authenticated'],
  extra: {},
};

function rbacReaderOf(store: Store): RbacReader {
  const group = 'rbac.authorization.k8s.io';
  const inNamespace = (type: string, namespace: string): Iterable<KubeObject> =>
    [...store.values(`${type}.${group}`)].filter((object) => object.metadata['namespace'] === namespace);
  return {
    roles: (namespace) => inNamespace('roles', namespace),
    roleBindings: (namespace) => inNamespace('rolebindings', namespace),
    clusterRoles: () => store.values(`clusterroles.${group}`),
    clusterRoleBindings: () => store.values(`clusterrolebindings.${group}`),
  };
}

/** Loads whole objects without recording events, as if they had always existed. */
function loadObjects(state: SandboxState, objects: readonly KubeObject[]): void {
  const { registry, store } = state;
  const definitions = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
  if (definitions.length > 0) registry.setDefinitions(definitions);
  const entries = new Map<string, (readonly [string, KubeObject])[]>();
  for (const object of objects) {
    const type = typeOf(state, object);
    const name = stringAt(object.metadata, 'name');
    const list = entries.get(type.storedAs) ?? [];
    list.push([keyOf(stringAt(object.metadata, 'namespace'), name), completeObject(state, type, object)]);
    entries.set(type.storedAs, list);
  }
  for (const [type, list] of entries) store.load(type, list);
}

function typeOf(state: SandboxState, object: KubeObject): ServedType {
  const type = state.registry.findKind(object.apiVersion, object.kind);
  if (type !== undefined) return type;
  throw new ConfigError(`${describe(object)}: the sandbox serves no such type`, {
    code: 'UnknownType',
    hint: 'load the CustomResourceDefinition too',
  });
}

/** Fills in fields that an object of the seed can lack. */
function completeObject(state: SandboxState, type: ServedType, object: KubeObject): KubeObject {
  const { metadata } = object;
  const isDefinition = object.kind === 'CustomResourceDefinition';
  const stored = toStored(
    type,
    isDefinition ? withCleanup(establishedDefinition(object, state.now())) : object,
  );
  const whole: KubeObject = {
    // Seeded objects of built-in types are in order, and share parts that a copy would not share.
    ...(type.custom === undefined ? stored : sortedContent(type, stored)),
    metadata: {
      ...stored.metadata,
      uid: metadata['uid'] ?? randomUUID(),
      creationTimestamp: metadata['creationTimestamp'] ?? formatTime(state.now()),
      generation: metadata['generation'] ?? (type.generation ? 1 : undefined),
    },
  };
  const isBundle = type.storedAs === 'configmaps' && metadata['name'] === 'kube-root-ca.crt';
  return isBundle ? { ...whole, data: { 'ca.crt': state.caCertificate } } : whole;
}

/** Sorts by dependency: namespaces and definitions first, others in the given order. */
function sortByDependency(objects: readonly KubeObject[]): readonly KubeObject[] {
  const first = ['Namespace', 'CustomResourceDefinition'];
  return [
    ...first.flatMap((kind) => objects.filter((object) => object.kind === kind)),
    ...objects.filter(({ kind }) => !first.includes(kind)),
  ];
}

/**
 * Creates an object from a manifest. Keeps its status, so that a dump of a cluster looks the same.
 */
function createFromManifest(state: SandboxState, object: KubeObject): void {
  const type = typeOf(state, object);
  const namespace = type.namespaced ? stringAt(object.metadata, 'namespace') || 'default' : '';
  const name = stringAt(object.metadata, 'name');
  if (namespace !== '' && state.store.get('namespaces', namespace) === undefined) {
    throw new ConfigError(`${describe(object)}: there is no namespace ${JSON.stringify(namespace)}`, {
      code: 'NamespaceMissing',
      hint: 'add the Namespace to the loaded files',
    });
  }
  const built = buildNew(state, type, namespace, object, (fresh) => fresh);
  const whole = object['status'] === undefined ? built : { ...built, status: object['status'] };
  const errors = validate(type, whole);
  if (errors.length > 0) {
    const texts = errors.map((error) => `${error.field}: ${error.message}`);
    throw new ConfigError(`${describe(object)} is invalid`, { code: 'InvalidObject', causes: texts });
  }
  state.store.put(type.storedAs, keyOf(namespace, name), whole);
}

function describe(object: KubeObject): string {
  return `${object.kind} ${JSON.stringify(stringAt(object.metadata, 'name'))} (${object.apiVersion})`;
}

function startLively(state: SandboxState): NodeJS.Timeout {
  const reader = objectReaderOf(state);
  let step = 0;
  return setInterval(() => {
    for (const { verb, object } of livelyChanges(step, reader, state.now())) {
      const type = typeOf(state, object);
      const key = keyOf(stringAt(object.metadata, 'namespace'), stringAt(object.metadata, 'name'));
      const present = state.store.get(type.storedAs, key) !== undefined;
      if (verb === 'delete') state.store.remove(type.storedAs, key);
      else if (present === (verb === 'update')) {
        state.store.put(type.storedAs, key, completeObject(state, type, object));
      }
    }
    step += 1;
  }, livelyEveryMs);
}

function objectReaderOf(state: SandboxState): ObjectReader {
  const stored = (apiVersion: string, kind: string): string =>
    state.registry.findKind(apiVersion, kind)?.storedAs ?? '';
  return {
    get: (apiVersion, kind, namespace, name) =>
      state.store.get(stored(apiVersion, kind), keyOf(namespace, name)),
    list: (apiVersion, kind, namespace) =>
      [...state.store.values(stored(apiVersion, kind))].filter(
        (object) => namespace === undefined || object.metadata['namespace'] === namespace,
      ),
  };
}

function issueDefaultToken(state: SandboxState): string {
  const account = state.store.get('serviceaccounts', 'default/default');
  if (account === undefined)
    throw new BugError('the seed has no default service account', { code: 'NoAccount' });
  const request = {
    namespace: 'default',
    serviceAccount: 'default',
    serviceAccountUid: stringAt(account.metadata, 'uid'),
    audiences: [],
    expirationSeconds: tokenSeconds,
  };
  return state.tokens.issue(request, state.now()).token;
}
