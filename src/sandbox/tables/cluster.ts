// Tables of nodes, namespaces, events, configuration and storage. Entry point: `clusterTables`.

import { objectAt, stringAt, stringsAt } from '../../model/object.ts';
import type { Json, JsonObject } from '../../model/object.ts';
import { ageOf } from '../../model/age.ts';
import {
  booleanAt,
  conditionOf,
  isBeingDeleted,
  metadataOf,
  nameOf,
  numberAt,
  objectsAt,
  sizeAt,
  specOf,
  statusOf,
  textAt,
} from '../../model/fields.ts';
import { ageColumn, column, creationAge, nameColumn, quantityAt, wideColumn } from './layout.ts';
import type { TableLayout } from './layout.ts';

const events: TableLayout = {
  columns: [
    column('Last Seen', 'Time since it was last observed'),
    column('Type', 'Normal or Warning'),
    column('Reason', 'Short machine word for what happened'),
    column('Object', 'What it happened to'),
    wideColumn('Subobject', 'The part of the object concerned'),
    wideColumn('Source', 'Who reports it'),
    column('Message', 'What happened, in words'),
    wideColumn('First Seen', 'Time since it was first observed'),
    wideColumn('Count', 'How often it was observed'),
    wideColumn('Name', 'Name of the event', 'name'),
  ],
  cells: eventCells,
};

