// Label and field selectors: what they match, and the server's errors for invalid ones.

import { describe, expect, test } from 'vitest';
import { parseLabelSelector } from '../../../../src/model/label-selector.ts';
import type { KubeObject } from '../../../../src/model/object.ts';
import { parseFieldSelector } from '../../../../src/sandbox/http/field-selector.ts';
import { servedTypes } from '../../../../src/sandbox/types/served-types.ts';
import type { ServedType } from '../../../../src/sandbox/types/types.ts';

describe('label selectors', () => {
  const labels = { app: 'web', tier: '3', empty: '' };
  test.each([
    ['app', true],
    ['!app', false],
    ['none', false],
    ['!none', true],
    ['app=web', true],
    ['app==web', true],
    ['app!=web', false],
    ['none!=web', true],
    ['app in (api, web)', true],
    ['app notin (api,web)', false],
    ['none notin (a)', true],
    ['empty=', true],
    ['empty in ()', true],
    ['tier>2,tier<4', true],
    ['tier>3', false],
    ['constructor', false],
    ['toString!=x', true],
    ['app>1', false],
    ['app=web,tier=4', false],
    [' app = web , tier ', true],
    ['in in (in)', false],
  ])('%s', (text, matches) => {
    expect(parseLabelSelector(text)(labels)).toBe(matches);
  });

  test.each([
    ['a==='.concat('b'), "unable to parse requirement: found '=', expected: identifier"],
    ['a foo b', "unable to parse requirement: found 'foo', expected: in, notin, =, ==, !=, gt, lt"],
    ['a=b,', "found '', expected: identifier after ','"],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    [
      'a>x',
      "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
  ])('%s is refused', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(message);
  });
});

describe('field selectors', () => {
  const typeOf = (resource: string): ServedType => {
    const type = servedTypes.find((candidate) => candidate.resource === resource);
    if (type === undefined) throw new Error(resource);
    return type;
  };
  const pod: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', namespace: 'dev' },
    spec: { nodeName: 'n1' },
    status: { phase: 'Running' },
  };

  test.each([
    ['metadata.name=a', true],
    ['metadata.namespace!=dev', false],
    ['status.phase==Running,spec.nodeName=n1', true],
    ['spec.nodeName!=n1', false],
    ['status.podIP=', true],
    ['spec.restartPolicy=\\,', false],
  ])('%s', (text, matches) => {
    expect(parseFieldSelector(text, typeOf('pods')).matches(pod)).toBe(matches);
  });

  test.each([
    ['pods', 'spec.nope=1', 'field label not supported: spec.nope'],
    ['configmaps', 'a=b', '"a" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    ['pods', 'foo', "invalid selector: 'foo'; can't understand 'foo'"],
    ['pods', 'metadata.name=a=b', 'invalid field selector: unescaped character in value: 61'],
    ['pods', 'metadata.name=\\a', 'invalid field selector: invalid escape sequence: \\a'],
  ])('%s %s is refused', (resource, text, message) => {
    expect(() => parseFieldSelector(text, typeOf(resource))).toThrow(message);
  });
});
