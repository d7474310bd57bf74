// What a screen shows about one object: YAML, curl command, events, log, history. Entry points:
// yamlOf(), eventsOf(), logOf(), historyOf().

import { getObject, getRaw } from '../api/get.ts';
import { buildGetRequest } from '../api/object-request.ts';
import { readCutText } from '../api/read-cut-text.ts';
import { KapiError } from '../errors.ts';
import { arrayAt, isJsonObject, objectAt, stringAt, type KubeObject } from '../model/object.ts';
import { groupResourceOf, resourcePath, type ResourceType } from '../model/resource.ts';
import { hideSecretValues, isSecretType } from '../model/secret-values.ts';
import { withoutManagedFields } from '../output/documents.ts';
import { yamlText } from '../output/yaml.ts';
import { capture } from './captured.ts';
import type { Deps } from './deps.ts';

/** Where an object is. */
export interface ObjectPlace {
  readonly type: ResourceType;
  /** Undefined for cluster-scoped types. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/** The curl command that gets the object. */
export function curlOf({ type, namespace, name }: ObjectPlace, deps: Deps): Promise<string> {
  return deps.curlOf(buildGetRequest({ type, namespace, name, as: 'objects' }));
}

/**
 * Reads the object. The values of a Secret are hidden, unless `--show-secrets` is given.
 * @throws RefusedError, ServerError, ConnectionError
 */
export async function readObject(place: ObjectPlace, deps: Deps, signal: AbortSignal): Promise<KubeObject> {
  const object = await getObject(await deps.send(), place, { signal, now: deps.now });
  const isHidden = isSecretType(place.type) && !deps.globals.showSecrets;
  return isHidden ? hideSecretValues(object) : object;
}

/** The object as YAML, without managedFields. */
export async function yamlOf(place: ObjectPlace, deps: Deps, signal: AbortSignal): Promise<string> {
  return yamlText(withoutManagedFields(await readObject(place, deps, signal)), { escapeBidi: true });
}

/**
 * The events about the object as `kapi events` prints them, newest last.
 * @throws RefusedError, ServerError, ConnectionError
 */
export async function eventsOf(place: ObjectPlace, deps: Deps, signal: AbortSignal): Promise<string> {
  // Events about cluster-scoped objects are in the namespace default.
  const { namespace } = place;
  const globals = namespace === undefined ? { ...deps.globals, namespace: undefined } : deps.globals;
  const flags = { for: `${groupResourceOf(place.type)}/${place.name}` };
  return capture('events', [], flags, { ...deps, globals }, { namespace, signal });
}

/** Lines of each container's log that are shown. */
const logLines = 500;

/** Max bytes of a log that are read: lines can be long. */
const maxLogBytes = 4_000_000;

/** The end of the log of each container of a pod; of a type without logs only that it has none. */
export async function logOf(place: ObjectPlace, deps: Deps, signal: AbortSignal): Promise<string> {
  const { type, name } = place;
  if (!hasLog(type)) return `${groupResourceOf(type)} have no log; pods have one.`;
  const pod = await readObject(place, deps, signal);
  const containers = ['initContainers', 'containers', 'ephemeralContainers']
    .flatMap((field) => arrayAt(objectAt(pod, 'spec'), field))
    .filter(isJsonObject)
    .map((container) => stringAt(container, 'name'));
  const send = await deps.send();
  const parts: string[] = [];
  for (const container of containers) {
    const path = resourcePath(type, { namespace: place.namespace, name, subresource: 'log' });
    const query = new URLSearchParams({ container, tailLines: String(logLines) });
    const head = containers.length === 1 ? '' : `==> ${container} <==\n`;
    try {
      const response = await getRaw(send, `${path}?${query.toString()}`, { signal, accept: '*/*' });
      const text = await readCutText(response, maxLogBytes);
      parts.push(`${head}${text === '' ? `the log of ${container} is empty\n` : text}`);
    } catch (thrown) {
      // One container may not have started; the logs of the others can still be read.
      if (!(thrown instanceof KapiError) || signal.aborted) throw thrown;
      parts.push(`${head}${thrown.message}\n`);
    }
  }
  return parts.join('\n');
}

/** True if objects of the type have a log. */
export function hasLog({ group, resource }: ResourceType): boolean {
  return group === '' && resource === 'pods';
}

/**
 * The past changes of the object that the server remembers, as `kapi history` prints them.
 * @throws RefusedError, ServerError, ConnectionError
 */
export async function historyOf(place: ObjectPlace, deps: Deps, signal: AbortSignal): Promise<string> {
  const { namespace } = place;
  return capture('history', [groupResourceOf(place.type), place.name], {}, deps, { namespace, signal });
}