/** Layouts by group and resource: `storageclasses.storage.k8s.io`. */
export const clusterTables: Readonly<Record<string, TableLayout>> = {
  events,
  'events.events.k8s.io': events,
  componentstatuses: {
    columns: [
      nameColumn,
      column('Status', 'Whether the component is healthy'),
      column('Message', 'What its health check said'),
      column('Error', 'Why its health is unknown'),
    ],
    cells: (component) => {
      const healthy = conditionOf(objectsAt(component, 'conditions'), 'Healthy');
      const status = healthy === undefined ? 'Unknown' : healthy.status === 'True' ? 'Healthy' : 'Unhealthy';
      return [nameOf(component), status, stringAt(healthy, 'message'), stringAt(healthy, 'error')];
    },
  },
  configmaps: {
    columns: [nameColumn, column('Data', 'Number of entries'), ageColumn],
    cells: (map, now) => [
      nameOf(map),
      sizeAt(map, 'data') + sizeAt(map, 'binaryData'),
      creationAge(map, now),
    ],
  },
  secrets: {
    columns: [
      nameColumn,
      column('Type', 'What the secret is used for'),
      column('Data', 'Number of entries'),
      ageColumn,
    ],
    cells: (secret, now) => [
      nameOf(secret),
      stringAt(secret, 'type'),
      sizeAt(secret, 'data'),
      creationAge(secret, now),
    ],
  },
  serviceaccounts: {
    columns: [nameColumn, ageColumn],
    cells: (account, now) => [nameOf(account), creationAge(account, now)],
  },
  namespaces: {
    columns: [nameColumn, column('Status', 'Active or Terminating'), ageColumn],
    cells: (namespace, now) => [
      nameOf(namespace),
      stringAt(statusOf(namespace), 'phase'),
      creationAge(namespace, now),
    ],
  },
  nodes: {
    columns: [
      nameColumn,
      column('Status', 'Whether the node is ready and takes new pods'),
      column('Roles', 'Roles the node is labelled with'),
      ageColumn,
      column('Version', 'Version of its kubelet'),
      wideColumn('Internal-IP', 'Address within the cluster'),
      wideColumn('External-IP', 'Address outside of the cluster'),
      wideColumn('OS-Image', 'Operating system'),
      wideColumn('Kernel-Version', 'Kernel and processor architecture'),
      wideColumn('Container-Runtime', 'Container runtime and its version'),
    ],
    cells: nodeCells,
  },
  resourcequotas: {
    columns: [
      nameColumn,
      column('Request', 'Requests and counts, used of allowed'),
      column('Limit', 'Limits, used of allowed'),
      ageColumn,
    ],
    cells: quotaCells,
  },
  persistentvolumes: {
    columns: [
      nameColumn,
      column('Capacity', 'Size of the volume'),
      column('Access Modes', 'How it may be mounted'),
      column('Reclaim Policy', 'What happens to it when its claim is deleted'),
      column('Status', 'Whether it is free, bound, released or failed'),
      column('Claim', 'Claim it is bound to'),
      column('StorageClass', 'Class it belongs to'),
      column('VolumeAttributesClass', 'Class of its changeable attributes'),
      column('Reason', 'Why it is in a failure state'),
      ageColumn,
      wideColumn('VolumeMode', 'Filesystem or Block'),
    ],
    cells: (volume, now) => {
      const spec = specOf(volume);
      const claim = objectAt(spec, 'claimRef');
      return [
        nameOf(volume),
        quantityAt(objectAt(spec, 'capacity'), 'storage'),
        accessModes(stringsAt(spec, 'accessModes')),
        stringAt(spec, 'persistentVolumeReclaimPolicy'),
        isBeingDeleted(volume) ? 'Terminating' : stringAt(statusOf(volume), 'phase'),
        claim === undefined ? '' : `${stringAt(claim, 'namespace')}/${stringAt(claim, 'name')}`,
        storageClassOf(volume, spec),
        textAt(spec, 'volumeAttributesClassName', '<unset>'),
        stringAt(statusOf(volume), 'reason'),
        creationAge(volume, now),
        textAt(spec, 'volumeMode', '<unset>'),
      ];
    },
  },
  persistentvolumeclaims: {
    columns: [
      nameColumn,
      column('Status', 'Whether it is pending, bound or lost'),
      column('Volume', 'Volume it is bound to'),
      column('Capacity', 'Size of the bound volume'),
      column('Access Modes', 'How the bound volume may be mounted'),
      column('StorageClass', 'Class it asks for'),
      column('VolumeAttributesClass', 'Class of changeable attributes it asks for'),
      ageColumn,
      wideColumn('VolumeMode', 'Filesystem or Block'),
    ],
    cells: (claim, now) => {
      const spec = specOf(claim);
      const status = statusOf(claim);
      const volume = stringAt(spec, 'volumeName');
      const isBound = volume !== '';
      return [
        nameOf(claim),
        isBeingDeleted(claim) ? 'Terminating' : stringAt(status, 'phase'),
        volume,
        isBound ? quantityAt(objectAt(status, 'capacity'), 'storage') : '',
        isBound ? accessModes(stringsAt(status, 'accessModes')) : '',
        storageClassOf(claim, spec),
        textAt(spec, 'volumeAttributesClassName', '<unset>'),
        creationAge(claim, now),
        textAt(spec, 'volumeMode', '<unset>'),
      ];
    },
  },
  'storageclasses.storage.k8s.io': {
    columns: [
      nameColumn,
      column('Provisioner', 'Who makes the volumes'),
      column('ReclaimPolicy', 'What happens to a volume when its claim is deleted'),
      column('VolumeBindingMode', 'When claims are bound'),
      column('AllowVolumeExpansion', 'Whether claims may grow'),
      ageColumn,
    ],
    cells: (storageClass, now) => [
      isDefaultClass(storageClass) ? `${nameOf(storageClass)} (default)` : nameOf(storageClass),
      stringAt(storageClass, 'provisioner'),
      textAt(storageClass, 'reclaimPolicy', 'Delete'),
      textAt(storageClass, 'volumeBindingMode', 'Immediate'),
      booleanAt(storageClass, 'allowVolumeExpansion'),
      creationAge(storageClass, now),
    ],
  },
  'volumeattributesclasses.storage.k8s.io': {
    columns: [nameColumn, column('DriverName', 'Driver that applies the attributes'), ageColumn],
    cells: (attributesClass, now) => [
      nameOf(attributesClass),
      stringAt(attributesClass, 'driverName'),
      creationAge(attributesClass, now),
    ],
  },
  'volumeattachments.storage.k8s.io': {
    columns: [
      nameColumn,
      column('Attacher', 'Driver that attaches the volume', 'string', 'name'),
      column('PV', 'Volume to attach'),
      column('Node', 'Node to attach it to'),
      column('Attached', 'Whether it is attached', 'boolean'),
      ageColumn,
    ],
    cells: (attachment, now) => {
      const spec = specOf(attachment);
      return [
        nameOf(attachment),
        stringAt(spec, 'attacher'),
        stringAt(objectAt(spec, 'source'), 'persistentVolumeName'),
        stringAt(spec, 'nodeName'),
        booleanAt(statusOf(attachment), 'attached'),
        creationAge(attachment, now),
      ];
    },
  },
  'csinodes.storage.k8s.io': {
    columns: [nameColumn, column('Drivers', 'Number of drivers on the node', 'integer'), ageColumn],
    cells: (node, now) => [nameOf(node), objectsAt(specOf(node), 'drivers').length, creationAge(node, now)],
  },
  'csidrivers.storage.k8s.io': {
    columns: [
      nameColumn,
      column('AttachRequired', 'Whether volumes are attached before they are mounted', 'boolean'),
      column('PodInfoOnMount', 'Whether the driver gets information about the pod', 'boolean'),
      column('StorageCapacity', 'Whether the scheduler minds the capacity', 'boolean'),
      column('TokenRequests', 'Audiences of the tokens the driver is given'),
      column('RequiresRepublish', 'Whether volumes are published again and again', 'boolean'),
      column('Modes', 'Kinds of volume lifecycle the driver supports'),
      ageColumn,
    ],
    cells: (driver, now) => {
      const spec = specOf(driver);
      const audiences = objectsAt(spec, 'tokenRequests').map((request) => stringAt(request, 'audience'));
      const modes = stringsAt(spec, 'volumeLifecycleModes').join(',');
      return [
        nameOf(driver),
        booleanAt(spec, 'attachRequired', true),
        booleanAt(spec, 'podInfoOnMount'),
        booleanAt(spec, 'storageCapacity'),
        spec.tokenRequests === undefined ? '<unset>' : audiences.join(','),
        booleanAt(spec, 'requiresRepublish'),
        modes === '' ? '<none>' : modes,
        creationAge(driver, now),
      ];
    },
  },
  'leases.coordination.k8s.io': {
    columns: [nameColumn, column('Holder', 'Who holds the lease'), ageColumn],
    cells: (lease, now) => [
      nameOf(lease),
      stringAt(specOf(lease), 'holderIdentity'),
      creationAge(lease, now),
    ],
  },
  'priorityclasses.scheduling.k8s.io': {
    columns: [
      nameColumn,
      column('Value', 'Priority of pods of the class', 'integer'),
      column('Global-Default', 'Whether pods without a class get it', 'boolean'),
      ageColumn,
      column('PreemptionPolicy', 'Whether its pods may displace others'),
    ],
    cells: (priorityClass, now) => [
      nameOf(priorityClass),
      numberAt(priorityClass, 'value'),
      booleanAt(priorityClass, 'globalDefault'),
      creationAge(priorityClass, now),
      stringAt(priorityClass, 'preemptionPolicy'),
    ],
  },
  'runtimeclasses.node.k8s.io': {
    columns: [nameColumn, column('Handler', 'Configuration of the container runtime'), ageColumn],
    cells: (runtimeClass, now) => [
      nameOf(runtimeClass),
      stringAt(runtimeClass, 'handler'),
      creationAge(runtimeClass, now),
    ],
  },
  'deviceclasses.resource.k8s.io': {
    columns: [nameColumn, ageColumn],
    cells: (deviceClass, now) => [nameOf(deviceClass), creationAge(deviceClass, now)],
  },
  'resourceclaims.resource.k8s.io': {
    columns: [nameColumn, column('State', 'Whether it is pending, allocated, reserved'), ageColumn],
    cells: (claim, now) => [nameOf(claim), resourceClaimState(claim), creationAge(claim, now)],
  },
  'resourceclaimtemplates.resource.k8s.io': {
    columns: [nameColumn, ageColumn],
    cells: (template, now) => [nameOf(template), creationAge(template, now)],
  },
  'resourceslices.resource.k8s.io': {
    columns: [
      nameColumn,
      column('Node', 'Node that has the devices'),
      column('Driver', 'Driver of the devices'),
      column('Pool', 'Pool the slice belongs to'),
      ageColumn,
    ],
    cells: (slice, now) => {
      const spec = specOf(slice);
      return [
        nameOf(slice),
        stringAt(spec, 'nodeName'),
        stringAt(spec, 'driver'),
        stringAt(objectAt(spec, 'pool'), 'name'),
        creationAge(slice, now),
      ];
    },
  },
};

