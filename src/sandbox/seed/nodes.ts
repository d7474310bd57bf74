// The nodes of the simulated cluster, and its age.

import { day } from './objects.ts';

/** A node of the simulated cluster. */
export interface SeedNode {
  readonly name: string;
  readonly ip: string;
}

export const controlPlane: SeedNode = { name: 'sandbox-control-plane', ip: '172.18.0.2' };
export const worker: SeedNode = { name: 'sandbox-worker', ip: '172.18.0.3' };
export const secondWorker: SeedNode = { name: 'sandbox-worker2', ip: '172.18.0.4' };
export const seedNodes: readonly SeedNode[] = [controlPlane, worker, secondWorker];

/** Age of the simulated cluster, in milliseconds. */
export const clusterAge = 12 * day;
