// Runs several requests in parallel, and returns their results in order.

/**
 * Starts work on items ahead of the reader and yields the results in the order of the items.
 * @param width max number of items in progress
 * @param start must not throw synchronously; a rejection is thrown to the reader at its item
 */
export async function* mapInOrder<Item, Result>(
  items: readonly Item[],
  width: number,
  start: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const underWay: Promise<Result>[] = [];
  let next = 0;
  for (let at = 0; at < items.length; at++) {
    for (; next < items.length && next < at + width; next++) {
      const item = items[next];
      if (item === undefined) continue;
      const result = start(item);
      // Its failure is thrown at its turn; until then it must not count as unhandled.
      result.catch(() => undefined);
      underWay.push(result);
    }
    const result = underWay.shift();
    if (result !== undefined) yield await result;
  }
}
