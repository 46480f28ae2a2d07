import { expect } from 'chai';
import { aTown, by } from '#shared/testing/a-town.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';

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
