import type { SaleId, SubjectId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import type { Meta } from '#shared/kernel/message.ts';
import { saleEvents } from '#shared/sale/events.ts';

/** In UTF-16 code units: at most 800 kB as ciphertext, so that it fits in one append. */
const LARGEST_PART = 200_000;

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;

/** What was sent, in parts that fit in an event each; no character is cut in two. */
export const partsOf = (text: string): readonly string[] => {
  const parts: string[] = [];
  let from = 0;
  do {
    const cut = Math.min(from + LARGEST_PART, text.length);
    const splits = cut < text.length && isHighSurrogate(text.charCodeAt(cut - 1));
    const to = splits ? cut - 1 : cut;
    parts.push(text.slice(from, to));
    from = to;
  } while (from < text.length);
  return parts;
};

export type RefusedBody = {
  readonly saleId: SaleId;
  readonly subjectId: SubjectId;
  readonly parts: readonly string[];
  readonly meta: Meta;
};

/**
 * Keeps what did not fit beside the refusal. Each part is an append of its own under its own
 * identity, so that whoever asks again goes on where the first attempt was cut short.
 */
export const keepRest = async (
  eventStore: EventStore,
  { saleId, subjectId, parts, meta }: RefusedBody,
): Promise<void> => {
  for (const [nth, received] of parts.slice(1).entries()) {
    const part = nth + 2;
    const data = { saleId, subjectId, part, received, at: meta.at };
    await eventStore.append(
      `sale-${saleId}`,
      saleEvents,
      [{ type: 'SaleRefusalContinued', data }],
      {
        expected: BigInt(nth),
        meta: { ...meta, commandId: derivedId('part', meta.commandId, String(part)) },
      },
    );
  }
};
