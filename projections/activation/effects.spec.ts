import { expect } from 'chai';
import { activationEvents, activationNoticeEvents } from '#shared/activation/events.ts';
import { anActivation, noon, rejected, submitted } from '#shared/activation/examples.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { tellCustomer } from './effects.ts';
import { tellCustomerOfActivation } from './reactions.ts';

const stream = `activation-${anActivation}`;

/** A log in which an activation was rejected, and what the reaction makes of each of its events. */
const rejectedActivation = async () => {
  const keys = inMemoryKeys();
  const eventStore = inMemoryEventStore({ keys });
  await eventStore.append(stream, activationEvents, [submitted(), rejected()], {
    expected: 'no-stream',
    meta,
  });
  const sent: { messageId: string; to: string; text: string }[] = [];
  const effect = tellCustomer({
    eventStore,
    clock: () => noon,
    send: (mail) => Promise.resolve(void sent.push(mail)),
  });

  const { events } = await eventStore.read(stream, activationEvents);
  const intents = events.map((event) => {
    const intent = tellCustomerOfActivation.on[event.type](event as never);
    if (!intent) throw new Error('The customer hears of everything');
    return { ...intent, id: event.id, eventId: event.id, correlationId: 'c-1' };
  });
  const carryOut = (nth: number) => {
    const intent = intents[nth];
    if (!intent) throw new Error('There is no such intent');
    const attempt = { attempt: 1, signal: AbortSignal.timeout(1_000), idempotencyKey: intent.id };
    return effect.carryOut(intent, attempt);
  };
  const outcomes = async (nth: number) => {
    const name = `activationNotice-${intents[nth]?.id ?? ''}`;
    return (await eventStore.read(name, activationNoticeEvents)).events;
  };
  return { keys, effect, intents, sent, carryOut, outcomes };
};

describe('The customer of an activation', () => {
  it('is to be told of each event, by intents that name nobody', async () => {
    const { intents } = await rejectedActivation();
    expect(intents.map(({ kind, stream: about, data }) => ({ kind, about, data }))).to.deep.equal(
      ['ActivationSubmitted', 'ActivationRejected'].map((about) => ({
        kind: 'tell-customer',
        about: stream,
        data: { activationId: anActivation, about },
      })),
    );
    expect(JSON.stringify(intents)).to.not.include('ana');
  });

  it('is told what happened, and it is put on record in a stream apart', async () => {
    const { carryOut, sent, intents, outcomes } = await rejectedActivation();
    await carryOut(1);
    expect(sent).to.have.length(1);
    expect(sent[0]).to.include({
      messageId: `<${intents[1]?.id ?? ''}@lastro>`,
      to: 'ana@example.com',
    });
    expect(sent[0]?.text).to.include('No contract');
    const [outcome] = await outcomes(1);
    expect(outcome).to.include({ type: 'CustomerNotified' });
    expect(outcome?.data).to.include({ about: 'ActivationRejected', at: noon });
    expect(outcome?.meta).to.include({ causationId: intents[1]?.id, correlationId: 'c-1' });
  });

  it('is told once, though the job comes twice', async () => {
    const { carryOut, sent, outcomes } = await rejectedActivation();
    await carryOut(0);
    await carryOut(0);
    expect(sent).to.have.length(1);
    expect(await outcomes(0)).to.have.length(1);
  });

  it('is not told any more once erased, and that is on record', async () => {
    const { keys, carryOut, sent, outcomes } = await rejectedActivation();
    await keys.destroy('5d0b2a52-3c5e-5a0e-9d0a-0000000000c1');
    await carryOut(0);
    await carryOut(0);
    expect(sent).to.deep.equal([]);
    const failed = (await outcomes(0)).map(({ type, data }) => [type, 'why' in data && data.why]);
    expect(failed).to.deep.equal([['CustomerNotificationFailed', 'person-erased']]);
  });

  it('may still be told after it was given up and an operator had it tried afresh', async () => {
    const { effect, carryOut, intents, sent, outcomes } = await rejectedActivation();
    const [intent] = intents;
    const givenUp = { attempts: 30, error: 'No answer', round: 0, at: noon };
    if (intent) await effect.onParked?.(intent, givenUp);
    if (intent) await effect.onParked?.(intent, givenUp);
    await carryOut(0);
    expect(sent).to.have.length(1);
    expect((await outcomes(0)).map(({ type }) => type)).to.deep.equal([
      'CustomerNotificationFailed',
      'CustomerNotified',
    ]);
  });
});
