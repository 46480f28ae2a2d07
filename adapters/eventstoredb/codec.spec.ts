import type { AllStreamRecordedEvent } from '@eventstore/db-client';
import { expect } from 'chai';
import { UnknownEvent } from '#shared/kernel/event-store.ts';
import { eventId } from '#shared/kernel/identity.ts';
import { aThing, made, relicEvents, thingEvents } from '#shared/testing/a-thing.ts';
import { meta } from '#shared/testing/recorded.ts';
import { decode, encode } from './codec.ts';

const traced = { ...meta, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };

/** What the server gives back for what it was given. */
const stored = ({ id, type, data, metadata }: ReturnType<typeof encode>) =>
  ({
    id,
    type,
    data,
    metadata,
    isJson: true,
    streamId: aThing,
    revision: 2n,
    created: new Date(0),
    position: { commit: 7n, prepare: 7n },
  }) as unknown as AllStreamRecordedEvent;

describe('The form of events in EventStoreDB', () => {
  it('has who and why in the metadata, under the names that EventStoreDB knows', () => {
    expect(encode(made(), 0, aThing, thingEvents, traced).metadata).to.deep.equal({
      $correlationId: 'a-correlation',
      $causationId: 'a-cause',
      commandId: 'a-command',
      fingerprint: 'a-body',
      actor: { id: 'someone', role: 'analyst' },
      at: '2026-01-15T12:00:00Z',
      traceparent: traced.traceparent,
      schemaVersion: 1,
    });
    const relic = { type: 'RelicFound', data: {} };
    expect(encode(relic, 0, 'relic-1', relicEvents, meta).metadata).to.include({
      schemaVersion: 3,
    });
  });

  it('gives each event the same id whenever it is written', () => {
    const [one, again, next] = [0, 0, 1].map((nth) =>
      encode(made(), nth, aThing, thingEvents, meta),
    );
    expect(one?.id)
      .to.equal(again?.id)
      .and.equal(eventId(meta, aThing, 0));
    expect(next?.id).to.equal(eventId(meta, aThing, 1));
  });

  it('comes back as it went', () => {
    for (const who of [meta, traced])
      expect(decode(stored(encode(made(), 0, aThing, thingEvents, who)))).to.deep.equal({
        ...made(),
        id: eventId(meta, aThing, 0),
        stream: aThing,
        revision: 2n,
        position: 7n,
        meta: who,
        version: 1,
      });
  });

  it('is not taken for ours when it does not say who and why', () => {
    const ours = stored(encode(made(), 0, aThing, thingEvents, meta));
    for (const metadata of [undefined, {}, { ...(ours.metadata as object), actor: 'Ana' }])
      expect(() => decode({ ...ours, metadata })).to.throw(UnknownEvent, 'position 7');
  });
});
