import { contract, type MessagesIn } from '#shared/kernel/message.ts';
import { Type } from '#shared/kernel/type.ts';

const position = Type.String({ pattern: '^(0|[1-9]\\d{0,18})$' });
/** SHA-256, in lower-case hex. */
const hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
const nothing = Type.Null();

/** The only one of its kind: all seals are one chain. */
export const SEALS = 'seals';

// Stored for ever. Add an optional field, or a new event; never rename, retype or remove.
export const sealEvents = contract(SEALS, {
  SealMade: Type.Object({
    /** Where the seal before this one ends, and this one begins behind; `null` in the first. */
    from: Type.Union([position, nothing]),
    /** Where it ends, this event included. */
    to: position,
    /** How many there are after `from`, up to `to`. */
    events: Type.Integer({ minimum: 1 }),
    /** The Merkle tree hash over all of them, as docs/audit.md has it. */
    root: hash,
    /** The root of the seal before this one; `null` in the first. */
    previous: Type.Union([hash, nothing]),
  }),
});

export type SealEvent = MessagesIn<typeof sealEvents>;
