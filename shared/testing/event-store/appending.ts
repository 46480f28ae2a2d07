import { expect } from 'chai';
import { StreamMoved, type EventStore } from '#shared/kernel/event-store.ts';
import { broken, made, thingEvents } from '../a-thing.ts';
import { meta } from '../recorded.ts';
import { failure } from '../failure.ts';
import { aStream, by, first, logAfter } from './support.ts';

const itAppends = (store: () => EventStore): void => {
  it('gives back what was appended, in order, with who and why', async () => {
    const name = aStream();
    const who = { ...meta, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const at = await store().append(name, thingEvents, [made(), broken()], { ...first, meta: who });
    const { events, revision } = await store().read(name, thingEvents);

    expect(events.map(({ type, data }) => ({ type, data }))).to.deep.equal([made(), broken()]);
    expect(events.map((event) => event.meta)).to.deep.equal([who, who]);
    expect(events.map((event) => [event.stream, event.revision])).to.deep.equal([
      [name, 0n],
      [name, 1n],
    ]);
    expect([revision, at.revision, at.position]).to.deep.equal([1n, 1n, events[1]?.position]);
  });

  it('knows a stream that was never written to', async () => {
    const { events, revision } = await store().read(aStream(), thingEvents);
    expect({ events, revision }).to.deep.equal({ events: [], revision: 'no-stream' });
  });

  it('lets one of two writers through', async () => {
    const name = aStream();
    const race = ['a', 'b'].map((command) =>
      store().append(name, thingEvents, [made()], { ...first, meta: by(command) }),
    );
    const outcomes = await Promise.allSettled(race);
    expect(outcomes.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
    const lost = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(lost?.reason).to.be.instanceOf(StreamMoved).and.to.have.property('now', 0n);
    expect((await store().read(name, thingEvents)).events).to.have.length(1);
  });

  it('refuses a writer who expects more than there is', async () => {
    const name = aStream();
    const early = store().append(name, thingEvents, [broken()], { expected: 3n, meta });
    const refused = await failure(early);
    expect(refused).to.be.instanceOf(StreamMoved).and.to.have.property('now', 'no-stream');
  });
};

const itTellsRepeats = (store: () => EventStore): void => {
  it('answers a repeat as it answered at first, and adds nothing', async () => {
    const name = aStream();
    const once = await store().append(name, thingEvents, [made(), broken()], first);
    await store().append(name, thingEvents, [broken()], { expected: 1n, meta: by('b') });
    const again = await store().append(name, thingEvents, [made(), broken()], first);

    expect(again).to.deep.equal(once);
    expect((await store().read(name, thingEvents)).events).to.have.length(3);
  });

  it('does not take half of a repeat for a repeat', async () => {
    const name = aStream();
    await store().append(name, thingEvents, [made(), broken()], first);
    const more = store().append(name, thingEvents, [made(), broken(), broken()], first);
    expect(await failure(more)).to.be.instanceOf(StreamMoved);
  });
};

const itOrdersWriters = (store: () => EventStore): void => {
  it('orders many writers, each of whom is answered for itself', async () => {
    const names = Array.from({ length: 30 }, () => aStream());
    const before = await store().end();
    const ends = await Promise.all(
      names.map((name) => store().append(name, thingEvents, [made(), broken()], first)),
    );
    const { events } = await logAfter(store(), thingEvents, before);
    const ours = events.filter(({ stream }) => names.includes(stream));

    expect(ours).to.have.length(60);
    expect(ours.every(({ position }, nth) => position > (ours[nth - 1]?.position ?? -1n))).to.equal(
      true,
    );
    for (const [nth, name] of names.entries())
      expect(ours.findLast(({ stream }) => stream === name)?.position).to.equal(
        ends[nth]?.position,
      );
  });
};

export const itAppendsOnce = (store: () => EventStore): void => {
  itAppends(store);
  itTellsRepeats(store);
  itOrdersWriters(store);
};
