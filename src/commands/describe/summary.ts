// The data of `kapi describe` for one object. text.ts and document.ts (-o json) print the same
// summary.

import type { ObjectEvent } from '../../api/object-events.ts';
import type { JsonObject, KubeObject } from '../../model/object.ts';
import type { ResourceType } from '../../model/resource.ts';

/** The judgement of a condition. `unknown`: kapi does not know its meaning. */
export type Judgement = 'good' | 'bad' | 'unknown';

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** RFC 3339. Empty if the condition has no time. */
  readonly since: string;
  readonly judgement: Judgement;
}

/** A named fact: one line, or several. */
export interface Detail {
  readonly name: string;
  readonly lines: readonly string[];
}

/** How a container ended. */
export interface Exit {
  readonly code: number;
  /** 0: no signal. */
  readonly signal: number;
  readonly reason: string;
  readonly message: string;
  /** RFC 3339. Empty if unknown. */
  readonly at: string;
}

export interface ContainerFacts {
  readonly name: string;
  readonly kind: 'container' | 'init' | 'sidecar' | 'ephemeral';
  readonly image: string;
  /** `none`: the kubelet has not reported the container. */
  readonly state: 'running' | 'waiting' | 'terminated' | 'none';
  /** Reason of a waiting container. */
  readonly reason: string;
  readonly message: string;
  /** When it started. Empty if it is not running. */
  readonly since: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** The exit of a terminated container. */
  readonly exit: Exit | undefined;
  /** The exit of the previous run. */
  readonly lastExit: Exit | undefined;
  /** Ports, resources, probes, variables, mounts: one line each. */
  readonly details: readonly Detail[];
}

/** An owner, as far as it could be read. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
  /**
   * `found`; `gone`: the server has no such object, or another object of that name; `not read`:
   * kapi did not request it, or could not read it.
   */
  readonly state: 'found' | 'gone' | 'not read';
  /** Why it was not read, or the state in the server's row. */
  readonly note: string;
  /** The owners of the owner. */
  readonly owners: readonly Owner[];
}

/** An object that the described one owns, directly or through another one. */
export interface OwnedObject {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly ownerUids: readonly string[];
  /** The state in the server's row: `READY 1/1, STATUS Running`. */
  readonly note: string;
  /** The whole object, for types that are searched for problems. */
  readonly object: KubeObject | undefined;
  readonly owned: readonly OwnedObject[];
}

/** A field manager's last write. */
export interface Change {
  readonly manager: string;
  readonly operation: string;
  readonly subresource: string;
  /** RFC 3339. Empty if the entry has no time. */
  readonly time: string;
  /** The fields that the manager owns, as paths. */
  readonly fields: readonly string[];
}

export interface Deletion {
  /** When the deletion was requested. RFC 3339. */
  readonly requested: string;
  /** When the object should be gone, without regard to finalizers. RFC 3339. */
  readonly due: string;
  readonly graceSeconds: number;
}

/** A problem of an object. */
export interface Problem {
  /** `pod/web`. */
  readonly object: string;
  /** The affected part: `container app`, `condition Ready`. Empty for the object itself. */
  readonly part: string;
  readonly reason: string;
  readonly message: string;
  /** RFC 3339. Empty if unknown. */
  readonly since: string;
  /** Causes have lower ranks than consequences. */
  readonly rank: number;
}

export interface Summary {
  readonly type: ResourceType;
  readonly object: KubeObject;
  /** One or few words. Empty if the type has none. */
  readonly status: string;
  readonly details: readonly Detail[];
  readonly problems: readonly Problem[];
  readonly conditions: readonly Condition[];
  readonly containers: readonly ContainerFacts[];
  readonly owners: readonly Owner[];
  readonly owned: readonly OwnedObject[];
  readonly deletion: Deletion | undefined;
  readonly finalizers: readonly string[];
  /** Newest first. */
  readonly changes: readonly Change[];
  /** Newest last. Undefined: they could not be read. */
  readonly events: readonly ObjectEvent[] | undefined;
  /** What was omitted and why, one line each. */
  readonly leftOut: readonly string[];
}

/** The related objects. Absent parts were not needed or could not be read. */
export interface Related {
  /** Pods that the object selects, owns or runs. */
  readonly pods?: readonly KubeObject[] | undefined;
  readonly endpointSlices?: readonly KubeObject[] | undefined;
  readonly storageClass?: KubeObject | 'missing' | undefined;
  readonly quotas?: readonly KubeObject[] | undefined;
  readonly limitRanges?: readonly KubeObject[] | undefined;
  readonly lease?: KubeObject | undefined;
  /** Services that an Ingress refers to, by name. */
  readonly services?: ReadonlyMap<string, KubeObject | 'missing'> | undefined;
  /** Claims of a pod, by name. */
  readonly claims?: ReadonlyMap<string, KubeObject | 'missing'> | undefined;
  /** The object that an autoscaler scales. */
  readonly scaleTarget?: JsonObject | 'missing' | undefined;
}
