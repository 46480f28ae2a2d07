import { encode } from '../adapters/eventstoredb/codec.ts';
import { draftOn } from '../embedded/eventstore/draft.ts';
import { openLog } from '../embedded/eventstore/log.ts';
import { activationEvents, type ActivationEvent } from '#shared/activation/events.ts';
import { anActivation, approved, rejected, submitted } from '#shared/activation/examples.ts';
import type { ActivationId, CompanyId, CustomerMid, SubjectId } from '#shared/ids.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import type { Instant, Meta } from '#shared/kernel/message.ts';
import { seal } from '#shared/kernel/personal.ts';

const PER_COMMIT = 2_000;
const COMPANIES = 30;
const FIRST_AT = Date.UTC(2026, 0, 1);
/** So many submissions come before a request is decided; one in ten waits much longer. */
const SOON = 2_000;
const LATE = 100_000;
const LATE_EVERY = 10;

const KEY = Buffer.alloc(32, 7);
const idOf = (kind: string, nth: number) => derivedId('bench', kind, String(nth));
const atOf = (nth: number) => new Date(FIRST_AT + nth * 10).toISOString() as Instant;

const submission = (nth: number): ActivationEvent => {
  const subjectId = idOf('person', nth) as SubjectId;
  const place = { subjectId, field: 'customerEmail' };
  return submitted({
    activationId: idOf('activation', nth) as ActivationId,
    companyId: String((nth % COMPANIES) + 1) as CompanyId,
    customerMid: `customer-${nth}` as CustomerMid,
    customerEmail: seal(`customer-${nth}@example.com`, KEY, place),
    subjectId,
    at: atOf(nth),
  });
};

const verdict = (nth: number, at: Instant): ActivationEvent => {
  const activationId = idOf('activation', nth) as ActivationId;
  return nth % 5 === 0 ? rejected({ activationId, at }) : approved({ activationId, at });
};

type Happening = {
  readonly nth: number;
  readonly revision: 0 | 1;
  readonly event: ActivationEvent;
};

/** Half of them submissions, half verdicts, in the order in which a log would have them. */
const happenings = function* (from: number, to: number): Generator<Happening> {
  const due = new Map<number, number[]>();
  const decided = function* (at: number): Generator<Happening> {
    for (const nth of due.get(at) ?? []) yield { nth, revision: 1, event: verdict(nth, atOf(at)) };
    due.delete(at);
  };
  for (let nth = from; nth < to; nth += 1) {
    yield { nth, revision: 0, event: submission(nth) };
    const when = Math.min(to - 1, nth + (nth % LATE_EVERY === 0 ? LATE : SOON));
    due.set(when, [...(due.get(when) ?? []), nth]);
    if (nth < to - 1) yield* decided(nth);
  }
  yield* decided(to - 1);
};

const metaOf = ({ nth, revision, event }: Happening): Meta => ({
  commandId: idOf(`command-${revision}`, nth),
  fingerprint: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA',
  correlationId: idOf(`request-${revision}`, nth),
  causationId: idOf(`request-${revision}`, nth),
  actor: { id: anActivation, role: revision === 0 ? 'partner' : 'analyst' },
  at: event.data.at,
});

const written = (happening: Happening) => {
  const stream = `activation-${happening.event.data.activationId}`;
  const { id, type, data, metadata } = encode(
    happening.event,
    happening.revision,
    stream,
    activationEvents,
    metaOf(happening),
  );
  const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
  const event = { id, type, contentType: 'application/json' };
  return { stream, event: { ...event, data: bytes(data), metadata: bytes(metadata) } };
};

/**
 * Puts activations into a log that nobody serves meanwhile, many to a transaction: two events of
 * each. Gives the position of the last event for every count of events that is asked for.
 */
export const fillLog = async (
  directory: string,
  { from, to }: { readonly from: number; readonly to: number },
  counts: readonly number[],
): Promise<ReadonlyMap<number, number>> => {
  const log = openLog(directory);
  const positions = new Map<number, number>();
  let draft = draftOn(log, FIRST_AT);
  let made = 0;
  try {
    for (const happening of happenings(from, to)) {
      const { stream, event } = written(happening);
      const { position } = draft.append(stream, [event]);
      made += 1;
      if (counts.includes(made)) positions.set(made, position);
      if (made % PER_COMMIT > 0) continue;
      await log.commit(draft.changes());
      draft = draftOn(log, FIRST_AT);
    }
    if (made % PER_COMMIT > 0) await log.commit(draft.changes());
    return positions;
  } finally {
    await log.close();
  }
};
