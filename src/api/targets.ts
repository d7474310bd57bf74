// Parses the arguments of get, list and watch in kubectl's forms: `pods`, `pods,svc`, `pods a b`,
// `pod/a deploy/b`. Entry point: parseTargets(). resolve.ts resolves the types. Pure.

import { suggested } from '../model/suggestion.ts';
import { UsageError } from '../errors.ts';

/** One object by type and name, both as the user typed them. */
export interface NamedTarget {
  readonly type: string;
  readonly name: string;
}

export type Targets =
  /** All objects of one or more types. `types`: names of types, separated by commas. */
  | { readonly kind: 'types'; readonly types: string }
  /** Objects by name. One object is printed as it is, several objects as a List. */
  | { readonly kind: 'objects'; readonly objects: readonly [NamedTarget, ...NamedTarget[]] };

/**
 * Parses the arguments.
 * @throws UsageError `TypeRequired`, `MixedTargets` or `BadTarget`, with kubectl's messages
 * @see https://kubernetes.io/docs/reference/kubectl/#syntax
 */
export function parseTargets(words: readonly string[]): Targets {
  const [first, ...names] = words;
  if (first === undefined || first === '') {
    throw new UsageError('you must specify the type of resource', {
      code: 'TypeRequired',
      hint: `${suggested('resources')} lists the types that the server has`,
    });
  }
  const withSlash = words.filter((word) => word.includes('/')).length;
  const types = [...new Set(first.split(','))];
  if (names.length > 0 && types.length > 1 && withSlash === 0) {
    // `pods,svc a b` means each type with each name: pods/a, pods/b, svc/a, svc/b.
    return objects(types.flatMap((type) => names.map((name) => requireParts({ type, name }, name))));
  }
  if (withSlash > 0 && withSlash < words.length) {
    throw new UsageError(
      'there is no need to specify a resource type as a separate argument when passing arguments in resource/name form ' +
        "(e.g. 'kapi get resource/<resource_name>' instead of 'kapi get resource resource/<resource_name>')",
      { code: 'MixedTargets' },
    );
  }
  if (withSlash > 0) return objects(words.map(parseSlashed));
  if (names.length > 0) return objects(names.map((name) => ({ type: first, name: requireName(name) })));
  return { kind: 'types', types: types.join(',') };
}

function parseSlashed(word: string): NamedTarget {
  const [type = '', name = '', ...more] = word.split('/');
  if (more.length > 0) {
    const isPath = /^(?:\/|https?:\/\/)/i.test(word);
    throw new UsageError('arguments in resource/name form may not have more than one slash', {
      code: 'BadTarget',
      hint: isPath
        ? `kapi get reads a path or a URL of the API: ${suggested('get', word)}`
        : `${JSON.stringify(word)} has ${more.length + 1}; a path of the API begins with a slash: ${suggested('get', `/${word}`)}`,
    });
  }
  return requireParts({ type, name }, word);
}

function requireParts(target: NamedTarget, word: string): NamedTarget {
  const { type, name } = target;
  if (type !== '' && name !== '' && !type.includes(',')) return target;
  throw new UsageError('arguments in resource/name form must have a single resource and name', {
    code: 'BadTarget',
    hint: `in ${JSON.stringify(word)}`,
  });
}

function requireName(name: string): string {
  if (name !== '') return name;
  throw new UsageError('resource name may not be empty', { code: 'BadTarget' });
}

function objects(targets: readonly NamedTarget[]): Targets {
  const [first, ...rest] = targets;
  if (first === undefined) throw new UsageError('resource name may not be empty', { code: 'BadTarget' });
  return { kind: 'objects', objects: [first, ...rest] };
}
