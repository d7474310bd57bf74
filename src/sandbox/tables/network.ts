// Cells of services, endpoints, ingresses and their classes. Entry point: `networkCells`.

import { objectAt, stringAt, stringsAt } from '../../model/object.ts';
import type { JsonObject } from '../../model/object.ts';
import { groupResourceOf } from '../../model/resource.ts';
import { numberAt, objectsAt, specOf, statusOf, textAt } from '../../model/fields.ts';
import { firstFew } from './cells.ts';
import type { Cell } from './cells.ts';

/** Cells of services, endpoints and ingresses by their names in tables.txt. */
export const networkCells: Readonly<Record<string, Cell>> = {
  clusterIP: (service) => {
    const spec = specOf(service);
    return stringsAt(spec, 'clusterIPs')[0] ?? textAt(spec, 'clusterIP', '<none>');
  },
  externalAddress,
  servicePorts: (service) => objectsAt(specOf(service), 'ports').map(servicePort).join(',') || '<none>',
  endpointAddresses,
  slicePorts: (slice) => {
    const ports = objectsAt(slice, 'ports').map((port) =>
      port.port === undefined ? textAt(port, 'name', '*') : String(numberAt(port, 'port')),
    );
    return firstFew(ports, 3) || '<unset>';
  },
  sliceAddresses: (slice) => {
    const addresses = objectsAt(slice, 'endpoints').flatMap((endpoint) => stringsAt(endpoint, 'addresses'));
    return firstFew(addresses, 3) || '<unset>';
  },
  ingressHosts,
  ingressAddresses: (ingress) => loadBalancerAddresses(ingress).join(','),
  ingressPorts: (ingress) => (objectsAt(specOf(ingress), 'tls').length === 0 ? '80' : '80, 443'),
  classParameters: (ingressClass) => {
    const parameters = objectAt(specOf(ingressClass), 'parameters');
    if (parameters === undefined) return '<none>';
    const group = stringAt(parameters, 'apiGroup');
    return `${stringAt(parameters, 'kind')}${group === '' ? '' : `.${group}`}/${stringAt(parameters, 'name')}`;
  },
  parentReference,
};

function servicePort(port: JsonObject): string {
  const nodePort = numberAt(port, 'nodePort');
  const protocol = textAt(port, 'protocol', 'TCP');
  return nodePort > 0
    ? `${numberAt(port, 'port')}:${nodePort}/${protocol}`
    : `${numberAt(port, 'port')}/${protocol}`;
}

function externalAddress(service: JsonObject): string {
  const spec = specOf(service);
  const own = stringsAt(spec, 'externalIPs');
  switch (spec.type) {
    case 'ClusterIP':
    case 'NodePort':
      return own.length === 0 ? '<none>' : own.join(',');
    case 'LoadBalancer': {
      const addresses = [...loadBalancerAddresses(service), ...own];
      return addresses.length === 0 ? '<pending>' : addresses.join(',');
    }
    case 'ExternalName':
      return stringAt(spec, 'externalName');
    default:
      return '<unknown>';
  }
}

function loadBalancerAddresses(object: JsonObject): readonly string[] {
  const addresses = objectsAt(objectAt(statusOf(object), 'loadBalancer'), 'ingress')
    .map((entry) => textAt(entry, 'ip', stringAt(entry, 'hostname')))
    .filter((address) => address !== '');
  return [...new Set(addresses)].sort();
}

function endpointAddresses(endpoints: JsonObject): string {
  const subsets = objectsAt(endpoints, 'subsets');
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
function ingressHosts(ingress: JsonObject): string {
  const rules = objectsAt(specOf(ingress), 'rules');
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

function parentReference(address: JsonObject): string {
  const parent = objectAt(specOf(address), 'parentRef');
  if (parent === undefined) return '<none>';
  const type = groupResourceOf({ group: stringAt(parent, 'group'), resource: stringAt(parent, 'resource') });
  const namespace = stringAt(parent, 'namespace');
  return [type.toLowerCase(), ...(namespace === '' ? [] : [namespace]), stringAt(parent, 'name')].join('/');
}
