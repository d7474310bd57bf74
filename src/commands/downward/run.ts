// Runs kapi downward.

import { getObject } from '../../api/get.ts';
import { wellKnownType } from '../../api/well-known.ts';
import { BugError, RefusedError, UsageError } from '../../errors.ts';
import { downwardOf, needsNode, type Downward } from '../../model/downward.ts';
import type { NodeFacts } from '../../model/downward-resource.ts';
import { objectAt, type KubeObject } from '../../model/object.ts';
import type { Deps } from '../deps.ts';
import { chooseContainer } from './choose-container.ts';
import type { DownwardOptions } from './options.ts';

/** Prints the values. Without POD, compares them with the actual ones. */
export async function runDownward(options: DownwardOptions, deps: Deps): Promise<void> {
  const name = options.pod ?? ownPodName(deps);
  const pod = await readPod(name, options, deps);
  const all = await resolveReferences(pod, deps);
  const view = onlyContainer(all, options.container);
  if (options.write !== undefined) {
    const { writeFiles } = await import('./write-files.ts');
    return writeFiles(view, options.write, deps);
  }
  if (options.output === 'env') {
    const { printEnv } = await import('./print-env.ts');
    return printEnv(chooseContainer(pod, view, deps), deps);
  }
  const { printValues } = await import('./print-values.ts');
  if (options.pod !== undefined) return printValues(view, undefined, options, deps);
  const { compareHere } = await import('./compare-here.ts');
  const container = chooseContainer(pod, view, deps, deps.env);
  return printValues(view, await compareHere(container, deps.env), options, deps);
}

function ownPodName({ env }: Deps): string {
  const name = env['POD_NAME'] ?? env['HOSTNAME'] ?? '';
  if (env['KUBERNETES_SERVICE_HOST'] !== undefined && name !== '') return name;
  throw new UsageError('you must name a pod: kapi downward POD', {
    code: 'PodRequired',
    hint:
      env['KUBERNETES_SERVICE_HOST'] === undefined
        ? 'only inside a pod it may be left out, and KUBERNETES_SERVICE_HOST is not set here'
        : 'neither POD_NAME nor HOSTNAME says which pod this is',
  });
}

async function readPod(name: string, options: DownwardOptions, deps: Deps): Promise<KubeObject> {
  const { value: namespace } = (await deps.config()).namespace;
  try {
    return await readObject('pods', name, namespace, deps);
  } catch (thrown) {
    const isOurs = options.pod === undefined && deps.env['POD_NAME'] === undefined;
    if (!isOurs || !(thrown instanceof RefusedError) || thrown.facts.httpStatus !== 404) throw thrown;
    throw new RefusedError(thrown.message, {
      code: thrown.code,
      prefix: thrown.prefix,
      causes: thrown.causes,
      facts: thrown.facts,
      cause: thrown,
      hint: `the name comes from HOSTNAME, which is not always the pod's (spec.hostname, hostNetwork, long names): name the pod, or set POD_NAME from metadata.name`,
    });
  }
}

/** Evaluates the references, and evaluates those that need the node again after reading it. */
async function resolveReferences(pod: KubeObject, deps: Deps): Promise<Downward> {
  const first = downwardOf(pod, { kind: 'unasked' });
  return needsNode(first) ? downwardOf(pod, await readNode(first.node, deps)) : first;
}

async function readNode(name: string, deps: Deps): Promise<NodeFacts> {
  if (name === '') return { kind: 'unknown', reason: 'the pod is on no node yet' };
  try {
    const node = await readObject('nodes', name, undefined, deps);
    return { kind: 'known', allocatable: objectAt(objectAt(node, 'status'), 'allocatable') ?? {} };
  } catch (thrown) {
    // Ordinary users and service accounts cannot read nodes; everything else is still useful.
    if (!(thrown instanceof RefusedError) || ![403, 404].includes(thrown.facts.httpStatus)) throw thrown;
    const why =
      thrown.facts.httpStatus === 403 ? `you may not read node ${name}` : `there is no node ${name}`;
    deps.warn(`Warning: ${why}, so limits that are not set stay unknown`);
    return { kind: 'unknown', reason: why };
  }
}

async function readObject(
  resource: 'pods' | 'nodes',
  name: string,
  namespace: string | undefined,
  deps: Deps,
): Promise<KubeObject> {
  const type = wellKnownType(resource);
  if (type === undefined) throw new BugError(`${resource} is not a well-known type`, { code: 'MissingType' });
  return getObject(await deps.send(), { type, namespace, name }, { signal: deps.signal, now: deps.now });
}

/**
 * Returns one container with the volumes that it mounts.
 * @throws UsageError for a container that the pod does not have
 */
function onlyContainer(all: Downward, name: string | undefined): Downward {
  if (name === undefined) return all;
  const containers = all.containers.filter((container) => container.name === name);
  if (containers.length === 0) {
    throw new UsageError(`container ${name} is not valid for pod ${all.pod}`, {
      code: 'UnknownContainer',
      hint: `it has ${all.containers.map((container) => container.name).join(', ')}`,
    });
  }
  const mounted = new Set(containers.flatMap(({ files }) => files.map(({ file }) => file)));
  const volumes = all.volumes
    .map((volume) => ({ ...volume, files: volume.files.filter((file) => mounted.has(file)) }))
    .filter(({ files }) => files.length > 0);
  return { ...all, containers, volumes };
}
