// Summarizes the containers of a pod: state, exits, restarts, and the main parts of their
// specification. Entry point: containersOf(). Pure.

import { booleanAt, numberAt, objectsAt, quantityTextAt, specOf, statusOf } from '../../model/fields.ts';
import { objectAt, stringAt, stringsAt, type Json, type JsonObject } from '../../model/object.ts';
import type { ContainerFacts, Detail, Exit } from './summary.ts';

/** Returns the containers of a pod: init containers and sidecars first, in the order they start. */
export function containersOf(pod: JsonObject): readonly ContainerFacts[] {
  const spec = specOf(pod);
  const status = statusOf(pod);
  const lists = [
    ['init', 'initContainers', 'initContainerStatuses'],
    ['container', 'containers', 'containerStatuses'],
    ['ephemeral', 'ephemeralContainers', 'ephemeralContainerStatuses'],
  ] as const;
  return lists.flatMap(([kind, field, statusField]) => {
    const statuses = objectsAt(status, statusField);
    return objectsAt(spec, field).map((container) => {
      const name = stringAt(container, 'name');
      const isSidecar = kind === 'init' && container['restartPolicy'] === 'Always';
      const own = statuses.find((one) => stringAt(one, 'name') === name);
      return factsOf(container, own, isSidecar ? 'sidecar' : kind);
    });
  });
}

function factsOf(
  container: JsonObject,
  status: JsonObject | undefined,
  kind: ContainerFacts['kind'],
): ContainerFacts {
  const state = objectAt(status, 'state');
  const running = objectAt(state, 'running');
  const waiting = objectAt(state, 'waiting');
  const terminated = objectAt(state, 'terminated');
  return {
    name: stringAt(container, 'name'),
    kind,
    image: stringAt(container, 'image'),
    state:
      running !== undefined
        ? 'running'
        : terminated !== undefined
          ? 'terminated'
          : waiting !== undefined
            ? 'waiting'
            : 'none',
    reason: stringAt(waiting, 'reason'),
    message: stringAt(waiting, 'message'),
    since: stringAt(running, 'startedAt'),
    ready: booleanAt(status, 'ready'),
    restarts: numberAt(status, 'restartCount'),
    exit: exitOf(terminated),
    lastExit: exitOf(objectAt(objectAt(status, 'lastState'), 'terminated')),
    details: [
      ...detailsWithText([
        ['Image ID', stringAt(status, 'imageID')],
        ['Container ID', stringAt(status, 'containerID')],
      ]),
      ...containerDetails(container),
    ],
  };
}

function exitOf(terminated: JsonObject | undefined): Exit | undefined {
  if (terminated === undefined) return undefined;
  const code = numberAt(terminated, 'exitCode');
  const signal = numberAt(terminated, 'signal');
  return {
    code,
    // Runtimes report a signal as 128 plus its number.
    signal: signal === 0 && code > 128 && code < 160 ? code - 128 : signal,
    reason: stringAt(terminated, 'reason'),
    message: stringAt(terminated, 'message').trim(),
    at: stringAt(terminated, 'finishedAt'),
  };
}

const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
};

/** Formats how a container ended: `exit code 137 (SIGKILL), OOMKilled`. */
export function exitText({ code, signal, reason }: Exit): string {
  const name = signal === 0 ? '' : ` (${signals[signal] ?? `signal ${signal}`})`;
  const why = reason === '' || reason === 'Error' || reason === 'Completed' ? '' : `, ${reason}`;
  return `exit code ${code}${name}${why}`;
}

function detailsWithText(facts: readonly (readonly [string, string])[]): readonly Detail[] {
  return facts.filter(([, text]) => text !== '').map(([name, text]) => ({ name, lines: [text] }));
}

/**
 * Returns what the specification of a container says: command, ports, resources, probes, mounts.
 */
