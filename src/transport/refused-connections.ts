// What the code ECONNREFUSED means on this runtime.

/**
 * True if a connection that fails with ECONNREFUSED was refused by the other side. The build of the
 * standalone program sets it to false: Bun uses this code also if there is no route to the host.
 */
export const isRefusalCertain = true as boolean;
