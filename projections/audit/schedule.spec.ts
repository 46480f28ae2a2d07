import { expect } from 'chai';
import type { DigestLog } from '#shared/audit/ports.ts';
import { SEALS, sealEvents } from '#shared/audit/events.ts';
import type { Instant } from '#shared/kernel/message.ts';
import { aThing, made, thingEvents } from '#shared/testing/a-thing.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta, noon } from '#shared/testing/recorded.ts';
import { sealRegularly } from './schedule.ts';

const ONE = '2026-01-15T13:00:00.000Z' as Instant;
const TWO = '2026-01-15T14:00:00.000Z' as Instant;

/** As if every stretch held one event and no seal; it is the times that are specified here. */
const digest: DigestLog = ({ upTo }) =>
  Promise.resolve({ root: 'a'.repeat(64), events: 1, seals: 0, last: upTo });

const aSchedule = async () => {
  const eventStore = inMemoryEventStore();
  await eventStore.append(aThing, thingEvents, [made()], { expected: 'no-stream', meta });
  const schedule = sealRegularly({ eventStore, digest, clock: () => noon }, '0 * * * *');
  const seals = async () => (await eventStore.read(SEALS, sealEvents)).events;
  return { schedule, seals };
};

describe('Seals that are made regularly', () => {
  it('are made once for each time, though it comes twice', async () => {
    const { schedule, seals } = await aSchedule();
    for (const due of [ONE, ONE, TWO, ONE, TWO]) await schedule.run(due);
    const made = await seals();
    expect(made).to.have.length(2);
    expect(made[1]?.data.previous).to.equal(made[0]?.data.root);
    expect(made[1]?.data.from).to.equal(made[0]?.data.to);
  });

  it('say that nobody asked for them', async () => {
    const { schedule, seals } = await aSchedule();
    await schedule.run(ONE);
    const [seal] = await seals();
    expect(seal?.meta.actor).to.deep.equal({ id: 'seal-schedule', role: 'system' });
    expect(seal?.meta.at).to.equal(noon);
  });
});
