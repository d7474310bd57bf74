// Paths of fields in three languages, each parsed by the parser of that language.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/object.ts';
import { findJsonPath, parseJsonPath } from '../../../src/output/jsonpath.ts';
import { celOf, jsonPathOf, jsonPointerOf, type PathStep } from '../../../src/model/field-path.ts';

describe('the path of a field', () => {
  it.each<[readonly PathStep[], string, string, string]>([
    [[], '{.}', 'object', ''],
    [
      ['spec', 'containers', 0, 'image'],
      '{.spec.containers[0].image}',
      'object.spec.containers[0].image',
      '/spec/containers/0/image',
    ],
    [
      ['metadata', 'labels', 'app.kubernetes.io/name'],
      String.raw`{.metadata.labels['app\.kubernetes\.io/name']}`,
      'object.metadata.labels["app.kubernetes.io/name"]',
      '/metadata/labels/app.kubernetes.io~1name',
    ],
    [['a~b', 'in'], "{['a~b'].in}", 'object["a~b"]["in"]', '/a~0b/in'],
  ])('%j', (path, jsonPath, cel, pointer) => {
    expect(jsonPathOf(path)).toBe(jsonPath);
    expect(celOf(path)).toBe(cel);
    expect(jsonPointerOf(path)).toBe(pointer);
  });

  it('as jsonpath finds the value for all keys that Kubernetes allows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.stringMatching(/^[A-Za-z0-9_./-]{1,12}$/), fc.nat(2)), {
          minLength: 1,
          maxLength: 4,
        }),
        (path) => {
          let value: Json = 'found';
          for (const step of [...path].reverse()) {
            value =
              typeof step === 'number'
                ? Array.from({ length: 3 }, (_, at) => (at === step ? value : 'other'))
                : { [step]: value };
          }
          expect(findJsonPath(parseJsonPath(jsonPathOf(path)), value).flat()).toEqual(['found']);
        },
      ),
    );
  });

  it('as a JSON pointer finds the value', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), (keys) => {
        const read = jsonPointerOf(keys)
          .split('/')
          .slice(1)
          .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
        expect(read).toEqual(keys);
      }),
    );
  });
});
