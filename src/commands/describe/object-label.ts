// Formats the name of an object: `pod/web`, `crontab.stable.example.com/nightly`. Pure.

import type { ResourceType } from '../../model/resource.ts';

/**
 * Returns TYPE/NAME in the form that kapi accepts, with the group only for types that are not part
 * of Kubernetes.
 */
export function objectLabel(type: ResourceType, name: string): string {
  const singular = type.singular === '' ? type.kind.toLowerCase() : type.singular;
  return `${isBuiltInGroup(type.group) ? singular : `${singular}.${type.group}`}/${name}`;
}

/** True for the API groups of Kubernetes itself. Groups under k8s.io are protected for it. */
export function isBuiltInGroup(group: string): boolean {
  return !group.includes('.') || group.endsWith('.k8s.io');
}
