// kapi get --view: reads what -o json prints, and shows it on the screen of kapi explore.

import { Interrupted, KapiError } from '../../errors.ts';
import { suggested } from '../../model/suggestion.ts';
import type { Place } from '../../tui/place.ts';
import type { Deps } from '../deps.ts';
import { collected, openViewer } from '../view.ts';
import type { GetOptions, PrintedOptions } from './options.ts';

/**
 * Shows the target. A failure of one object among several is reported when the screen is left.
 * @param print prints the target, as without `--view`
 * @throws UsageError without a terminal; what `print` throws; Interrupted
 */
export async function viewGet(
  options: GetOptions,
  deps: Deps,
  print: (options: PrintedOptions, deps: Deps) => Promise<void>,
): Promise<void> {
  const { target, view = [] } = options;
  if (target.kind === 'input') return deps.runCommand('explore', ['-'], {}, {});
  const isPath = target.kind === 'path';
  const viewer = await openViewer(deps, suggested(...view, ...(isPath ? [] : ['-o', 'json'])));
  const { sink, text } = collected();
  let failure: KapiError | undefined;
  try {
    const asJson: PrintedOptions = {
      ...options,
      target,
      output: isPath ? undefined : 'json',
      showManagedFields: true,
    };
    await print(asJson, { ...deps, io: { ...deps.io, out: sink } });
  } catch (thrown) {
    if (!(thrown instanceof KapiError) || thrown instanceof Interrupted) throw thrown;
    failure = thrown;
  }
  // What a broken connection has cut is not shown, because it would look complete.
  const shown = text();
  const isWhole = failure === undefined || isJson(shown);
  if (isWhole && shown !== '') await viewer.show(await placeOf(options, deps), shown);
  if (failure !== undefined) throw failure;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** One object is a place of its own, with events and history. */
async function placeOf({ target, view = [], at, subresource }: GetOptions, deps: Deps): Promise<Place> {
  if (target.kind === 'path' && target.path.startsWith('/')) return { kind: 'path', path: target.path };
  const [object, ...others] = target.kind === 'objects' ? target.objects : [];
  if (object !== undefined && others.length === 0 && at === undefined && subresource === undefined) {
    const [type] = await (await deps.discovery()).resolve(object.type);
    const namespace = type?.namespaced === true ? (await deps.config()).namespace.value : undefined;
    if (type !== undefined) return { kind: 'object', type, namespace, name: object.name };
  }
  const { namespace } = deps.globals;
  const command = namespace === undefined ? view : [...view, '-n', namespace];
  return { kind: 'document', name: view.slice(1).join(' '), command };
}
