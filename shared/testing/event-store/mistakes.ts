import { expect } from 'chai';
import { UnknownEvent, type EventStore } from '#shared/kernel/event-store.ts';
import { Unreadable } from '#shared/kernel/schema.ts';
import { broken, fewerThingEvents, made, otherEvents, thingEvents } from '../a-thing.ts';
import { meta } from '../recorded.ts';
import { failure } from '../failure.ts';
import { aStream, first, happened, logAfter } from './support.ts';

export const itRefusesMistakes = (store: () => EventStore): void => {
  it('writes nothing when one of the events is not what it is declared to be', async () => {
    const name = aStream();
    const wrong = { type: 'ThingMade', data: { thingId: '1', size: 'large' } };
    const attempt = store().append(name, thingEvents, [made(), wrong as never], first);
    expect(await failure(attempt)).to.be.instanceOf(Unreadable);
    expect((await store().read(name, thingEvents)).revision).to.equal('no-stream');
  });

  it('writes only what a contract declares, to the streams it declares it for', async () => {
    const undeclared = store().append(aStream(), thingEvents, [happened as never], first);
    expect(await failure(undeclared)).to.be.instanceOf(TypeError);
    const elsewhere = store().append(aStream('other'), thingEvents, [made()], first);
    expect(await failure(elsewhere)).to.be.instanceOf(TypeError);
    const nothing = store().append(aStream(), thingEvents, [], first);
    expect(await failure(nothing)).to.be.instanceOf(TypeError);
  });

  it('stops at what the contract of a category does not declare', async () => {
    const name = aStream();
    const before = await store().end();
    await store().append(name, thingEvents, [made()], first);
    const at = await store().append(name, thingEvents, [broken()], { expected: 0n, meta });

    const reading = await failure(store().read(name, fewerThingEvents));
    const paging = await failure(logAfter(store(), fewerThingEvents, before));
    expect(reading).to.be.instanceOf(UnknownEvent);
    expect(paging).to.be.instanceOf(UnknownEvent);
    expect((reading as UnknownEvent).position).to.equal(at.position);
    expect((await store().read(name, thingEvents)).events).to.have.length(2);
  });

  it('pages up to right before what it cannot read', async () => {
    const name = aStream();
    const before = await store().end();
    await store().append(name, thingEvents, [made()], first);
    const other = await store().append(aStream('other'), otherEvents, [happened], first);
    await store().append(name, thingEvents, [broken()], { expected: 0n, meta });

    for (const follow of [undefined, new AbortController().signal]) {
      const seen: string[] = [];
      let reached = before;
      const paging = (async () => {
        for await (const { events, upTo } of store().pages(fewerThingEvents, before, follow)) {
          seen.push(...events.filter(({ stream }) => stream === name).map(({ type }) => type));
          reached = upTo;
        }
      })();
      expect(await failure(paging)).to.be.instanceOf(UnknownEvent);
      expect(seen).to.deep.equal(['ThingMade']);
      expect(reached).to.equal(other.position);
    }
  });
};
