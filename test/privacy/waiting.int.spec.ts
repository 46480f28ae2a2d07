import { expect } from 'chai';
import { activationEvents, activationNoticeEvents } from '#shared/activation/events.ts';
import { anActivation, anotherActivation, submitted } from '#shared/activation/examples.ts';
import { intentTable, type IntentRow } from '#shared/effect/intent.ts';
import type { SubjectId } from '#shared/ids.ts';
import { erasing } from '#shared/kernel/erasure.ts';
import { systemClock } from '#shared/kernel/message.ts';
import { rebuildSchema } from '#shared/platform/rebuild-schema.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { activations } from '../../projections/activation/activations-view.ts';
import { tellCustomer } from '../../projections/activation/effects.ts';
import { tellCustomerOfActivation } from '../../projections/activation/reactions.ts';
import { addJobs } from '../../projections/jobs.ts';
import { callWaiting } from '../../projections/privacy/effects.ts';
import { callWhatWaitsForErased } from '../../projections/privacy/reactions.ts';
import { waitingIndexIn } from '../../projections/privacy/waiting-index.ts';
import { beginTogether, reactionFollower } from '../../projections/reaction-follower.ts';
import { sales } from '../../projections/sale/sales-view.ts';
import { viewFollower } from '../../projections/view-follower.ts';
import { anEffectDatabase, carryingOut, intents } from '../support/effects.ts';
import { following } from '../support/following.ts';
import { found } from '../support/found.ts';
import { silent } from '../support/silent.ts';

const DAY_MS = 86_400_000;
const ana = '5d0b2a52-3c5e-5a0e-9d0a-0000000000c1';
const bia = '5d0b2a52-3c5e-5a0e-9d0a-0000000000c2' as SubjectId;
const ofAna = submitted();
const ofBia = submitted({ activationId: anotherActivation, subjectId: bia });

describe('What waits for somebody who is erased', function () {
  this.timeout(180_000);
  const database = anEffectDatabase();
  before(() => rebuildSchema.up(database()));
  const mails = (rows: readonly IntentRow[]) => rows.filter(({ kind }) => kind === 'tell-customer');
  const statusOf = (rows: readonly IntentRow[], id: string) =>
    mails(rows).find(({ stream }) => stream === `activation-${id}`)?.status;

  it('comes to its end at once, on record, and nothing of anybody else does', async () => {
    const keys = inMemoryKeys();
    const eventStore = inMemoryEventStore({ keys });
    const db = database();
    const reacting = [tellCustomerOfActivation, callWhatWaitsForErased].map(reactionFollower);
    await beginTogether({ eventStore, db, log: silent }, reacting);
    const stop = following(
      { eventStore, db },
      ...reacting,
      ...[activations, sales].map(viewFollower),
    );
    for (const event of [ofAna, ofBia]) {
      const options = {
        expected: 'no-stream',
        meta: { ...meta, commandId: event.data.activationId },
      } as const;
      const stream = `activation-${event.data.activationId}`;
      await eventStore.append(stream, activationEvents, [event], options);
    }
    await found(
      () => intents(db),
      (rows) => mails(rows).length === 2,
    );
    // One of them is being tried, and whoever calls it is told so.
    const anas = { stream: `activation-${anActivation}` };
    const index = waitingIndexIn(db);
    const end = await eventStore.end();
    await found(
      () => index.hasReached(end),
      (reached) => reached,
    );
    expect(await index.callNow(ana)).to.equal(0);
    await db<IntentRow>(intentTable).where(anas).update({ held_by: 'somebody' });
    expect(await index.callNow(ana)).to.equal(1);
    await db<IntentRow>(intentTable).where(anas).update({ held_by: null });

    // They were tried, and come again tomorrow.
    const tomorrow = new Date(Date.now() + DAY_MS);
    const later = await db<IntentRow>(intentTable)
      .update({ next_attempt_at: tomorrow })
      .returning(['id', 'kind', 'next_attempt_at']);
    await addJobs(db, later);

    const sent: string[] = [];
    const send = ({ to }: { readonly to: string }) => Promise.resolve(void sent.push(to));
    const stopCarryingOut = carryingOut(
      database.url(),
      eventStore,
      tellCustomer({ eventStore, send, clock: systemClock }),
      callWaiting({ waiting: waitingIndexIn(db) }),
    );
    await erasing(eventStore, keys.destroy)(
      { subjectId: ana, what: ['email'] },
      { ...meta, commandId: 'erase' },
    );

    const rows = await found(
      () => intents(db),
      (all) => statusOf(all, anActivation) === 'DONE',
    );
    expect(statusOf(rows, anotherActivation)).to.equal('WAITING');
    expect(sent).to.deep.equal([]);
    const [mail] = mails(rows).filter(({ stream }) => stream === `activation-${anActivation}`);
    const notice = `activationNotice-${mail?.id ?? ''}`;
    const { events } = await eventStore.read(notice, activationNoticeEvents);
    expect(events.map(({ type, data }) => [type, 'why' in data && data.why])).to.deep.equal([
      ['CustomerNotificationFailed', 'person-erased'],
    ]);
    await stopCarryingOut();
    await stop();
  });
});
