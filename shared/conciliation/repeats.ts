/** 16 MiB, in blocks of 64 bytes: what a processor fetches at once. */
const BLOCKS = 2 ** 18;
const WORDS_IN_A_BLOCK = 16;
const BITS_OF_A_NAME = 6;
const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const OTHER_START = 0x9747b28c;
const OTHER_PRIME = 0x5bd1e995;

/** Stirred once more: names that differ in their last digit must not lie side by side. */
const stirred = (hash: number): number => {
  const once = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return once ^ (once >>> 13);
};

/**
 * Whether the bytes of a name, from one place to another, may have come before. Where it says no, it
 * has not; of a million names it is wrong about one at most, as a rule, and it never takes more than
 * 16 MiB, however many there are: a Bloom filter that keeps all bits of a name together.
 */
export const perhapsAgain = (): ((bytes: Uint8Array, from?: number, to?: number) => boolean) => {
  const seen = new Int32Array(BLOCKS * WORDS_IN_A_BLOCK);

  /** Whether all bits of a name were there before. They are now. */
  const noted = (block: number, name: number): boolean => {
    let isNoted = true;
    let bits = name;
    for (let nth = 0; nth < BITS_OF_A_NAME; nth++) {
      const place = block * WORDS_IN_A_BLOCK + ((bits >>> 5) % WORDS_IN_A_BLOCK);
      const before = seen[place] ?? 0;
      const bit = 1 << (bits & 31);
      if ((before & bit) === 0) {
        isNoted = false;
        seen[place] = before | bit;
      }
      bits = Math.imul(bits, 0x9e3779b1) ^ (bits >>> 9);
    }
    return isNoted;
  };

  return (bytes, from = 0, to = bytes.length) => {
    // Two at a time: one of 32 bits is the same for a hundred pairs among a million names.
    let one = FNV_START;
    let other = OTHER_START;
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0;
      one = Math.imul(one ^ byte, FNV_PRIME);
      other = Math.imul(other ^ byte, OTHER_PRIME);
    }
    return noted((stirred(one) >>> 0) % BLOCKS, stirred(other));
  };
};
