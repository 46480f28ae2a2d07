import { expect } from 'chai';
import { stoodAt, type Fold } from '#shared/kernel/fold.ts';
import { aPerson, fewerThingEvents, given, made, thingEvents } from '#shared/testing/a-thing.ts';
import { failure } from '#shared/testing/failure.ts';
import { meta } from '#shared/testing/recorded.ts';
import { anEventStore } from '../../test/support/an-event-store.ts';
import { sealedStream } from './sealed-stream.ts';

const names: Fold<(typeof thingEvents)['schemas'], readonly (string | null)[]> = {
  streamsOf: (id) => [`thing-${id}`],
  events: thingEvents,
  evolve: (row = [], { type, data }) => (type === 'ThingGiven' ? [...row, data.name] : row),
};

describe('A stream as it stands in the log', function () {
  this.timeout(90_000);
  const events = anEventStore();
  const read: ReturnType<typeof sealedStream> = (stream, contract) =>
    sealedStream(events.connection())(stream, contract);

  before(async () => {
    const both = [made({ thingId: 'sealed' }), given({ thingId: 'sealed' })];
    const first = { expected: 'no-stream', meta } as const;
    await events.store().append('thing-sealed', thingEvents, both, first);
  });

  it('comes in order, checked, and with what is personal sealed', async () => {
    const [first, second] = await read('thing-sealed', thingEvents);
    expect(first).to.deep.include({ type: 'ThingMade', revision: 0n, meta });
    expect(second?.data).to.include({ subjectId: aPerson });
    expect(JSON.stringify(second?.data))
      .to.match(/sealed:1:/)
      .and.not.to.include('Ana');
    const error = await failure(read('thing-sealed', fewerThingEvents));
    expect(error).to.have.property('name', 'UnknownEvent');
  });

  it('is empty where there is none', async () => {
    expect(await read('thing-nobodys', thingEvents)).to.deep.equal([]);
  });

  it('is what the past is folded from', async () => {
    const [, second] = await read('thing-sealed', thingEvents);
    const stood = stoodAt(read);
    const then = await stood(names, 'sealed', { position: (second?.position ?? 0n) - 1n });
    expect(then?.row).to.deep.equal([]);
    const later = await stood(names, 'sealed', { position: second?.position ?? 0n });
    expect(later?.row).to.have.length(1);
    expect(later?.position).to.equal(second?.position);
  });
});
