/** What a stream's metadata says about which of its events are still to be seen. */
export type Retention = {
  readonly maxCount?: number;
  readonly maxAgeMs?: number;
  /** The first revision that is still to be seen. */
  readonly truncateBefore?: number;
};

/** `$tb` of a soft-deleted stream. JSON readers cannot hold it exactly: any as large will do. */
const ALL_EVENTS = '9223372036854775807';
const LARGEST_EXACT = 2 ** 53;

const amount = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 ? value : undefined;

/** What cannot be read says nothing. */
const stated = (metadata: Uint8Array): Record<string, unknown> => {
  try {
    const read: unknown = JSON.parse(Buffer.from(metadata).toString());
    return read !== null && typeof read === 'object' ? { ...read } : {};
  } catch {
    return {};
  }
};

export const retentionFrom = (metadata: Uint8Array): Retention => {
  const { $maxCount, $maxAge, $tb } = stated(metadata);
  const [maxCount, seconds, truncateBefore] = [$maxCount, $maxAge, $tb].map(amount);
  return {
    ...(maxCount !== undefined && { maxCount }),
    ...(seconds !== undefined && { maxAgeMs: seconds * 1000 }),
    ...(truncateBefore !== undefined && { truncateBefore }),
  };
};

/** The same metadata, but for where the stream now begins. */
export const withTruncation = (metadata: Uint8Array, before: number | 'all'): string =>
  before === 'all' ? `{"$tb":${ALL_EVENTS}}` : JSON.stringify({ ...stated(metadata), $tb: before });

export const isSoftDeleted = (retention: Retention | undefined): boolean =>
  (retention?.truncateBefore ?? 0) >= LARGEST_EXACT;

/** The first revision to be seen in a stream that ends at `last`. */
export const firstVisible = (retention: Retention | undefined, last: number): number =>
  Math.max(0, retention?.truncateBefore ?? 0, last - (retention?.maxCount ?? Infinity) + 1);
