/** A stretch of the log: behind one position, up to another. */
export type SealedStretch = {
  readonly after: bigint;
  readonly upTo: bigint;
  /** The id of an event whose inclusion is to be proved. */
  readonly event?: string;
};

/** That an event is in a tree: RFC 6962, 2.1.1. */
export type Inclusion = {
  readonly index: number;
  readonly leaf: string;
  /** Siblings, from the leaf up. */
  readonly path: readonly string[];
};

export type Digest = {
  /** The Merkle tree hash over all of them. */
  readonly root: string;
  readonly events: number;
  /** How many of them are seals themselves. */
  readonly seals: number;
  /** The position of the last of them; `after` where there is none. */
  readonly last: bigint;
  /** Of the event that was asked for; nothing when it is not there. */
  readonly inclusion?: Inclusion;
};

/** Reads a stretch of the log and hashes it, out of the way of whoever decides or answers. */
export type DigestLog = (stretch: SealedStretch) => Promise<Digest>;

/** As many stretches as may wait are being hashed or wait already. */
export class DigestBusy extends Error {
  override readonly name = 'DigestBusy';
}
