const BITS = 27;
const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a, stirred once more: names that differ in their last digit must not lie side by side. */
const hashed = (text: string, from: number, to: number): number => {
  let hash = FNV_START;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> (32 - BITS);
};

/**
 * Whether a name, or what stands in a text from one place to another, may have come before. Where
 * it says no, it has not; of a million names it is wrong about four in a thousand, and it never
 * takes more than 16 MiB, however many there are.
 */
export const perhapsAgain = (): ((text: string, from?: number, to?: number) => boolean) => {
  const seen = new Uint8Array(2 ** (BITS - 3));
  return (text, from = 0, to = text.length) => {
    const place = hashed(text, from, to);
    const [byte, bit] = [place >>> 3, 1 << (place & 7)];
    const before = seen[byte] ?? 0;
    seen[byte] = before | bit;
    return (before & bit) !== 0;
  };
};
