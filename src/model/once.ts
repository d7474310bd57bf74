// Computes a value at its first use and keeps it. Entry point: once().

/**
 * Returns a function that calls `make` the first time and returns the same value, or failure, every
 * time.
 */
export function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}
