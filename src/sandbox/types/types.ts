// What the two halves of the sandbox share: the facts about a served type, users and access questions, field errors,
// and how the half that serves looks at the store. Types only; the data is in served-types.ts, seed and so on.

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

/** What a CRD says of one of its versions beyond what discovery shows. */
export interface CustomTypeFacts {
  /** `spec.names.listKind`. */
  readonly listKind: string;
  /** Empty: the server's default for custom resources, NAME and AGE. */
  readonly printerColumns: readonly PrinterColumn[];
  /** `openAPIV3Schema` of the version; undefined where the CRD has none. */
  readonly schema: JsonObject | undefined;
  /** Paths of the scale subresource, where the version has one. */
  readonly scale?: {
    readonly specReplicasPath: string;
    readonly statusReplicasPath: string;
    readonly labelSelectorPath?: string | undefined;
  };
}

/**
 * A resource type with what the real server's strategy for it decides. A version that shares its objects with another
 * (events, autoscaling) is an entry of its own with the same `storedAs`.
 */
export interface ServedType extends ResourceType {
  /** Group and resource under which objects are kept: `events`, `deployments.apps`. One store entry for all versions. */
  readonly storedAs: string;
  /** `apiVersion` objects are kept in; served in another one, they are converted. */
  readonly storedVersion: string;
  /** `metadata.generation` starts at 1 and counts changes outside of `metadata` and `status`. */
  readonly generation: boolean;
  /** Paths that `fieldSelector` takes besides `metadata.name` and `metadata.namespace`: `spec.nodeName`. */
  readonly fieldSelectors: readonly string[];
  /** PUT and PATCH of a missing object create it (leases, events and a few others). */
  readonly createOnUpdate: boolean;
  /** PUT without `metadata.resourceVersion` overwrites; where false it is refused with 422. */
  readonly unconditionalUpdate: boolean;
  /** Answered on the spot and kept nowhere: access reviews, token reviews, bindings, component statuses. */
  readonly virtual: boolean;
  /** Eight bytes in base64 as discovery shows them; empty for virtual types. */
  readonly storageVersionHash: string;
  /** Present on types that a CustomResourceDefinition brought. */
  readonly custom?: CustomTypeFacts | undefined;
}

/** Who a request comes from. */
export interface UserInfo {
  readonly username: string;
  /** Empty where the authenticator gives none. */
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

/** `reason` is what SubjectAccessReview shows; empty where the real server leaves it out. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

/** Roles and bindings as they are at the moment of the question. */
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
  /** Empty: left out. */
  readonly evaluationError: string;
}

/** One entry of `details.causes` of a 422. */
export interface FieldError {
  /** `FieldValueInvalid`, `FieldValueRequired`, `FieldValueNotSupported`, `FieldValueForbidden`, … */
  readonly reason: string;
  /** Without the field: `Invalid value: "x": must be …`. */
  readonly message: string;
  /** `spec.containers[0].image`. */
  readonly field: string;
}

/** How the lively changes look at what is there. */
export interface ObjectReader {
  /** `namespace` is empty for cluster-scoped types. */
  get(apiVersion: string, kind: string, namespace: string, name: string): KubeObject | undefined;
  /** All namespaces where `namespace` is left out. */
  list(apiVersion: string, kind: string, namespace?: string): readonly KubeObject[];
}

/** A change that the sandbox makes by itself; `object` is whole. The store sets uid, resourceVersion and times. */
export interface LivelyChange {
  readonly verb: 'create' | 'update' | 'delete';
  readonly object: KubeObject;
}
