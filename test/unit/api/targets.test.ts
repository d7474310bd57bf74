import { describe, expect, it } from 'vitest';
import { parseTargets } from '../../../src/api/targets.ts';
import { UsageError } from '../../../src/errors.ts';

function shown(words: readonly string[]): string {
  const targets = parseTargets(words);
  return targets.kind === 'types'
    ? `types ${targets.types}`
    : targets.objects.map(({ type, name }) => `${type}/${name}`).join(' ');
}

function messageOf(words: readonly string[]): string {
  try {
    return `no error: ${shown(words)}`;
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    return thrown.message;
  }
}

describe('parseTargets', () => {
  it.each([
    [['pods'], 'types pods'],
    [['pods,svc,pods'], 'types pods,svc'],
    [['pods', 'a'], 'pods/a'],
    [['pods', 'a', 'b', 'a'], 'pods/a pods/b pods/a'],
    [['pods,svc', 'a', 'b'], 'pods/a pods/b svc/a svc/b'],
    [['pod/a'], 'pod/a'],
    [['pod/a', 'deploy.apps/b'], 'pod/a deploy.apps/b'],
  ])('%j is %s', (words, expected) => {
    expect(shown(words)).toBe(expected);
  });

  const mixed =
    'there is no need to specify a resource type as a separate argument when passing arguments in resource/name form ' +
    "(e.g. 'kapi get resource/<resource_name>' instead of 'kapi get resource resource/<resource_name>')";

  it.each([
    [[], 'you must specify the type of resource'],
    [[''], 'you must specify the type of resource'],
    [['pods', 'pod/a'], mixed],
    [['pod/a', 'b'], mixed],
    [['pods,svc', 'pod/a'], mixed],
    [['a/b/c'], 'arguments in resource/name form may not have more than one slash'],
    [['pod/'], 'arguments in resource/name form must have a single resource and name'],
    [['/a'], 'arguments in resource/name form must have a single resource and name'],
    [['pods,svc/a'], 'arguments in resource/name form must have a single resource and name'],
    [['pods', ''], 'resource name may not be empty'],
    [['pods,svc', ''], 'arguments in resource/name form must have a single resource and name'],
    [['pods,svc', 'a', ''], 'arguments in resource/name form must have a single resource and name'],
  ])('%j: %s', (words, message) => {
    expect(messageOf(words)).toBe(message);
  });
});
