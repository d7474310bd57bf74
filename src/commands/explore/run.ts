// kapi explore: the running part. Resolves where to begin, and opens the screen.

import { UsageError } from '../../errors.ts';
import { requestInfoOf } from '../../model/request-info.ts';
import { groupResourceOf, type ResourceType } from '../../model/resource.ts';
import { suggested } from '../../model/suggestion.ts';
import type { Place } from '../../tui/place.ts';
import type { Deps } from '../deps.ts';
import { readStdin } from '../read-file.ts';
import { readDocument } from '../read-document.ts';
import { resolveTarget } from '../request-target.ts';
import type { ExploredDocument } from '../first-screen.ts';
import { explore } from './explore.ts';
import type { ExploreOptions } from './options.ts';
import { placeOf } from './path-rows.ts';
import { requestOf } from './place-command.ts';

/** @throws UsageError without a terminal; what resolving the first place throws; Interrupted */
export async function runExplore(options: ExploreOptions, deps: Deps): Promise<void> {
  const isInput = options.start.kind === 'input';
  if (deps.globals.curl && !isInput) return printRequest(await firstPlace(options, deps), deps);
  const terminal = await deps.terminal(isInput ? 'anywhere' : 'stdin');
  if (terminal === undefined) throw noTerminal(options, deps);
  const document = isInput ? await readInput(deps) : undefined;
  const place: Place = isInput
    ? { kind: 'document', name: 'standard input' }
    : await firstPlace(options, deps);
  const { allNamespaces } = options;
  return explore(terminal, { place, document, hasServer: !isInput, allNamespaces }, deps);
}

/** With --curl: prints the request of the first place. @throws NotSent */
async function printRequest(place: Place, deps: Deps): Promise<void> {
  const request = requestOf(place);
  if (request !== undefined) await (await deps.send())(request);
}

function noTerminal({ start }: ExploreOptions, deps: Deps): UsageError {
  const instead =
    start.kind === 'path'
      ? suggested('get', start.path)
      : start.kind === 'targets' && start.targets.kind === 'types'
        ? suggested('list', start.targets.types)
        : start.kind === 'targets' && start.targets.kind === 'objects'
          ? suggested(
              'get',
              ...start.targets.objects.map(({ type, name }) => `${type}/${name}`),
              '-o',
              'yaml',
            )
          : suggested('paths');
  const where =
    start.kind === 'input' ? 'standard output, and keys from a terminal' : 'standard input and output';
  return new UsageError(`kapi explore needs a terminal on ${where}`, {
    code: 'NoTerminal',
    hint:
      start.kind === 'input' ? undefined : deps.completeCommands(`${instead} prints the same without one`),
  });
}

/** @throws UsageError for a type that the server does not have, and for several */
async function firstPlace({ start, allNamespaces }: ExploreOptions, deps: Deps): Promise<Place> {
  if (start.kind === 'path') return placeOfPath(start.path, deps);
  if (start.kind !== 'targets') return { kind: 'paths' };
  const { targets } = start;
  const [object] = targets.kind === 'objects' ? targets.objects : [];
  const name = targets.kind === 'types' ? targets.types : (object?.type ?? '');
  const types = await (await deps.discovery()).resolve(name);
  const [type, ...others] = types;
  if (type === undefined || others.length > 0) {
    throw new UsageError(`kapi explore begins with one type, and ${JSON.stringify(name)} means several`, {
      code: 'SeveralTypes',
      hint: types.map(groupResourceOf).join(', '),
    });
  }
  const namespace = type.namespaced && !allNamespaces ? (await deps.config()).namespace.value : undefined;
  return object === undefined
    ? { kind: 'objects', type, namespace }
    : { kind: 'object', type, namespace, name: object.name };
}

/** A path of objects becomes their place, so that the screen knows their type. */
async function placeOfPath(given: string, deps: Deps): Promise<Place> {
  const path = given.startsWith('/') ? given : await resolveTarget(given, deps);
  if (path === '/') return { kind: 'paths' };
  const info = requestInfoOf({ method: 'GET', path });
  if (info.kind === 'path' || info.subresource !== '' || path.includes('?')) return placeOf(path);
  const type = await typeOfPath(info, deps);
  if (type === undefined) return { kind: 'path', path };
  const namespace = type.namespaced && info.namespace !== '' ? info.namespace : undefined;
  return info.name === ''
    ? { kind: 'objects', type, namespace }
    : { kind: 'object', type, namespace, name: info.name };
}

async function typeOfPath(
  info: { readonly group: string; readonly version: string; readonly resource: string },
  deps: Deps,
): Promise<ResourceType | undefined> {
  const { groups } = await (await deps.discovery()).surface('cached');
  return groups
    .find(({ name }) => name === info.group)
    ?.versions.find(({ version }) => version === info.version)
    ?.types.find(({ resource }) => resource === info.resource);
}

/** JSON or YAML of standard input; text that is neither is shown as text. */
async function readInput(deps: Deps): Promise<ExploredDocument> {
  const { io } = deps;
  if (io.in.isTTY) {
    throw new UsageError('standard input is a terminal: there is no document to show', {
      code: 'NoDocument',
      hint: 'for example: kapi get pod web -o json | kapi explore -',
    });
  }
  return readDocument(Buffer.concat(await readStdin(io.in)).toString('utf8'), 'any', deps);
}
