import { asPages, stillSealed } from '#shared/kernel/at-rest.ts';
import { categoryOf, type Page } from '#shared/kernel/event-store.ts';
import type { Contract, MessageOf, Schemas } from '#shared/kernel/message.ts';
import { decode } from './codec.ts';
import type { RawLog } from './raw-log.ts';
import type { RawEvent, RawPage } from './raw-page.ts';

const positionOf = ({ position }: RawEvent) => position.commit;

/** What a contract makes of a stretch of the log. @throws {UnknownEvent} */
export const pagesFrom = <S extends Schemas>(
  contract: Contract<S>,
  stretch: readonly RawEvent[],
): Generator<Page<MessageOf<S>>> =>
  asPages(stretch, positionOf, (event) =>
    contract.categories.has(categoryOf(event.streamId))
      ? stillSealed(contract, decode(event))
      : undefined,
  );

/** The next page is on its way while the one before is dealt with. */
const toTheEnd = async function* (log: RawLog, after: bigint): AsyncGenerator<RawPage> {
  let coming: Promise<RawPage> | undefined = log.page(after);
  while (coming) {
    const page: RawPage = await coming;
    coming = page.more ? log.page(page.upTo) : undefined;
    // Whoever stops here does not hear of it; whoever goes on does, above.
    coming?.catch(() => undefined);
    if (page.events.length > 0) yield page;
  }
};

export const pagesOf = async function* <S extends Schemas>(
  log: RawLog,
  contract: Contract<S>,
  after: bigint,
  follow?: AbortSignal,
): AsyncGenerator<Page<MessageOf<S>>> {
  const pages = follow ? log.follow(after, follow) : toTheEnd(log, after);
  for await (const { events } of pages) {
    if (follow?.aborted) return;
    yield* pagesFrom(contract, events);
  }
};
