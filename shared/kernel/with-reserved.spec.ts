import { expect } from 'chai';
import { aTown, by } from '#shared/testing/a-town.ts';
import type { Handled } from './handle-command.ts';
import { withReserved, type Reservations } from './reservation.ts';

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
