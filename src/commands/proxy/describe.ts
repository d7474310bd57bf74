// kapi proxy: describes a request in a few words, for its line in the log. Pure.

import { isEndless, requestInfoOf } from '../../model/request-info.ts';
import type { Described } from '../../proxy/log-line.ts';

/** Returns `list deployments.apps in dev`, `get pods/log web in dev`, `get /version`. */
export function describeRequest(request: { readonly method: string; readonly path: string }): Described {
  const info = requestInfoOf(request);
  if (info.kind === 'path') return { words: `${info.verb} ${info.path}`, endless: false };
  const { verb, group, resource, subresource, namespace, name } = info;
  const type = group === '' ? resource : `${resource}.${group}`;
  const words = [
    verb === '' ? request.method : verb,
    subresource === '' ? type : `${type}/${subresource}`,
    ...(name === '' ? [] : [name]),
    ...(namespace === '' || resource === 'namespaces' ? [] : ['in', namespace]),
  ];
  return { words: words.join(' '), endless: isEndless(request) };
}
