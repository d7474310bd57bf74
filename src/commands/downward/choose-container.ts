// Chooses a container if one is needed and there are several. Entry point: chooseContainer().

import type { Downward, DownwardContainer } from '../../model/downward.ts';
import { objectAt, stringAt, type KubeObject } from '../../model/object.ts';
import { UsageError } from '../../errors.ts';
import type { Deps, Env } from '../deps.ts';

/**
 * Returns the only container; else, among the containers whose variables are all in the
 * environment, the one with the most variables; else kubectl's choice (the annotation for it, or
 * the first regular container), with kubectl's notice.
 * @param env the environment of kapi, if it runs in the container
 */
export function chooseContainer(
  pod: KubeObject,
  { containers }: Downward,
  deps: Pick<Deps, 'warn'>,
  env?: Env,
): DownwardContainer {
  const [only] = containers;
  if (only !== undefined && containers.length === 1) return only;
  const fitting = env === undefined ? [] : containers.filter((container) => fits(container, env));
  const [best, next] = fitting.sort((a, b) => b.variables.length - a.variables.length);
  if (best !== undefined && best.variables.length > (next?.variables.length ?? 0)) return best;
  const byAnnotation = stringAt(
    objectAt(pod.metadata, 'annotations'),
    'kubectl.kubernetes.io/default-container',
  );
  const chosen =
    containers.find(({ name }) => name === byAnnotation) ??
    containers.find(({ type }) => type === 'container') ??
    only;
  if (chosen === undefined) throw new UsageError('the pod has no containers', { code: 'NoContainers' });
  deps.warn(`Defaulted container "${chosen.name}" out of: ${containers.map(({ name }) => name).join(', ')}`);
  return chosen;
}

function fits({ type, variables }: DownwardContainer, env: Env): boolean {
  return type !== 'init' && variables.length > 0 && variables.every((name) => env[name] !== undefined);
}