export function containerDetails(container: JsonObject): readonly Detail[] {
  const command = [...stringsAt(container, 'command'), ...stringsAt(container, 'args')];
  const ports = objectsAt(container, 'ports').map((port) => {
    const host = numberAt(port, 'hostPort');
    const name = stringAt(port, 'name');
    return `${numberAt(port, 'containerPort')}/${stringAt(port, 'protocol') || 'TCP'}${name === '' ? '' : ` (${name})`}${host === 0 ? '' : ` on host port ${host}`}`;
  });
  const resources = objectAt(container, 'resources');
  const mounts = objectsAt(container, 'volumeMounts').map((mount) => {
    const path = stringAt(mount, 'subPath') || stringAt(mount, 'subPathExpr');
    return `${stringAt(mount, 'mountPath')} from ${stringAt(mount, 'name')}${path === '' ? '' : `/${path}`}${booleanAt(mount, 'readOnly') ? ' (ro)' : ''}`;
  });
  const devices = objectsAt(container, 'volumeDevices').map(
    (device) => `${stringAt(device, 'devicePath')} from ${stringAt(device, 'name')}`,
  );
  const variables = [
    ...objectsAt(container, 'env').map(variableText),
    ...objectsAt(container, 'envFrom').map(
      (source) =>
        `all of ${objectAt(source, 'secretRef') === undefined ? 'ConfigMap' : 'Secret'} ${stringAt(objectAt(source, 'secretRef') ?? objectAt(source, 'configMapRef'), 'name')}${stringAt(source, 'prefix') === '' ? '' : `, as ${stringAt(source, 'prefix')}*`}`,
    ),
  ];
  const facts: readonly (readonly [string, string])[] = [
    ['Command', command.map(shortLine).join(' ')],
    ['Ports', ports.join(', ')],
    ['Requests', quantitiesText(objectAt(resources, 'requests'))],
    ['Limits', quantitiesText(objectAt(resources, 'limits'))],
    ...(['livenessProbe', 'readinessProbe', 'startupProbe'] as const).map(
      (field): readonly [string, string] => [
        `${field.charAt(0).toUpperCase()}${field.slice(1, -5)}`,
        probeText(objectAt(container, field)),
      ],
    ),
    ['Variables', variables.join(', ')],
    ['Mounts', mounts.join(', ')],
    ['Devices', devices.join(', ')],
    ['Seccomp', seccompText(container)],
  ];
  return detailsWithText(facts);
}

/** Formats the seccomp profile of a pod or container. Empty if it has none. */
export function seccompText(spec: JsonObject): string {
  const profile = objectAt(objectAt(spec, 'securityContext'), 'seccompProfile');
  return [stringAt(profile, 'type'), stringAt(profile, 'localhostProfile')]
    .filter((text) => text !== '')
    .join(' ');
}

/**
 * Returns the name of a variable and the source of its value. Omits values, because many are
 * secret.
 */
function variableText(variable: JsonObject): string {
  const name = stringAt(variable, 'name');
  const from = objectAt(variable, 'valueFrom');
  const key = objectAt(from, 'secretKeyRef') ?? objectAt(from, 'configMapKeyRef');
  if (key !== undefined) {
    const kind = objectAt(from, 'secretKeyRef') === undefined ? 'ConfigMap' : 'Secret';
    return `${name} (${kind} ${stringAt(key, 'name')}, key ${stringAt(key, 'key')})`;
  }
  const field =
    stringAt(objectAt(from, 'fieldRef'), 'fieldPath') ||
    stringAt(objectAt(from, 'resourceFieldRef'), 'resource');
  return field === '' ? name : `${name} (${field})`;
}

function shortLine(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

/** Formats quantities by name: `cpu 100m, memory 1Gi`. */
export function quantitiesText(quantities: JsonObject | undefined): string {
  return Object.keys(quantities ?? {})
    .sort()
    .map((name) => `${name} ${quantityTextAt(quantities, name)}`)
    .join(', ');
}

/**
 * Formats a probe as kubectl does.
 * @see
 *   https://github.com/kubernetes/kubernetes/blob/v1.36.0/staging/src/k8s.io/kubectl/pkg/describe/describe.go
 *   DescribeProbe
 */
function probeText(probe: JsonObject | undefined): string {
  if (probe === undefined) return '';
  const http = objectAt(probe, 'httpGet');
  const tcp = objectAt(probe, 'tcpSocket');
  const grpc = objectAt(probe, 'grpc');
  const exec = objectAt(probe, 'exec');
  const text = (value: Json | undefined): string =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
  const what =
    http !== undefined
      ? `${(stringAt(http, 'scheme') || 'HTTP').toLowerCase()}://${stringAt(http, 'host')}:${text(http['port'])}${stringAt(http, 'path')}`
      : tcp !== undefined
        ? `tcp ${stringAt(tcp, 'host')}:${text(tcp['port'])}`
        : grpc !== undefined
          ? `grpc :${text(grpc['port'])} ${stringAt(grpc, 'service')}`.trim()
          : exec !== undefined
            ? `exec ${stringsAt(exec, 'command').map(shortLine).join(' ')}`
            : 'unknown';
  const [delay, timeout, period, success, failure] = [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ].map((field) => numberAt(probe, field));
  return `${what} delay=${delay ?? 0}s timeout=${timeout ?? 0}s period=${period ?? 0}s success=${success ?? 0} failure=${failure ?? 0}`;
}
