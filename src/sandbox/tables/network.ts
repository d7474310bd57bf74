// Tables of services, endpoints, ingresses and network policies. Entry point: `networkTables`.

import { objectAt, stringAt, stringsAt } from '../../model/object.ts';
import type { JsonObject } from '../../model/object.ts';
import { groupResourceOf } from '../../model/resource.ts';
import { metadataOf, nameOf, numberAt, objectsAt, specOf, statusOf, textAt } from '../../model/fields.ts';
import {
  ageColumn,
  column,
  creationAge,
  firstFew,
  labelsText,
  nameColumn,
  selectorCell,
  selectorColumn,
} from './layout.ts';
import type { TableLayout } from './layout.ts';

/** Layouts by group and resource: `ingresses.networking.k8s.io`. */
export const networkTables: Readonly<Record<string, TableLayout>> = {
  services: {
    columns: [
      nameColumn,
      column('Type', 'How the service is exposed'),
      column('Cluster-IP', 'Address within the cluster'),
      column('External-IP', 'Addresses outside of the cluster'),
      column('Port(s)', 'Ports the service listens on'),
      ageColumn,
      selectorColumn,
    ],
    cells: (service, now) => {
      const spec = specOf(service);
      const ports = objectsAt(spec, 'ports').map(servicePort).join(',');
      return [
        nameOf(service),
        stringAt(spec, 'type'),
        stringsAt(spec, 'clusterIPs')[0] ?? textAt(spec, 'clusterIP', '<none>'),
        externalAddress(spec, statusOf(service)),
        ports === '' ? '<none>' : ports,
        creationAge(service, now),
        labelsText(objectAt(spec, 'selector')),
      ];
    },
  },
  endpoints: {
    columns: [nameColumn, column('Endpoints', 'Addresses and ports of the pods behind a service'), ageColumn],
    cells: (endpoints, now) => [
      nameOf(endpoints),
      endpointAddresses(objectsAt(endpoints, 'subsets')),
      creationAge(endpoints, now),
    ],
  },
  'endpointslices.discovery.k8s.io': {
    columns: [
      nameColumn,
      column('AddressType', 'Kind of the addresses'),
      column('Ports', 'Ports of every endpoint'),
      column('Endpoints', 'Addresses of the pods'),
      ageColumn,
    ],
    cells: (slice, now) => {
      const ports = objectsAt(slice, 'ports').map((port) =>
        port.port === undefined ? textAt(port, 'name', '*') : String(numberAt(port, 'port')),
      );
      const addresses = objectsAt(slice, 'endpoints').flatMap((endpoint) => stringsAt(endpoint, 'addresses'));
      return [
        nameOf(slice),
        stringAt(slice, 'addressType'),
        firstFew(ports, 3) || '<unset>',
        firstFew(addresses, 3) || '<unset>',
        creationAge(slice, now),
      ];
    },
  },
  'ingresses.networking.k8s.io': {
    columns: [
      nameColumn,
      column('Class', 'Ingress class that serves it'),
      column('Hosts', 'Host names it answers to'),
      column('Address', 'Where its load balancer listens'),
      column('Ports', 'Ports it listens on'),
      ageColumn,
    ],
    cells: (ingress, now) => {
      const spec = specOf(ingress);
      return [
        nameOf(ingress),
        textAt(spec, 'ingressClassName', '<none>'),
        ingressHosts(objectsAt(spec, 'rules')),
        loadBalancerAddresses(statusOf(ingress)).join(','),
        objectsAt(spec, 'tls').length === 0 ? '80' : '80, 443',
        creationAge(ingress, now),
      ];
    },
  },
  'ingressclasses.networking.k8s.io': {
    columns: [
      nameColumn,
      column('Controller', 'Controller that serves the class'),
      column('Parameters', 'Object with further settings'),
      ageColumn,
    ],
    cells: (ingressClass, now) => {
      const annotations = objectAt(metadataOf(ingressClass), 'annotations');
      const isDefault = annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true';
      const parameters = objectAt(specOf(ingressClass), 'parameters');
      const group = stringAt(parameters, 'apiGroup');
      const kind = stringAt(parameters, 'kind');
      return [
        isDefault ? `${nameOf(ingressClass)} (default)` : nameOf(ingressClass),
        stringAt(specOf(ingressClass), 'controller'),
        parameters === undefined
          ? '<none>'
          : `${group === '' ? kind : `${kind}.${group}`}/${stringAt(parameters, 'name')}`,
        creationAge(ingressClass, now),
      ];
    },
  },
  'networkpolicies.networking.k8s.io': {
    columns: [nameColumn, column('Pod-Selector', 'Labels of the pods it is for'), ageColumn],
    cells: (policy, now) => [
      nameOf(policy),
      selectorCell(objectAt(specOf(policy), 'podSelector')),
      creationAge(policy, now),
    ],
  },
  'servicecidrs.networking.k8s.io': {
    columns: [nameColumn, column('CIDRs', 'Ranges that service addresses are taken from'), ageColumn],
    cells: (range, now) => [
      nameOf(range),
      stringsAt(specOf(range), 'cidrs').join(','),
      creationAge(range, now),
    ],
  },
  'ipaddresses.networking.k8s.io': {
    columns: [nameColumn, column('ParentRef', 'Object that uses the address')],
    // The real server also sends the age, as a third cell without a column.
    cells: (address, now) => [nameOf(address), parentOf(address), creationAge(address, now)],
  },
};

