// Reads ELF files as far as the build needs: machine and required libraries. 64 bit,
// little endian: x64 and arm64.

const segmentTypes = { load: 1, dynamic: 2, interpreter: 3 };
const dynamicTags = { end: 0n, needed: 1n, strings: 5n };

/** Values of `e_machine`, by Node's names of architectures. */
export const machines = { x64: 62, arm64: 183 };

/**
 * Returns the machine of a file.
 * @param {Buffer} file
 * @returns {number} `e_machine`
 */
export function machineOf(file) {
  const isElf = file.length > 64 && file.readUInt32BE(0) === 0x7f454c46 && file[4] === 2 && file[5] === 1;
  if (!isElf) throw new Error('not a 64 bit little endian ELF file');
  return file.readUInt16LE(18);
}

/**
 * Returns the libraries that a file is linked with (DT_NEEDED), in its order.
 * @param {Buffer} file
 * @returns {string[]}
 */
export function librariesOf(file) {
  const segments = segmentsOf(file);
  const dynamic = segments.find(({ type }) => type === segmentTypes.dynamic);
  if (dynamic === undefined) return [];
  const offsets = [];
  let strings = 0n;
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.fileSize; at += 16) {
    const tag = file.readBigUInt64LE(at);
    const value = file.readBigUInt64LE(at + 8);
    if (tag === dynamicTags.end) break;
    if (tag === dynamicTags.needed) offsets.push(Number(value));
    if (tag === dynamicTags.strings) strings = value;
  }
  const holder = segments.find(
    ({ type, address, fileSize }) =>
      type === segmentTypes.load && strings >= address && strings < address + BigInt(fileSize),
  );
  if (holder === undefined) throw new Error('the table of names is not in a segment');
  const table = holder.offset + Number(strings - holder.address);
  return offsets.map((offset) => file.toString('latin1', table + offset, file.indexOf(0, table + offset)));
}

function segmentsOf(file) {
  machineOf(file);
  const start = Number(file.readBigUInt64LE(32));
  const size = file.readUInt16LE(54);
  return Array.from({ length: file.readUInt16LE(56) }, (_, index) => {
    const at = start + index * size;
    return {
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: file.readBigUInt64LE(at + 16),
      fileSize: Number(file.readBigUInt64LE(at + 32)),
    };
  });
}
