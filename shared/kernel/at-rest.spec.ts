import { expect } from 'chai';
import {
  anotherPerson,
  aPerson,
  aThing,
  firstRelicEvents,
  given,
  made,
  relicEvents,
  thingEvents,
  type ThingEvent,
} from '#shared/testing/a-thing.ts';
import { failure } from '#shared/testing/failure.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { recorded } from '#shared/testing/recorded.ts';
import { forTheLog, inClear, stillSealed, type AtRest } from './at-rest.ts';
import { UnknownEvent } from './event-store.ts';
import type { Message } from './message.ts';
import type { PersonalKeys } from './personal.ts';

const stored = (messages: readonly Message[], version = 1): AtRest[] =>
  recorded(messages, { stream: aThing }).map((event) => ({ ...event, version }));
const nameIn = ({ data }: Message) => (data as { name?: string | null }).name;

const counting = (keys: PersonalKeys) => {
  const asked: string[][] = [];
  const ask = (how: 'obtain' | 'find') => (people: readonly string[]) => {
    asked.push([how, ...people]);
    return keys[how](people);
  };
  return { asked, keys: { obtain: ask('obtain'), find: ask('find') } };
};

describe('Events at rest', () => {
  const people = [given(), given({ subjectId: anotherPerson, name: 'Bea' }), given(), made()];

  it('ask for the keys of all they are about in one go', async () => {
    const { asked, keys } = counting(inMemoryKeys());
    const sealed = await forTheLog(thingEvents, aThing, people, keys);
    const opened = await inClear(thingEvents, stored(sealed), keys);

    expect(opened.map(({ type, data }) => ({ type, data }))).to.deep.equal(people);
    expect(asked).to.deep.equal([
      ['obtain', aPerson, anotherPerson],
      ['find', aPerson, anotherPerson],
    ]);
  });

  it('ask for no key where nothing is personal', async () => {
    const { asked, keys } = counting(inMemoryKeys());
    const nobody: ThingEvent[] = [made(), given({ name: null })];
    const sealed = await forTheLog(thingEvents, aThing, nobody, keys);
    await inClear(thingEvents, stored(sealed), keys);
    expect(sealed).to.deep.equal(nobody);
    expect(asked).to.deep.equal([]);
  });

  it('hold no personal field in clear, and leave the given event as it was', async () => {
    const event = given({ nickname: 'Aninha' });
    const [sealed] = await forTheLog(thingEvents, aThing, [event], inMemoryKeys());
    expect(JSON.stringify(sealed)).not.to.match(/Ana|Aninha/);
    expect(event).to.deep.equal(given({ nickname: 'Aninha' }));
  });

  it('cannot pass one person’s field off as another’s', async () => {
    const keys = inMemoryKeys();
    const [ana, bea] = await forTheLog(thingEvents, aThing, people.slice(0, 2), keys);
    const forged = {
      type: 'ThingGiven',
      data: { ...(bea?.data as object), name: nameIn(ana ?? made()) },
    };
    const outcome = await failure(inClear(thingEvents, stored([forged]), keys));
    expect(outcome).to.be.instanceOf(UnknownEvent).and.have.property('cause');
  });

  it('are not read when a personal field of theirs was stored in clear', async () => {
    const plain = stored([given()]);
    const keys = inMemoryKeys();
    await keys.obtain([aPerson]);
    expect(await failure(inClear(thingEvents, plain, keys))).to.be.instanceOf(UnknownEvent);
    expect(() => plain.map((event) => stillSealed(thingEvents, event))).to.throw(UnknownEvent);
  });

  it('are written in today’s version, and never upcast on the way in', async () => {
    const today = { type: 'RelicFound', data: { relicId: '1', sizeInMm: 7 } } as const;
    const found = { type: 'RelicFound', data: { relicId: '1', size: '7' } } as const;
    expect(await forTheLog(relicEvents, 'relic-1', [today], inMemoryKeys())).to.deep.equal([today]);
    expect(
      await failure(forTheLog(relicEvents, 'relic-1', [found as never], inMemoryKeys())),
    ).to.have.property('name', 'Unreadable');
    const [older] = await forTheLog(firstRelicEvents, 'relic-1', [found], inMemoryKeys());
    const [read] = stored([older ?? today]).map((event) => stillSealed(relicEvents, event));
    expect(read?.data).to.deep.equal({ relicId: '1', sizeInMm: 70 });
  });
});
