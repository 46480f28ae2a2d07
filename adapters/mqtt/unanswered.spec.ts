import { expect } from 'chai';
import type { SwapId } from '#shared/ids.ts';
import type { Recorded } from '#shared/kernel/event-store.ts';
import type { Instant, Named } from '#shared/kernel/message.ts';
import { meta } from '#shared/testing/recorded.ts';
import type { SwapEvent } from '#shared/swap/events.ts';
import { completed, expired, published, started } from '#shared/swap/examples.ts';
import { swapIdOf } from '#shared/swap/number.ts';
import type { Started } from './deciding.ts';
import {
  ASK_AGAIN_AFTER_MS,
  LEAST_SILENCE_MS,
  MOST_PUBLICATIONS,
  timesAfter,
  unanswered,
} from './unanswered.ts';

const noon = Date.parse('2026-01-15T12:00:00.000Z');
const at = (ms: number) => new Date(noon + ms).toISOString() as Instant;
const inTheLog = <E extends SwapEvent>(event: E, stream = 'swap-x'): Recorded<E> => ({
  ...{ ...event, id: 'e', meta, stream, revision: 0n, position: 0n },
});
const startOf = (number: number) => {
  const swapId = swapIdOf(number);
  return inTheLog(started({ swapId, number }) as Named<SwapEvent, 'SwapStarted'>) as Started;
};
const of = (swapId: SwapId, event: SwapEvent) =>
  inTheLog({ ...event, data: { ...event.data, swapId } } as SwapEvent);

const publicationOf = (number: number, nth = 1, more: object = {}) => {
  const { data } = published() as Named<SwapEvent, 'SwapPublished'>;
  const swapId = swapIdOf(number);
  const publication = { ...data, ...more, swapId, publicationId: `${number}-${nth}` };
  return inTheLog({ type: 'SwapPublished', data: publication } as const);
};

describe('What nobody has answered yet', () => {
  const some = (numbers: readonly number[], most?: number) => {
    const waiting = unanswered(most);
    const done: number[] = [];
    for (const number of numbers) {
      waiting.begun(startOf(number), () => void done.push(number));
      waiting.heard(publicationOf(number));
    }
    const again = (ms: number) =>
      waiting.toAskAgain(at(ms)).map(({ started: { data } }) => data.number);
    return { ...waiting, done, again };
  };

  it('is asked again, when it was asked and there is time left', () => {
    const { again, begun, done } = some([1, 2]);
    begun(startOf(3), () => undefined);
    expect(again(LEAST_SILENCE_MS)).to.deep.equal([1, 2]);
    expect(again(LEAST_SILENCE_MS - 1)).to.deep.equal([]);
    expect(again(30_000)).to.deep.equal([]);
    expect(done).to.deep.equal([]);
  });

  it('is not asked again when it has ended, however it did', () => {
    const { again, heard, over, done } = some([1, 2, 3, 4]);
    heard(of(swapIdOf(1), completed()));
    heard(of(swapIdOf(2), expired()));
    over(swapIdOf(3));
    expect(again(1_000)).to.deep.equal([4]);
    expect(done).to.deep.equal([1, 2, 3]);
  });

  it('has no more time for having been asked again', () => {
    const { heard, toAskAgain, outOfTime, done } = some([1]);
    heard(publicationOf(1, 2, { at: at(9_000), answerBy: at(39_000) }));
    expect(toAskAgain(at(9_100))).to.deep.equal([]);
    expect(toAskAgain(at(12_000)).map(({ answerBy }) => answerBy)).to.deep.equal([at(30_000)]);
    outOfTime(at(29_999));
    expect(done).to.deep.equal([]);
    outOfTime(at(30_000));
    expect(done).to.deep.equal([1]);
  });

  it('is not asked without end', () => {
    const { again, heard } = some([1]);
    for (let nth = 2; nth <= MOST_PUBLICATIONS; nth++) {
      expect(again(1_000)).to.deep.equal([1]);
      heard(publicationOf(1, nth));
    }
    expect(again(1_000)).to.deep.equal([]);
  });

  it('is known to whoever asked before it is read, and counts once', () => {
    const { begun, heard, published: tell, again, standingOf } = some([]);
    begun(startOf(1), () => undefined);
    expect(standingOf(swapIdOf(1))).to.equal('to be asked');
    for (let nth = 1; nth < MOST_PUBLICATIONS; nth++) {
      tell(publicationOf(1, nth).data);
      heard(publicationOf(1, nth));
    }
    expect(standingOf(swapIdOf(1))).to.equal('asked');
    expect(again(1_000)).to.deep.equal([1]);
    heard(of(swapIdOf(1), completed()));
    expect(standingOf(swapIdOf(1))).to.equal('over');
  });

  it('is let go of, the oldest that was asked first, when there is too much of it', () => {
    const { again, done, begun } = some([1, 2, 3], 3);
    begun(startOf(4), () => undefined);
    expect(done).to.deep.equal([1]);
    expect(again(1_000)).to.deep.equal([2, 3]);
  });
});

describe('The time to ask again', () => {
  it('comes some times after each beginning', () => {
    let since: number | undefined = 100;
    const isTime = timesAfter(() => since);
    const times = (from: number) =>
      Array.from({ length: 400 }, (_, nth) => nth * 100).filter((ms) => isTime(from + ms));
    expect(times(100)).to.deep.equal([...ASK_AGAIN_AFTER_MS]);
    since = undefined;
    expect(times(50_000)).to.deep.equal([]);
    since = 100_000;
    expect(times(100_000)).to.deep.equal([...ASK_AGAIN_AFTER_MS]);
  });

  it('comes once for those that were missed', () => {
    const isTime = timesAfter(() => 0);
    expect([isTime(60_000), isTime(60_100)]).to.deep.equal([true, false]);
  });
});