/**
 * Returns the cells of an event of either API: core/v1, and events.k8s.io/v1 with its older fields
 * renamed to `deprecated…`.
 */
function eventCells(event: JsonObject, now: Date): readonly Json[] {
  const about = objectAt(event, 'involvedObject') ?? objectAt(event, 'regarding');
  const source = objectAt(event, 'source') ?? objectAt(event, 'deprecatedSource');
  const first = textAt(event, 'firstTimestamp', stringAt(event, 'deprecatedFirstTimestamp'));
  const last = textAt(event, 'lastTimestamp', stringAt(event, 'deprecatedLastTimestamp'));
  const firstSeen = ageOf(first === '' ? stringAt(event, 'eventTime') : first, now);
  const series = objectAt(event, 'series');
  const count = numberAt(event, 'count', numberAt(event, 'deprecatedCount'));
  const kind = stringAt(about, 'kind').toLowerCase();
  const name = stringAt(about, 'name');
  const lastSeen = last === '' ? firstSeen : ageOf(last, now);
  return [
    series === undefined ? lastSeen : ageOf(stringAt(series, 'lastObservedTime'), now),
    stringAt(event, 'type'),
    stringAt(event, 'reason'),
    name === '' ? kind : `${kind}/${name}`,
    stringAt(about, 'fieldPath'),
    reporterOf(event, source),
    textAt(event, 'message', stringAt(event, 'note')).trim(),
    firstSeen,
    // Events that happened once have no count in the newer form.
    series === undefined ? (count === 0 ? 1 : count) : numberAt(series, 'count'),
    nameOf(event),
  ];
}

