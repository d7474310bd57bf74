// Uses leases as a clock and as a list of API servers. Entry point: readLeases(). Each API server
// renews a lease every ten seconds, and schedulers and controller managers every two, so there is a
// version with a known time every few seconds.

import { ConnectionError, RefusedError, ServerError } from '../errors.ts';
import { objectAt, stringAt, type KubeObject } from '../model/object.ts';
import type { Send } from '../model/request.ts';
import type { ResourceType } from '../model/resource.ts';
import { managersOf, timeOf } from './change-author.ts';
import { listPages } from './list.ts';
import { findFloor, readEvents, type EventReadingOptions } from './memory-floor.ts';
import type { VersionClock } from './version-clock.ts';
import type { WatchQuery } from './watch-event.ts';

const leases: ResourceType = {
  group: 'coordination.k8s.io',
  version: 'v1',
  resource: 'leases',
  kind: 'Lease',
  singular: 'lease',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ['get', 'list', 'watch'],
  subresources: [],
};

const identityLabel = 'apiserver.kubernetes.io/identity';

/**
 * Milliseconds after which an API server counts as gone, if it has not renewed its lease since the
 * newest renewal.
 */
const leaseTimeoutMs = 60_000;

/** Selects the leases of API servers, schedulers and controller managers. */
export const leaseQuery: WatchQuery = { type: leases, namespace: 'kube-system', as: 'objects' };

/** The API servers of a cluster. */
export interface ApiServers {
  /** Holder identities of their leases. Empty: unknown. */
  readonly alive: readonly string[];
}

export interface LeaseOptions extends EventReadingOptions {
  readonly warn: (text: string) => void;
}

/**
 * Adds the times of leases to a clock, and returns the API servers. Ignores a failure to read
 * leases: they only make time ranges narrower.
 */
export async function readLeases(
  send: Send,
  times: VersionClock,
  options: LeaseOptions,
): Promise<ApiServers> {
  const renewals = new Map<string, number>();
  const note = (lease: KubeObject): void => {
    const at = renewalOf(lease);
    if (at === undefined) return;
    times.add('leases', stringAt(lease.metadata, 'resourceVersion'), at);
    const holder = stringAt(objectAt(lease, 'spec'), 'holderIdentity') || stringAt(lease.metadata, 'name');
    if (objectAt(lease.metadata, 'labels')?.[identityLabel] !== undefined) renewals.set(holder, at);
  };
  await ignoreServerFailures(async () => {
    for await (const page of listPages(send, leaseQuery, options)) {
      if (page.kind === 'objects') page.objects.forEach(note);
    }
  }, options);
  await ignoreServerFailures(async () => {
    const floor = await findFloor(send, leaseQuery, () => Promise.resolve(undefined), options);
    for await (const events of readEvents(send, leaseQuery, floor.resourceVersion, options, {
      firstLineMs: 1_000,
    })) {
      for (const { event } of events) {
        if (event.kind !== 'change' || event.change === 'DELETED' || event.page.kind !== 'objects') continue;
        event.page.objects.forEach(note);
      }
    }
  }, options);
  const newest = Math.max(...renewals.values());
  return { alive: [...renewals].filter(([, at]) => newest - at < leaseTimeoutMs).map(([holder]) => holder) };
}

/**
 * Returns the time of the last renewal: the server's time from managedFields or, if there is none,
 * the time from the holder in whole seconds.
 */
function renewalOf(lease: KubeObject): number | undefined {
  const written = managersOf(lease).flatMap(({ time }) => timeOf(time) ?? []);
  if (written.length > 0) return Math.max(...written);
  const renewed = timeOf(stringAt(objectAt(lease, 'spec'), 'renewTime'));
  return renewed === undefined ? undefined : Math.floor(renewed / 1_000) * 1_000;
}

async function ignoreServerFailures(read: () => Promise<void>, { signal }: LeaseOptions): Promise<void> {
  try {
    await read();
  } catch (thrown) {
    signal.throwIfAborted();
    const isOfServer = thrown instanceof RefusedError || thrown instanceof ServerError;
    if (!isOfServer && !(thrown instanceof ConnectionError)) throw thrown;
  }
}
