import { expect } from 'chai';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { anotherPerson, aPerson, given, thingEvents } from '../a-thing.ts';
import { inMemoryKeys, type DestructibleKeys } from '../in-memory-keys.ts';
import { failure } from '../failure.ts';
import { aStream, first, logAfter } from './support.ts';

export const itSeals = (store: (keys: DestructibleKeys) => EventStore): void => {
  const events = [given(), given({ subjectId: anotherPerson, name: 'Bea', nickname: 'B' })];
  const names = (found: readonly { readonly data: object }[]) =>
    found.map(({ data }) => ('name' in data ? data.name : undefined));

  it('shows personal fields to whoever reads a stream, until the person is erased', async () => {
    const keys = inMemoryKeys();
    const name = aStream();
    await store(keys).append(name, thingEvents, events, first);
    const before = await store(keys).read(name, thingEvents);
    expect(before.events.map(({ data }) => data)).to.deep.equal(events.map(({ data }) => data));

    await keys.destroy(anotherPerson);
    const after = await store(keys).read(name, thingEvents);
    expect(names(after.events)).to.deep.equal(['Ana', null]);
    expect(after.events[1]?.data).to.include({ nickname: null, subjectId: anotherPerson });
  });

  it('shows them to nobody who pages through the log', async () => {
    const keys = inMemoryKeys();
    const name = aStream();
    const before = await store(keys).end();
    await store(keys).append(name, thingEvents, events, first);
    const log = await logAfter(store(keys), thingEvents, before);
    const found = names(log.events.filter(({ stream }) => stream === name));
    expect(found).to.have.length(2);
    for (const shown of found) expect(shown).to.match(/^sealed:1:[\w-]+$/);
  });

  it('keeps nothing more about a person who was erased', async () => {
    const keys = inMemoryKeys();
    const name = aStream();
    await keys.destroy(aPerson);
    const attempt = store(keys).append(name, thingEvents, [given()], first);
    expect(await failure(attempt)).to.have.property('name', 'Erased');
    expect((await store(keys).read(name, thingEvents)).revision).to.equal('no-stream');
    await store(keys).append(name, thingEvents, [given({ name: null })], first);
  });
};
