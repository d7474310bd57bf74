// A value that is made at its first use and kept. Entry point: once().

/** Returns a function that calls `make` the first time and gives the same value, or failure, every time. */
export function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}