function servicePort(port: JsonObject): string {
  const nodePort = numberAt(port, 'nodePort');
  const protocol = textAt(port, 'protocol', 'TCP');
  return nodePort > 0
    ? `${numberAt(port, 'port')}:${nodePort}/${protocol}`
    : `${numberAt(port, 'port')}/${protocol}`;
}

function externalAddress(spec: JsonObject, status: JsonObject): string {
  const own = stringsAt(spec, 'externalIPs');
  switch (spec.type) {
    case 'ClusterIP':
    case 'NodePort':
      return own.length === 0 ? '<none>' : own.join(',');
    case 'LoadBalancer': {
      const addresses = [...loadBalancerAddresses(status), ...own];
      return addresses.length === 0 ? '<pending>' : addresses.join(',');
    }
    case 'ExternalName':
      return stringAt(spec, 'externalName');
    default:
      return '<unknown>';
  }
}

function loadBalancerAddresses(status: JsonObject): readonly string[] {
  const addresses = objectsAt(objectAt(status, 'loadBalancer'), 'ingress')
    .map((entry) => textAt(entry, 'ip', stringAt(entry, 'hostname')))
    .filter((address) => address !== '');
  return [...new Set(addresses)].sort();
}

function endpointAddresses(subsets: readonly JsonObject[]): string {
  if (subsets.length === 0) return '<none>';
  const list = subsets.flatMap((subset) => {
    const addresses = objectsAt(subset, 'addresses').map((address) => stringAt(address, 'ip'));
    const ports = objectsAt(subset, 'ports');
    if (ports.length === 0) return addresses;
    return ports.flatMap((port) => addresses.map((ip) => hostPort(ip, numberAt(port, 'port'))));
  });
  return firstFew(list, 3);
}

function hostPort(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/**
 * Returns the hosts of an ingress. Rules without a host are for all hosts, and count towards the
 * three that are shown.
 */
function ingressHosts(rules: readonly JsonObject[]): string {
  const hosts: string[] = [];
  let hasMore = false;
  for (const rule of rules) {
    if (hosts.length === 3) hasMore = true;
    const host = stringAt(rule, 'host');
    if (!hasMore && host !== '') hosts.push(host);
  }
  if (hosts.length === 0) return '*';
  return hasMore ? `${hosts.join(',')} + ${rules.length - 3} more...` : hosts.join(',');
}

function parentOf(address: JsonObject): string {
  const parent = objectAt(specOf(address), 'parentRef');
  if (parent === undefined) return '<none>';
  const type = groupResourceOf({ group: stringAt(parent, 'group'), resource: stringAt(parent, 'resource') });
  const namespace = stringAt(parent, 'namespace');
  return [type.toLowerCase(), ...(namespace === '' ? [] : [namespace]), stringAt(parent, 'name')].join('/');
}
