import { asPages, stillSealed } from '#shared/kernel/at-rest.ts';
import { categoryOf, type Page } from '#shared/kernel/event-store.ts';
import type { Contract, MessageOf, Schemas } from '#shared/kernel/message.ts';
import { decode } from './codec.ts';
import type { RawLog } from './raw-log.ts';
import type { RawEvent } from './raw-page.ts';

const positionOf = ({ position }: RawEvent) => position.commit;

/** @throws {UnknownEvent} */
const readBy = <S extends Schemas>(contract: Contract<S>, event: RawEvent) =>
  contract.categories.has(categoryOf(event.streamId))
    ? stillSealed(contract, decode(event))
    : undefined;

/** What a contract makes of a stretch of the log. @throws {UnknownEvent} */
export const pagesFrom = <S extends Schemas>(
  contract: Contract<S>,
  stretch: readonly RawEvent[],
): Generator<Page<MessageOf<S>>> =>
  asPages(stretch, positionOf, (event) => readBy(contract, event));

/** Checks events as they arrive. Where one cannot be read, what stands before it is a page. */
const toTheEnd = async function* <S extends Schemas>(
  log: RawLog,
  contract: Contract<S>,
  after: bigint,
): AsyncGenerator<Page<MessageOf<S>>> {
  let [good, position] = [after, after];
  let failure: { readonly error: unknown } | undefined;
  const pick = (event: RawEvent) => {
    if (failure) return undefined;
    try {
      const read = readBy(contract, event);
      good = positionOf(event);
      return read;
    } catch (error) {
      failure = { error };
      return undefined;
    }
  };
  const failed = () => failure;

  for await (const { events, upTo } of log.pieces(after, pick)) {
    const broken = failed();
    if (!broken) yield { events, upTo };
    else if (good > position) yield { events, upTo: good };
    if (broken) throw broken.error;
    position = upTo;
  }
};

export const pagesOf = async function* <S extends Schemas>(
  log: RawLog,
  contract: Contract<S>,
  after: bigint,
  follow?: AbortSignal,
): AsyncGenerator<Page<MessageOf<S>>> {
  if (!follow) {
    yield* toTheEnd(log, contract, after);
    return;
  }
  for await (const { events } of log.follow(after, follow)) {
    if (follow.aborted) return;
    yield* pagesFrom(contract, events);
  }
};
