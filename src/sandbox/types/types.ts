// Types that all parts of the sandbox share: served types, users and access checks, field errors,
// and readers of the store. Types only; served-types.txt and seed contain the data.

import type { JsonObject, KubeObject } from '../../model/object.ts';
import type { ResourceType } from '../../model/resource.ts';

/** An entry of a CRD's `additionalPrinterColumns`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
  /** Simple JSONPath, beginning with a dot: `.spec.replicas`. */
  readonly jsonPath: string;
}

/** The data of a CRD version that discovery does not show. */
export interface CustomTypeFacts {
  /** `spec.names.listKind`. */
  readonly listKind: string;
  /** Empty: the server's default for custom resources, NAME and AGE. */
  readonly printerColumns: readonly PrinterColumn[];
  /** `openAPIV3Schema` of the version. Undefined if the CRD has none. */
  readonly schema: JsonObject | undefined;
  /** Paths of the scale subresource, if the version has one. */
  readonly scale?: {
    readonly specReplicasPath: string;
    readonly statusReplicasPath: string;
    readonly labelSelectorPath?: string | undefined;
  };
}

/**
 * A resource type with the behaviour of the real server's strategy. A version that shares its
 * objects with another one (events, autoscaling) is a separate entry with the same `storedAs`.
 */
export interface ServedType extends ResourceType {
  /**
   * Group and resource of the stored objects: `events`, `deployments.apps`. One store entry for all
   * versions.
   */
  readonly storedAs: string;
  /** `apiVersion` of the stored objects, which are converted if another version is served. */
  readonly storedVersion: string;
  /**
   * True if `metadata.generation` starts at 1 and counts changes outside `metadata` and `status`.
   */
  readonly generation: boolean;
  /**
   * Paths for `fieldSelector` in addition to `metadata.name` and `metadata.namespace`:
   * `spec.nodeName`.
   */
  readonly fieldSelectors: readonly string[];
  /** True if PUT and PATCH create a missing object (leases, events and a few others). */
  readonly createOnUpdate: boolean;
  /**
   * True if PUT without `metadata.resourceVersion` overwrites; otherwise it is refused with 422.
   */
  readonly unconditionalUpdate: boolean;
  /**
   * True if objects are not stored: access reviews, token reviews, bindings, component statuses.
   */
  readonly virtual: boolean;
  /** Eight bytes in base64, as in discovery. Empty for virtual types. */
  readonly storageVersionHash: string;
  /** Set for types of a CustomResourceDefinition. */
  readonly custom?: CustomTypeFacts | undefined;
}

/** The user of a request. */
export interface UserInfo {
  readonly username: string;
  /** Empty if the authenticator provides none. */
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** A question to the authorizer. */
export type AccessAttributes =
  | {
      readonly kind: 'resource';
      readonly verb: string;
      readonly group: string;
      readonly version: string;
      readonly resource: string;
      /** Empty for the resource itself. */
      readonly subresource: string;
      /** Empty at the cluster scope. */
      readonly namespace: string;
      /** Empty for collections. */
      readonly name: string;
    }
  | {
      readonly kind: 'path';
      /** Lower case: `get`. */
      readonly verb: string;
      readonly path: string;
    };

/**
 * The decision of the authorizer. `reason` is the one of SubjectAccessReview. Empty if the real
 * server omits it.
 */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

/** Reads the current roles and bindings. */
export interface RbacReader {
  roles(namespace: string): Iterable<KubeObject>;
  clusterRoles(): Iterable<KubeObject>;
  roleBindings(namespace: string): Iterable<KubeObject>;
  clusterRoleBindings(): Iterable<KubeObject>;
}

export interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface NonResourceRule {
  readonly verbs: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** The `status` of a SelfSubjectRulesReview. */
export interface SubjectRules {
  readonly resourceRules: readonly ResourceRule[];
  readonly nonResourceRules: readonly NonResourceRule[];
  readonly incomplete: boolean;
  /** Empty: omitted. */
  readonly evaluationError: string;
}

/** One entry of `details.causes` of a 422. */
export interface FieldError {
  /**
   * `FieldValueInvalid`, `FieldValueRequired`, `FieldValueNotSupported`, `FieldValueForbidden`, …
   */
  readonly reason: string;
  /** Without the field name: `Invalid value: "x": must be …`. */
  readonly message: string;
  /** `spec.containers[0].image`. */
  readonly field: string;
}

/** Reads objects for the lively changes. */
export interface ObjectReader {
  /** Returns one object. `namespace` is empty for cluster-scoped types. */
  get(apiVersion: string, kind: string, namespace: string, name: string): KubeObject | undefined;
  /** Lists objects. Default: all namespaces. */
  list(apiVersion: string, kind: string, namespace?: string): readonly KubeObject[];
}

/**
 * A change that the sandbox makes itself. `object` is complete, but the store sets uid,
 * resourceVersion and times.
 */
export interface LivelyChange {
  readonly verb: 'create' | 'update' | 'delete';
  readonly object: KubeObject;
}
