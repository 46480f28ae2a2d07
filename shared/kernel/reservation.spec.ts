import { expect } from 'chai';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import type { EventStore } from './event-store.ts';
import type { Handled } from './handle-command.ts';
import { keyedHash } from './personal.ts';
import {
  reservationEvents,
  reservationsIn,
  withReserved,
  type Release,
  type Reservations,
} from './reservation.ts';

const hash = keyedHash(Buffer.alloc(32, 1));
const by = (commandId: string) => ({ ...meta, commandId });

/** People and the names they have, where a name may be had by one of them. */
const aTown = (eventStore: EventStore = inMemoryEventStore(), graceMs = 150) => {
  const names = new Map<string, string>();
  const has = (holder: string, value: string) => Promise.resolve(names.get(holder) === value);
  const reservations = reservationsIn(eventStore, { kind: 'name', hash, has, graceMs });
  return {
    ...reservations,
    eventStore,
    names,
    reserved: async (value: string, holder: string, commandId: string): Promise<Release> => {
      const release = await reservations.reserve(value, holder, by(commandId));
      if (release === 'taken') throw new Error(`${value} is taken`);
      return release;
    },
    events: async () => {
      const events = [];
      for await (const page of eventStore.pages(reservationEvents, -1n))
        events.push(...page.events);
      return events;
    },
  };
};

describe('A reserved value', () => {
  it('is not had by a second holder', async () => {
    const town = aTown();
    await town.reserved('Ana', 'a', 'first');
    town.names.set('a', 'Ana');
    expect(await town.reserve('Ana', 'b', by('second'))).to.equal('taken');
    await town.reserved('Bia', 'b', 'third');
  });

  it('stands in the log, but not so that it can be read there', async () => {
    const town = aTown();
    await town.reserved('Ana', 'a', 'first');
    const [event] = await town.events();
    expect(event).to.deep.include({ type: 'ValueReserved' });
    expect(event?.data).to.deep.include({ kind: 'name', holder: 'a', commandId: 'first' });
    expect(JSON.stringify([event?.stream, event?.data, event?.id])).to.not.include('Ana');
  });

  it('is reserved once for a command that asks again, and for a holder that has it', async () => {
    const town = aTown();
    await town.reserved('Ana', 'a', 'first');
    await town.reserved('Ana', 'a', 'first');
    town.names.set('a', 'Ana');
    await town.reserved('Ana', 'a', 'second');
    expect(await town.events()).to.have.length(1);
  });

  it('goes to one of fifty who want it at once', async () => {
    const town = aTown();
    const wanting = Array.from({ length: 50 }, async (_, nth) => {
      const holder = String(nth);
      const release = await town.reserve('Ana', holder, by(holder));
      if (release !== 'taken') town.names.set(holder, 'Ana');
      return release;
    });
    const outcomes = await Promise.all(wanting);
    expect(outcomes.filter((outcome) => outcome === 'taken')).to.have.length(49);
    expect([...town.names.values()]).to.deep.equal(['Ana']);
  });

  it('is waited for while it may still be given back', async () => {
    const town = aTown(inMemoryEventStore(), 5_000);
    const release = await town.reserved('Ana', 'a', 'first');
    const second = town.reserved('Ana', 'b', 'second');
    await release(by('first'));
    await second;
    expect((await town.events()).map(({ type, data }) => [type, data.holder])).to.deep.equal([
      ['ValueReserved', 'a'],
      ['ValueReleased', 'a'],
      ['ValueReserved', 'b'],
    ]);
  });

  it('that came to nothing is taken over, but not before its time', async () => {
    const town = aTown();
    await town.reserved('Ana', 'a', 'first');
    const started = performance.now();
    await town.reserved('Ana', 'b', 'second');
    expect(performance.now() - started).to.be.greaterThan(140);
    expect((await town.events()).map(({ data }) => data.holder)).to.deep.equal(['a', 'b']);
  });

  it('is not the holder’s only because another command of theirs is under way', async () => {
    const town = aTown();
    const release = await town.reserved('Ana', 'a', 'first');
    const second = town.reserved('Ana', 'a', 'second');
    await release(by('first'));
    await second;
    town.names.set('a', 'Ana');
    expect(await town.reserve('Ana', 'b', by('third'))).to.equal('taken');
  });

  it('is not given back by whom it was taken over from', async () => {
    const town = aTown();
    const release = await town.reserved('Ana', 'a', 'first');
    await town.reserved('Ana', 'b', 'second');
    await release(by('first'));
    expect((await town.events()).map(({ type }) => type)).to.not.include('ValueReleased');
  });

  it('is free again once its holder has another one', async () => {
    const town = aTown(inMemoryEventStore(), 5_000);
    await town.reserved('Ana', 'a', 'first');
    town.names.set('a', 'Ana');
    const release = await town.releasing('Ana', 'a');
    town.names.set('a', 'Bia');
    await release(by('second'));
    await town.reserved('Ana', 'b', 'third');
  });

  it('is not given back while its holder has it, nor by anybody else', async () => {
    const town = aTown();
    await town.reserved('Ana', 'a', 'first');
    town.names.set('a', 'Ana');
    await (
      await town.releasing('Ana', 'a')
    )(by('second'));
    await (
      await town.releasing('Ana', 'b')
    )(by('third'));
    expect(await town.events()).to.have.length(1);
  });

  it('may be taken and given back by the same command more than once', async () => {
    const town = aTown(inMemoryEventStore(), 5_000);
    for (let nth = 0; nth < 3; nth++) await (await town.reserved('Ana', 'a', 'first'))(by('first'));
    const events = await town.events();
    expect(events).to.have.length(6);
    expect(new Set(events.map(({ id }) => id)).size).to.equal(6);
  });
});

describe('A command that needs a value', () => {
  const made: Handled<string, 'refused'> = {
    outcome: 'accepted',
    state: 'made',
    revision: 0n,
    position: 0n,
    replayed: false,
  };
  const ana = { value: 'Ana', holder: 'a', taken: 'name-taken' } as const;
  const run = (
    reservations: Reservations,
    outcome: () => Promise<Handled<string, 'refused' | 'name-taken'>>,
  ) =>
    withReserved(reservations, ana, by('first'), async (secure) => {
      const lacking = await secure();
      return lacking === undefined ? outcome() : { outcome: 'refused', reason: lacking };
    });

  it('keeps it when it is accepted', async () => {
    const town = aTown();
    expect(await run(town, () => Promise.resolve(made))).to.equal(made);
    expect((await town.events()).map(({ type }) => type)).to.deep.equal(['ValueReserved']);
  });

  it('gives it back when it is refused after all', async () => {
    const town = aTown();
    await run(town, () => Promise.resolve({ outcome: 'refused', reason: 'refused' }));
    expect((await town.events()).map(({ type }) => type)).to.deep.equal([
      'ValueReserved',
      'ValueReleased',
    ]);
  });

  it('is refused without it', async () => {
    const town = aTown();
    await town.reserved('Ana', 'b', 'another');
    town.names.set('b', 'Ana');
    expect(await run(town, () => Promise.resolve(made))).to.deep.equal({
      outcome: 'refused',
      reason: 'name-taken',
    });
  });

  it('leaves it where it is when nobody knows what became of the command', async () => {
    const town = aTown();
    const lost = await run(town, () => Promise.reject(new Error('no answer'))).catch(
      (error: unknown) => error,
    );
    expect(lost).to.have.property('message', 'no answer');
    expect((await town.events()).map(({ type }) => type)).to.deep.equal(['ValueReserved']);
  });
});
