// `pods/log`: no container runs in the sandbox, so a log contains example lines of the lessons and
// says that it is made up. Entry point: podLog.

import type { SandboxState } from '../store/state.ts';
import { waitForAbort } from '../../model/abort.ts';
import { arrayAt, isJsonObject, objectAt, stringAt, type KubeObject } from '../../model/object.ts';
import type { Answer, Call } from '../http/call.ts';
import { formatTime } from '../../model/timestamp.ts';
import { isOn } from '../../model/request-info.ts';
import { requireObject, type Target } from './reading.ts';
import { badRequest } from '../http/status.ts';

/**
 * Answers a request for a log. Supports `container`, `tailLines`, `timestamps`, `previous` and
 * `follow`. A followed log ends when the client closes the connection.
 * @throws StatusError 400 for an unknown or missing container, 404 for a missing pod
 */
export function podLog(state: SandboxState, call: Call, target: Target): Answer {
  const pod = requireObject(state, target);
  const container = containerOf(call, target, pod);
  // A pod without a node has no log, and the request is not an error.
  if (stringAt(objectAt(pod, 'spec'), 'nodeName') === '') {
    return { kind: 'text', status: 204, contentType: 'text/plain', text: '' };
  }
  if (isOn(call.query.get('previous'))) {
    throw badRequest(
      `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(target.name)} not found`,
    );
  }
  const status = arrayAt(objectAt(pod, 'status'), 'containerStatuses')
    .filter(isJsonObject)
    .find((entry) => entry['name'] === container);
  if (status === undefined) {
    throw badRequest(
      `container ${JSON.stringify(container)} in pod ${JSON.stringify(target.name)} is waiting to start: ContainerCreating`,
    );
  }
  const started =
    stringAt(objectAt(objectAt(status, 'state'), 'running'), 'startedAt') ||
    stringAt(objectAt(objectAt(status, 'state'), 'terminated'), 'startedAt') ||
    stringAt(pod.metadata, 'creationTimestamp');
  const image = stringAt(status, 'image');
  const lines = [
    `kapi sandbox: nothing runs here, this log is made up`,
    `container ${container} of pod ${target.namespace}/${target.name}, image ${image}`,
    `started at ${started}`,
  ];
  const stamp = isOn(call.query.get('timestamps')) ? `${started || formatTime(state.now())} ` : '';
  const tail = call.query.get('tailLines');
  const kept =
    tail === null || !/^\d+$/.test(tail) ? lines : Number(tail) === 0 ? [] : lines.slice(-Number(tail));
  const text = kept.map((line) => `${stamp}${line}\n`).join('');
  if (!isOn(call.query.get('follow'))) {
    return { kind: 'text', status: 200, contentType: 'text/plain', text };
  }
  return {
    kind: 'stream',
    status: 200,
    contentType: 'text/plain',
    chunks: followed(text, call.signal),
    live: true,
  };
}

async function* followed(text: string, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  yield text;
  await waitForAbort(signal);
}

function containerOf(call: Call, target: Target, pod: KubeObject): string {
  const spec = objectAt(pod, 'spec');
  const names = (list: string): readonly string[] =>
    arrayAt(spec, list)
      .filter(isJsonObject)
      .map((entry) => stringAt(entry, 'name'));
  const containers = names('containers');
  const initial = names('initContainers');
  const asked = call.query.get('container') ?? '';
  if (asked === '') {
    const [only] = containers;
    if (containers.length === 1 && only !== undefined) return only;
    const init = initial.length === 0 ? '' : ` or one of the init containers: [${initial.join(' ')}]`;
    throw badRequest(
      `a container name must be specified for pod ${target.name}, choose one of: [${containers.join(' ')}]${init}`,
    );
  }
  if ([...containers, ...initial].includes(asked)) return asked;
  throw badRequest(`container ${asked} is not valid for pod ${target.name}`);
}
