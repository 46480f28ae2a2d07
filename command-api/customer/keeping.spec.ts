import { expect } from 'chai';
import { customerEvents } from '#shared/customer/events.ts';
import { forgetting } from '#shared/customer/forgetting.ts';
import { erasureEvents } from '#shared/kernel/erasure.ts';
import { BEGINNING, type EventStore } from '#shared/kernel/event-store.ts';
import type { Contract, Schemas } from '#shared/kernel/message.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { keeping, type Keeping } from './keeping.ts';

const graceMs = 50;
const hash = keyedHash(Buffer.alloc(32, 7));
const ana = { name: 'Ana', email: 'Ana@example.com' };
const asked = (commandId: string) => ({ meta: { ...meta, commandId }, keyed: true });

const outcomeOf = (handled: { outcome: string; reason?: string }) =>
  handled.reason ?? handled.outcome;

/** A process that is killed at its nth step that leaves something behind: before it, or after. */
const killedAt = (fatal: number, when: 'before' | 'after') => {
  let steps = 0;
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    steps += 1;
    if (steps > fatal || (steps === fatal && when === 'before')) throw new Error('killed');
    const done = await work();
    if (steps === fatal) throw new Error('killed');
    return done;
  };
  return { step, wasReached: () => steps >= fatal };
};

const aWorld = () => {
  const keys = inMemoryKeys();
  const eventStore = inMemoryEventStore({ keys });
  const deps = { eventStore, hash, destroyKey: keys.destroy };
  const all = async <S extends Schemas>(contract: Contract<S>) => {
    const events = [];
    for await (const page of eventStore.pages(contract, BEGINNING)) events.push(...page.events);
    return events;
  };
  const killed = ({ step }: ReturnType<typeof killedAt>): Keeping => {
    const append: EventStore['append'] = (...given) => step(() => eventStore.append(...given));
    const destroyKey = (id: string) => step(() => keys.destroy(id));
    return keeping({ eventStore: { ...eventStore, append }, hash, destroyKey, graceMs });
  };
  return { keys, all, killed, forget: forgetting(deps), ...keeping({ ...deps, graceMs }) };
};
type World = ReturnType<typeof aWorld>;

/** Runs `story` once for every step at which a process can be killed. How many there were. */
const atEveryStep = async (
  story: (
    kill: (work: (keeping: Keeping) => Promise<unknown>) => Promise<void>,
    world: World,
  ) => Promise<void>,
): Promise<number> => {
  for (let nth = 1; ; nth++)
    for (const when of ['before', 'after'] as const) {
      const death = killedAt(nth, when);
      const world = aWorld();
      await story(async (work) => {
        await work(world.killed(death)).catch((error: unknown) => {
          if (!(error instanceof Error) || error.message !== 'killed') throw error;
        });
      }, world);
      if (!death.wasReached()) return nth - 1;
    }
};

describe('Keeping customers', function () {
  this.timeout(20_000);

  it('leaves no e-mail stuck, wherever registering is cut short', async () => {
    const steps = await atEveryStep(async (kill, { register, all }) => {
      await kill((dying) => dying.register(ana, asked('one')));
      const other = await register({ name: 'Bia', email: 'ANA@example.com' }, asked('two'));
      const made = await all(customerEvents);
      expect(made).to.have.length(1);
      expect(outcomeOf(other.handled)).to.equal(
        made[0]?.meta.commandId === 'two' ? 'accepted' : 'email-taken',
      );
    });
    expect(steps).to.equal(2);
  });

  it('goes on with what was cut short when it is asked again', async () => {
    await atEveryStep(async (kill, { register, all }) => {
      await kill((dying) => dying.register(ana, asked('one')));
      expect(outcomeOf((await register(ana, asked('one'))).handled)).to.equal('accepted');
      expect(await all(customerEvents)).to.have.length(1);
    });
  });

  it('leaves a customer exactly one e-mail, wherever a change is cut short', async () => {
    const steps = await atEveryStep(async (kill, { register, change, all }) => {
      const { id } = await register(ana, asked('one'));
      await kill((dying) => dying.change(id, { email: 'new@example.com' }, asked('change')));
      const isChanged = (await all(customerEvents)).length === 2;
      const [had, free] = isChanged
        ? ['new@example.com', ana.email]
        : [ana.email, 'new@example.com'];
      const taken = await register({ name: 'Bia', email: had }, asked('two'));
      expect(outcomeOf(taken.handled)).to.equal('email-taken');
      const given = await register({ name: 'Bia', email: free }, asked('three'));
      expect(outcomeOf(given.handled)).to.equal('accepted');
      const again = await change(id, { name: 'Ana Lima' }, asked('four'));
      expect(outcomeOf(again)).to.equal('accepted');
    });
    expect(steps).to.equal(3);
  });

  it('erases whoever was removed, wherever that is cut short', async () => {
    const steps = await atEveryStep(async (kill, world) => {
      const { register, forget, all } = world;
      const { id } = await register(ana, asked('one'));
      await kill((dying) => dying.remove(id, asked('remove')));
      const isRemoved = (await all(customerEvents)).length === 2;
      const receipt = await forget(id, { ...meta, commandId: 'job' });
      expect(receipt === undefined).to.equal(!isRemoved);
      if (!isRemoved) return;

      const [subject] = (await all(customerEvents)).map(({ data }) => data.subjectId);
      expect(await world.keys.find([subject ?? ''])).to.have.property('size', 0);
      expect(await all(erasureEvents)).to.have.length(1);
      expect(await forget(id, { ...meta, commandId: 'job again' })).to.deep.equal(receipt);
      const taken = await register({ name: 'Bia', email: ana.email }, asked('two'));
      expect(outcomeOf(taken.handled)).to.equal('accepted');
    });
    expect(steps).to.equal(4);
  });

  it('gives an e-mail up when it is changed or its customer removed', async () => {
    const { register, change, remove } = aWorld();
    const { id } = await register(ana, asked('one'));
    await change(id, { email: 'new@example.com' }, asked('change'));
    const second = await register({ ...ana, name: 'Bia' }, asked('two'));
    expect(outcomeOf(second.handled)).to.equal('accepted');
    expect(outcomeOf(await change(id, { email: 'ana@EXAMPLE.com' }, asked('back')))).to.equal(
      'email-taken',
    );
    await remove(second.id, asked('remove'));
    expect(outcomeOf(await change(id, { email: 'ana@EXAMPLE.com' }, asked('again')))).to.equal(
      'accepted',
    );
  });
});
