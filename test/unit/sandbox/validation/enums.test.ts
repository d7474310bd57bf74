// Values that an enum does not list, in every field of every built-in type.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json, KubeObject } from '../../../../src/model/object.ts';
import { apiVersionOf, resourcePath } from '../../../../src/model/resource.ts';
import { withDefaults } from '../../../../src/sandbox/schema/defaults.ts';
import { structNamed, structOfType, type FieldType } from '../../../../src/sandbox/schema/schema.ts';
import { servedTypes } from '../../../../src/sandbox/types/served-types.ts';
import type { FieldError, ServedType } from '../../../../src/sandbox/types/types.ts';
import { validate } from '../../../../src/sandbox/validation/validate.ts';

/** Objects with one wrong value, and what a real v1.36.3 server says of it. */
const url = new URL('../../../fixtures/server-enums.json', import.meta.url);
const refused = JSON.parse(readFileSync(url, 'utf8')) as readonly {
  readonly path: string;
  readonly object: KubeObject;
  readonly causes: readonly FieldError[];
}[];

const bogus = 'Bogus';

function bogusErrors(type: ServedType, object: KubeObject): readonly FieldError[] {
  const errors = validate(type, withDefaults(type, object));
  return errors.filter(
    ({ reason, message }) => reason === 'FieldValueNotSupported' && message.includes(bogus),
  );
}

interface EnumField {
  readonly type: ServedType;
  /** `core.v1.Container.imagePullPolicy`. */
  readonly name: string;
  readonly values: readonly string[];
  /** Makes an object with one value of the field. */
  readonly objectWith: (value: string) => KubeObject;
}

/** Returns each enum of each built-in type once, except those of statuses. */
function enumFields(): readonly EnumField[] {
  const found: EnumField[] = [];
  const seen = new Set<string>();
  for (const type of servedTypes.filter(({ verbs }) => verbs.includes('list'))) {
    const visit = (fieldType: FieldType, name: string, wrap: (value: Json) => Json): void => {
      if (fieldType.kind === 'list') visit(fieldType.of, name, (value) => wrap([value]));
      if (fieldType.kind === 'map') visit(fieldType.of, name, (value) => wrap({ key: value }));
      if (fieldType.kind === 'enum') {
        const objectWith = (value: string): KubeObject => ({
          ...(wrap(value) as object),
          apiVersion: apiVersionOf(type),
          kind: type.kind,
          metadata: { name: 'probe' },
        });
        found.push({ type, name, values: fieldType.values, objectWith });
      }
      if (fieldType.kind !== 'struct' || seen.has(fieldType.name)) return;
      seen.add(fieldType.name);
      for (const field of structNamed(fieldType.name)?.fields.values() ?? []) {
        if (field.name === 'metadata' || field.name === 'status') continue;
        const owner = fieldType.name.replace('io.k8s.api.', '');
        visit(field.type, `${owner}.${field.name}`, (value) => wrap({ [field.name]: value }));
      }
    };
    const struct = structOfType(type);
    if (struct !== undefined) visit({ kind: 'struct', name: struct.name }, '', (value) => value);
  }
  return found;
}

describe('an unsupported value', () => {
  it.each(refused.map((entry) => [entry.causes[0]?.field ?? '', entry.object.kind, entry] as const))(
    'in %s of a %s is refused in the words of the real server',
    (_field, _kind, { path, object, causes }) => {
      const type = servedTypes.find(
        (candidate) => resourcePath(candidate) === path.replace('/namespaces/default', ''),
      );
      if (type === undefined) throw new Error(`no type at ${path}`);
      expect(bogusErrors(type, object)).toEqual(causes);
    },
  );

  it('is refused in every enum, except where the real server has another rule', () => {
    const accepted = enumFields().filter(
      ({ type, objectWith }) => bogusErrors(type, objectWith(bogus)).length === 0,
    );
    expect(accepted.map(({ name }) => name).sort()).toEqual([
      'apps.v1.DaemonSetUpdateStrategy.type',
      'apps.v1.StatefulSetSpec.podManagementPolicy',
      'apps.v1.StatefulSetUpdateStrategy.type',
      'core.v1.HostPathVolumeSource.type',
      'core.v1.Lifecycle.stopSignal',
      'core.v1.NodeSelectorRequirement.operator',
      'core.v1.ResourceQuotaSpec.scopes',
      'core.v1.ScopedResourceSelectorRequirement.operator',
      'core.v1.ScopedResourceSelectorRequirement.scopeName',
      'core.v1.ServiceSpec.externalTrafficPolicy',
      'core.v1.Taint.effect',
      'core.v1.VolumeMount.mountPropagation',
      'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule.reason',
    ]);
  });

  it('is refused with values of the schema only', () => {
    for (const { type, name, values, objectWith } of enumFields()) {
      for (const { message } of bogusErrors(type, objectWith(bogus))) {
        const listed = /supported values: (.*)/.exec(message)?.[1]?.split(', ') ?? [];
        expect([...values, name], message).toEqual(
          expect.arrayContaining(listed.map((text) => JSON.parse(text) as string)),
        );
      }
    }
  });
});

it('accepts the values of an enum, and an empty one, except those that the real server refuses', () => {
  const fields = enumFields();
  expect(fields.length).toBeGreaterThan(60);
  const unsupported = fields.flatMap(({ type, name, values, objectWith }) =>
    ['', ...values]
      .filter((value) =>
        validate(type, withDefaults(type, objectWith(value))).some(({ message }) =>
          message.startsWith(`Unsupported value: "${value}"`),
        ),
      )
      .map((value) => `${name} ${value}`),
  );
  expect(unsupported.sort()).toEqual([
    'admissionregistration.v1.MutatingWebhook.sideEffects Some',
    'admissionregistration.v1.MutatingWebhook.sideEffects Unknown',
    'admissionregistration.v1.ValidatingWebhook.sideEffects Some',
    'admissionregistration.v1.ValidatingWebhook.sideEffects Unknown',
    // Behind a feature gate.
    'core.v1.Toleration.operator Gt',
    'core.v1.Toleration.operator Lt',
    'storage.v1.StorageClass.reclaimPolicy Recycle',
  ]);
});
