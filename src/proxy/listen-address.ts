// Addresses that a proxy may listen on. Pure.

import { isIP } from 'node:net';

/** Whether a text is an IPv4 or IPv6 address, without brackets. Names are not: what they lead to may change. */
export function isAddress(text: string): boolean {
  return isIP(text) !== 0;
}

/** Whether only this machine (in a pod: the containers of the pod) can reach an address. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