function reporterOf(event: JsonObject, source: JsonObject | undefined): string {
  const controller = textAt(event, 'reportingComponent', stringAt(event, 'reportingController'));
  const component = textAt(source, 'component', controller);
  const instance = textAt(source, 'host', stringAt(event, 'reportingInstance'));
  return instance === '' ? component : `${component}, ${instance}`;
}

function nodeCells(node: JsonObject, now: Date): readonly Json[] {
  const status = statusOf(node);
  const info = objectAt(status, 'nodeInfo');
  const architecture = stringAt(info, 'architecture');
  const kernel = textAt(info, 'kernelVersion', '<unknown>');
  const addresses = objectsAt(status, 'addresses');
  const address = (type: string): string => textAt(conditionOf(addresses, type), 'address', '<none>');
  return [
    nameOf(node),
    nodeState(node),
    nodeRoles(objectAt(metadataOf(node), 'labels') ?? {}),
    creationAge(node, now),
    stringAt(info, 'kubeletVersion'),
    address('InternalIP'),
    address('ExternalIP'),
    textAt(info, 'osImage', '<unknown>'),
    architecture === '' ? kernel : `${kernel} (${architecture})`,
    textAt(info, 'containerRuntimeVersion', '<unknown>'),
  ];
}

function nodeState(node: JsonObject): string {
  const ready = conditionOf(objectsAt(statusOf(node), 'conditions'), 'Ready');
  const state = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return booleanAt(specOf(node), 'unschedulable') ? `${state},SchedulingDisabled` : state;
}

function nodeRoles(labels: JsonObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(labels)) {
    if (key.startsWith(prefix)) roles.add(key.slice(prefix.length));
    else if (key === 'kubernetes.io/role' && typeof value === 'string') roles.add(value);
  }
  roles.delete('');
  return roles.size === 0 ? '<none>' : [...roles].sort().join(',');
}

function quotaCells(quota: JsonObject, now: Date): readonly Json[] {
  const hard = objectAt(statusOf(quota), 'hard');
  const used = objectAt(statusOf(quota), 'used');
  const requests: string[] = [];
  const limits: string[] = [];
  for (const resource of Object.keys(hard ?? {}).sort()) {
    const text = `${resource}: ${quantityAt(used, resource)}/${quantityAt(hard, resource)}`;
    (resource.startsWith('limits.') ? limits : requests).push(text);
  }
  return [nameOf(quota), requests.join(', '), limits.join(', '), creationAge(quota, now)];
}

const accessModeNames: readonly (readonly [mode: string, short: string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

function accessModes(modes: readonly string[]): string {
  return accessModeNames
    .filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

function storageClassOf(object: JsonObject, spec: JsonObject): string {
  const annotation = objectAt(metadataOf(object), 'annotations')?.['volume.beta.kubernetes.io/storage-class'];
  return typeof annotation === 'string' ? annotation : stringAt(spec, 'storageClassName');
}

function isDefaultClass(object: JsonObject): boolean {
  const annotations = objectAt(metadataOf(object), 'annotations');
  return (
    annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' ||
    annotations?.['storageclass.beta.kubernetes.io/is-default-class'] === 'true'
  );
}

function resourceClaimState(claim: JsonObject): string {
  const isAllocated = objectAt(statusOf(claim), 'allocation') !== undefined;
  const isDeleted = isBeingDeleted(claim);
  const states = isDeleted ? ['deleted'] : [];
  if (isAllocated) {
    states.push('allocated');
    if (objectsAt(statusOf(claim), 'reservedFor').length > 0) states.push('reserved');
  } else if (!isDeleted) {
    states.push('pending');
  }
  return states.join(',');
}
