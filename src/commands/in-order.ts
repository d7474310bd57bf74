// Several requests under way at once, their results in the order asked.

/**
 * Starts work on items ahead of the reader and gives the results in the order of the items.
 * @param width how many may be under way at once
 * @param start must not throw by itself; a rejection is thrown to the reader at its item
 */
export async function* inOrder<Item, Result>(
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
      // Its failure is met when its turn comes; until then it is not unhandled.
      result.catch(() => undefined);
      underWay.push(result);
    }
    const result = underWay.shift();
    if (result !== undefined) yield await result;
  }
}
