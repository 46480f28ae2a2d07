import { createHash } from 'node:crypto';

// RFC 6962 and RFC 9162 once more, from their text and sharing nothing with what they check here:
// recursive where the other one streams, and a verifier that the other side does not have.

const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** MTH({d}) = SHA-256(0x00 || d). */
export const hashOfLeaf = (data: Uint8Array): Buffer => sha256(Buffer.of(0), data);
const hashOfChildren = (left: Uint8Array, right: Uint8Array): Buffer =>
  sha256(Buffer.of(1), left, right);

/** The largest power of two smaller than n. */
const splitOf = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));

/** RFC 6962, 2.1: the Merkle tree hash of leaves that are hashed already. */
export const treeHash = (leaves: readonly Buffer[]): Buffer => {
  const [only] = leaves;
  if (!only) return sha256();
  if (leaves.length === 1) return only;
  const k = splitOf(leaves.length);
  return hashOfChildren(treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
};

/** RFC 6962, 2.1.1: PATH(m, D[n]). */
export const auditPath = (m: number, leaves: readonly Buffer[]): Buffer[] => {
  if (leaves.length <= 1) return [];
  const k = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return m < k
    ? [...auditPath(m, left), treeHash(right)]
    : [...auditPath(m - k, right), treeHash(left)];
};

export type Proof = {
  readonly leaf: string;
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
  readonly root: string;
};

const bytes = (hex: string) => Buffer.from(hex, 'hex');

/** RFC 9162, 2.1.3.2: whether a leaf is where a proof says it is. */
export const isProved = ({ leaf, index, size, path, root }: Proof): boolean => {
  if (index >= size) return false;
  let fn = index;
  let sn = size - 1;
  let r: Buffer = bytes(leaf);
  for (const hex of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = hashOfChildren(bytes(hex), r);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else r = hashOfChildren(r, bytes(hex));
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && r.toString('hex') === root;
};

/** Canonical JSON of what has only been read from JSON: names sorted, nothing between the tokens. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, part]) => `${JSON.stringify(name)}:${canonicalJson(part)}`).join(',')}}`;
};
