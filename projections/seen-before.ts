/** Bits for seven million keys with one in a hundred taken for another: 8 MiB. */
const BITS = 2 ** 26;
const PROBES = 4;

/** The last characters have to reach all of the bits, too. */
const mixed = (hash: number): number => {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
};

/** FNV-1a, mixed. */
const hashOf = (key: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1)
    hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return mixed(hash);
};

/**
 * A Bloom filter: tells which keys were never added, in little memory however many were. What
 * `maybe` takes for added need not have been; what it does not was not.
 */
export const seenBefore = (bits = BITS) => {
  const words = new Uint32Array(bits / 32);
  const placeOf = (first: number, step: number, nth: number) =>
    ((first + Math.imul(step, nth)) >>> 0) % bits;

  return {
    add: (key: string): void => {
      const first = hashOf(key);
      const step = mixed(first ^ 0x5bd1e995) | 1;
      for (let nth = 0; nth < PROBES; nth += 1) {
        const place = placeOf(first, step, nth);
        words[place >>> 5] = (words[place >>> 5] ?? 0) | (1 << (place & 31));
      }
    },
    maybe: (key: string): boolean => {
      const first = hashOf(key);
      const step = mixed(first ^ 0x5bd1e995) | 1;
      for (let nth = 0; nth < PROBES; nth += 1) {
        const place = placeOf(first, step, nth);
        if (((words[place >>> 5] ?? 0) & (1 << (place & 31))) === 0) return false;
      }
      return true;
    },
  };
};
