// Formats what pods and pod templates have in common: volumes, tolerations, spread, and the
// template of a workload. Entry points: templateLines(), volumeText(), tolerationText(),
// spreadText(). Pure.

import { booleanAt, numberAt, objectsAt, quantityTextAt, specOf, stringEntries } from '../../model/fields.ts';
import {
  isJsonObject,
  objectAt,
  stringAt,
  stringsAt,
  type Json,
  type JsonObject,
} from '../../model/object.ts';
import { containerDetails, seccompText } from './containers.ts';

/**
 * Formats a toleration.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
export function tolerationText(toleration: JsonObject): string {
  const key = stringAt(toleration, 'key');
  const value = stringAt(toleration, 'value');
  const effect = stringAt(toleration, 'effect');
  const seconds = toleration['tolerationSeconds'];
  const what = `${key === '' ? 'everything' : key}${value === '' ? '' : `=${value}`}${effect === '' ? '' : `:${effect}`}`;
  return seconds === undefined ? what : `${what} for ${numberAt(toleration, 'tolerationSeconds')}s`;
}

/** Formats a topology spread constraint: `ScheduleAnyway, zone, max skew 1, of app=web`. */
export function spreadText(constraint: JsonObject): string {
  const selector = selectorText({ selector: objectAt(constraint, 'labelSelector') ?? {} });
  return `${stringAt(constraint, 'topologyKey')}: max skew ${numberAt(constraint, 'maxSkew')}, ${stringAt(constraint, 'whenUnsatisfiable')}${selector === '' ? '' : `, pods ${selector}`}`;
}

/** Keys that name what a volume is made of, in this order. */
const sourceKeys = [
  ...['claimName', 'secretName', 'name', 'server', 'path', 'driver', 'image', 'reference', 'medium'],
];

/** Formats a volume: `config: configMap settings (optional)`. */
export function volumeText(volume: JsonObject): string {
  const [kind = 'unknown'] = Object.keys(volume).filter((key) => key !== 'name');
  const source = objectAt(volume, kind);
  return `${stringAt(volume, 'name')}: ${[kind, volumeSourceText(kind, source)].filter((text) => text !== '').join(' ')}`;
}

function volumeSourceText(kind: string, source: JsonObject | undefined): string {
  if (kind === 'downwardAPI') return itemsText(source);
  if (kind === 'ephemeral') return claimText(specOf(objectAt(source, 'volumeClaimTemplate') ?? {}));
  if (kind === 'projected') return `of ${objectsAt(source, 'sources').map(projectionText).join(', ')}`;
  return sourceText(source);
}

function projectionText(projection: JsonObject): string {
  const [kind = ''] = Object.keys(projection);
  const source = objectAt(projection, kind);
  if (kind === 'downwardAPI') return `${kind} ${itemsText(source)}`.trim();
  if (kind !== 'serviceAccountToken') return `${kind} ${sourceText(source)}`.trim();
  const audience = stringAt(source, 'audience');
  return `${kind} for ${numberAt(source, 'expirationSeconds')}s${audience === '' ? '' : ` for ${audience}`}`;
}

/** Formats the fields of a pod that are files of a volume: `metadata.labels as labels`. */
function itemsText(source: JsonObject | undefined): string {
  return objectsAt(source, 'items')
    .map((item) => {
      const field =
        stringAt(objectAt(item, 'fieldRef'), 'fieldPath') ||
        stringAt(objectAt(item, 'resourceFieldRef'), 'resource');
      return `${field} as ${stringAt(item, 'path')}`;
    })
    .join(', ');
}

/** Formats what a claim asks for: `12Gi, class fast, ReadWriteOnce`. */
export function claimText(spec: JsonObject): string {
  const name = stringAt(spec, 'storageClassName');
  return [
    quantityTextAt(objectAt(objectAt(spec, 'resources'), 'requests'), 'storage'),
    name === '' ? '' : `class ${name}`,
    ...stringsAt(spec, 'accessModes'),
    stringAt(spec, 'volumeMode'),
  ]
    .filter((text) => text !== '')
    .join(', ');
}

/** Formats the source of a volume: its name first, then its other fields. */
export function sourceText(source: JsonObject | undefined): string {
  const key = sourceKeys.find((one) => stringAt(source, one) !== '') ?? '';
  const others = Object.entries(source ?? {}).flatMap(([name, value]) => {
    if (name === key || name === 'optional' || name === 'defaultMode') return [];
    const text = fieldText(value);
    return text === undefined ? [] : [`${name}${text === '' ? '' : ` ${text}`}`];
  });
  const optional = booleanAt(source, 'optional') ? ' (optional)' : '';
  return [stringAt(source, key) + optional, ...others].filter((text) => text !== '').join(', ');
}

/** Formats a field after its name. Undefined for what is false, empty or too deep. */
function fieldText(value: Json | undefined): string | undefined {
  if (value === true) return '';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    const text = String(value);
    return text === '' ? undefined : text;
  }
  if (value === undefined || !isJsonObject(value)) return undefined;
  return mapText(value) || undefined;
}

/** Formats a selector in the form of `-l`. */
export function selectorText(spec: JsonObject): string {
  const selector = objectAt(spec, 'selector');
  const labels = objectAt(selector, 'matchLabels') ?? selector;
  const expressions = objectsAt(selector, 'matchExpressions').map((expression) => {
    const [key, operator] = [stringAt(expression, 'key'), stringAt(expression, 'operator')];
    const values = stringsAt(expression, 'values').join(',');
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'NotIn' ? 'notin' : 'in'} (${values})`;
  });
  return [mapText(labels), ...expressions].filter((text) => text !== '').join(',');
}

/** Formats the texts of a map: `a=1,b=2`. */
export function mapText(map: JsonObject | undefined): string {
  return stringEntries(map)
    .filter(([key]) => typeof map?.[key] === 'string')
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** Returns the lines of the pod template of a workload: what its pods will be. */
export function templateLines(spec: JsonObject): readonly string[] {
  const template = objectAt(spec, 'template');
  const metadata = objectAt(template, 'metadata');
  const pod = objectAt(template, 'spec') ?? {};
  const facts: readonly (readonly [string, string])[] = [
    ['labels', mapText(objectAt(metadata, 'labels'))],
    ['annotations', mapText(objectAt(metadata, 'annotations'))],
    ['service account', stringAt(pod, 'serviceAccountName')],
    ['priority class', stringAt(pod, 'priorityClassName')],
    ['runtime class', stringAt(pod, 'runtimeClassName')],
    ['seccomp', seccompText(pod)],
    ['node selector', mapText(objectAt(pod, 'nodeSelector'))],
    ...objectsAt(pod, 'tolerations').map((one) => ['toleration', tolerationText(one)] as const),
    ...objectsAt(pod, 'topologySpreadConstraints').map(
      (one) => ['topology spread', spreadText(one)] as const,
    ),
  ];
  return [
    ...(['initContainers', 'containers'] as const).flatMap((list) =>
      objectsAt(pod, list).flatMap((container) => [
        `${list === 'containers' ? 'container' : container['restartPolicy'] === 'Always' ? 'sidecar' : 'init container'} ${stringAt(container, 'name')}: ${stringAt(container, 'image')}`,
        ...containerDetails(container).map(
          ({ name, lines }) => `  ${name.toLowerCase()}: ${lines.join(' ')}`,
        ),
      ]),
    ),
    ...facts.filter(([, text]) => text !== '').map(([name, text]) => `${name} ${text}`),
    ...objectsAt(pod, 'volumes').map((volume) => `volume ${volumeText(volume)}`),
  ];
}
