// Runs kapi groups.

import { problemText, versionsByPreference, type ApiGroup } from '../../api/groups.ts';
import type { Json } from '../../model/object.ts';
import { apiVersionOf } from '../../model/resource.ts';
import { printRows } from '../../output/rows.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import type { Deps } from '../deps.ts';
import { unknownGroup } from '../unknown-group.ts';
import type { GroupsOptions } from './options.ts';

/** The stability of a version, from its name by the rules of the API. */
export type Stage = 'alpha' | 'beta' | 'stable';

/**
 * Returns the stage of a version.
 * @see https://kubernetes.io/docs/reference/using-api/#api-versioning
 */
export function stageOf(version: string): Stage {
  return /^v\d+alpha\d+$/.test(version) ? 'alpha' : /^v\d+beta\d+$/.test(version) ? 'beta' : 'stable';
}

/** Prints the groups. */
export async function runGroups({ group, output, noHeaders }: GroupsOptions, deps: Deps): Promise<void> {
  const surface = await (await deps.discovery()).listing();
  const groups = group === undefined ? surface.groups : surface.groups.filter(({ name }) => name === group);
  if (group !== undefined && groups.length === 0) throw unknownGroup(group, surface);
  // Stale versions are marked in the list.
  if (group === undefined) {
    for (const problem of surface.problems.filter(({ error }) => error !== undefined)) {
      deps.warn(`Warning: ${problemText(problem)}`);
    }
  }
  const { out } = deps.io;
  if (isStructured(output)) {
    const items = groups.map(asJson);
    return printStructured(out, output, { apiVersion: 'v1', kind: 'APIGroupList', groups: items }, items);
  }
  if (output === 'name') {
    // Sorted like kubectl's api-versions: by text, which puts v1 of the core group last.
    const names = groups.flatMap(({ name, versions }) =>
      versions.map(({ version }) => apiVersionOf({ group: name, version })),
    );
    return out.write(
      names
        .sort()
        .map((name) => `${name}\n`)
        .join(''),
    );
  }
  return printRows(out, {
    columns: ['GROUP', 'PREFERRED', 'VERSIONS', 'PATH'],
    rows: groups.map((one) => [
      one.name === '' ? 'core' : one.name,
      one.preferredVersion,
      versionsByPreference(one)
        .map(({ version, stale }) => `${version} (${stale ? 'stale, ' : ''}${stageOf(version)})`)
        .join(', '),
      pathOf(one),
    ]),
    noHeaders,
  });
}

function pathOf({ name }: ApiGroup): string {
  return name === '' ? '/api' : `/apis/${name}`;
}

/** Returns an APIGroup with the stage and path of each version added. */
function asJson(group: ApiGroup): Json {
  const versionJson = (version: string): Readonly<Record<string, Json>> => ({
    groupVersion: apiVersionOf({ group: group.name, version }),
    version,
  });
  return {
    name: group.name,
    path: pathOf(group),
    preferredVersion: versionJson(group.preferredVersion),
    versions: versionsByPreference(group).map(({ version, stale }) => ({
      ...versionJson(version),
      path: `${pathOf(group)}/${version}`,
      stage: stageOf(version),
      ...(stale ? { stale } : {}),
    })),
  };
}
