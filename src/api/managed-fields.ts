// Field managers cut out of JSON before it is parsed. Entry point: cutManagedFields(). They are nine tenths of a table with
// metadata and no table shows them: parsing them would cost more than all the rest.

const key = Buffer.from('"managedFields":');
const [quote, backslash, comma, open, close, brace] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b];

/**
 * Takes every member `managedFields` that is an array out of compact JSON, whatever object it belongs to: for answers
 * whose only objects are metadata. Indented JSON, which the server writes for curl alone, and JSON that breaks off come back
 * as they were.
 * @param json is overwritten: what is kept moves to its front
 * @returns a part of `json`
 */
export function cutManagedFields(json: Buffer): Buffer {
  let kept = 0;
  let from = 0;
  for (let at = json.indexOf(key); at >= 0;) {
    const end = endOfArray(json, at + key.length);
    // A quote after a comma or a brace opens a key; within a string it would have a backslash before it.
    const before = json[at - 1];
    if (end < 0 || (before !== comma && before !== brace)) {
      at = json.indexOf(key, at + key.length);
      continue;
    }
    const start = before === comma ? at - 1 : at;
    const next = before === brace && json[end] === comma ? end + 1 : end;
    json.copyWithin(kept, from, start);
    kept += start - from;
    from = next;
    at = json.indexOf(key, next);
  }
  if (from === 0) return json;
  json.copyWithin(kept, from);
  return json.subarray(0, kept + json.length - from);
}

/** @returns the place after the array's last bracket; -1 where there is no array, or no end of it */
function endOfArray(json: Buffer, start: number): number {
  if (json[start] !== open) return -1;
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) {
      for (at++; at < json.length && json[at] !== quote; at++) if (json[at] === backslash) at++;
    } else if (byte === open) {
      depth++;
    } else if (byte === close && --depth === 0) {
      return at + 1;
    }
  }
  return -1;
}
