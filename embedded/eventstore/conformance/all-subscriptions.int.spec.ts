import {
  eventTypeFilter,
  excludeSystemEvents,
  START,
  streamNameFilter,
  type AllStreamSubscription,
  type Filter,
} from '@eventstore/db-client';
import { expect } from 'chai';
import { aClient } from './a-server.ts';
import {
  anEvent,
  aStream,
  brief,
  events,
  following,
  positionOf,
  type Following,
} from './the-client.ts';

const count = (number: number) => (one: Following) => one.received.length >= number;
const said = (what: string) => (one: Following) => one.log.includes(what);
const at = (commit: bigint) => ({ commit, prepare: commit });

describe('A subscription to everything', () => {
  const client = aClient();

  const open: Following[] = [];
  const opened = (subscription: AllStreamSubscription) => {
    const one = following(subscription);
    open.push(one);
    return one;
  };
  const follow = (filter: Filter, from?: bigint) =>
    opened(
      client().subscribeToAll({
        filter,
        fromPosition: from === undefined ? START : at(from),
      }),
    );
  afterEach(() => Promise.all(open.splice(0).map(({ stop }) => stop())));

  it('begins after the position it is given, and goes on in the order of commits', async () => {
    const [a, b] = [aStream(), aStream()];
    const first = await client().appendToStream(a, [anEvent('First')]);
    await client().appendToStream(b, [anEvent('Second')]);
    const subscription = opened(client().subscribeToAll({ fromPosition: at(positionOf(first)) }));
    await subscription.until(said('caught up'));
    await client().appendToStream(a, [anEvent('Third')]);
    const ours = () =>
      subscription.received
        .filter(({ event }) => [a, b].includes(event?.streamId ?? ''))
        .map(({ event }) => event?.type);
    await subscription.until(() => ours().length >= 2);
    expect(ours()).to.deep.equal(['Second', 'Third']);
  });

  it('filters on the beginnings of the names of streams', async () => {
    const category = `c${aStream().slice(-12)}`;
    const names = [`${category}a-1`, `${category}b-1`, `${category}c-1`];
    for (const name of names) await client().appendToStream(name, events(1));
    const prefixes = [`${category}a-`, `${category}c-`];
    const subscription = follow(streamNameFilter({ prefixes }));
    await subscription.until(said('caught up'));
    await client().appendToStream(`${category}c-2`, events(1));
    await subscription.until(count(3));
    expect(subscription.received.map(({ event }) => event?.streamId)).to.deep.equal([
      names[0],
      names[2],
      `${category}c-2`,
    ]);
  });

  it('filters on types by a regular expression', async () => {
    const type = `T${aStream().slice(-12)}`;
    const { position } = await client().appendToStream(aStream(), [
      anEvent(`${type}Made`),
      anEvent(`${type}Lost`),
      anEvent(`${type}Unmade`),
    ]);
    const subscription = follow(eventTypeFilter({ regex: `^${type}(Made|Unmade)$` }));
    await subscription.until(count(2));
    expect(subscription.received.map(({ event }) => event?.type)).to.deep.equal([
      `${type}Made`,
      `${type}Unmade`,
    ]);
    expect(subscription.received[1]?.event?.position?.commit).to.equal(position?.commit);
  });

  it('leaves the system out when asked to', async () => {
    const subscription = follow(excludeSystemEvents());
    await client().appendToStream(aStream(), events(1));
    await subscription.until(said('caught up'));
    const types = subscription.received.map(({ event }) => event?.type ?? '$');
    expect(types.filter((type) => type.startsWith('$'))).to.deep.equal([]);
    expect(types).to.include('Happened');
  });

  it('tells how far it has searched, and can go on from every such place', async () => {
    const category = aStream().replace('-', '');
    const { position: before } = await client().appendToStream(aStream(), events(1));
    for (let round = 0; round < 4; round += 1) {
      await client().appendToStream(aStream(), events(30));
      await client().appendToStream(`${category}-${round}`, events(1));
    }
    const checkpoints: bigint[] = [];
    const subscription = follow(
      streamNameFilter({
        prefixes: [`${category}-`],
        maxSearchWindow: 10,
        checkpointInterval: 2,
        checkpointReached: (_subscription, { commit }) => {
          checkpoints.push(commit);
          return Promise.resolve();
        },
      }),
      before?.commit,
    );
    await subscription.until(said('caught up'));
    expect(subscription.received).to.have.length(4);
    expect(checkpoints.length, 'checkpoints in 124 events').to.be.at.least(6);
    expect(checkpoints).to.deep.equal(checkpoints.toSorted((a, b) => (a < b ? -1 : 1)));

    for (const commit of checkpoints) {
      const resumed = follow(streamNameFilter({ prefixes: [`${category}-`] }), commit);
      await resumed.until(said('caught up'));
      const rest = subscription.received.filter(
        ({ event }) => (event?.position?.commit ?? 0n) > commit,
      );
      expect(resumed.received.map(brief)).to.deep.equal(rest.map(brief));
    }
  });

  it('loses nothing and repeats nothing, however much is written while it catches up', async () => {
    const category = aStream().replace('-', '');
    const write = (from: number) =>
      Promise.all(
        Array.from({ length: 150 }, (_, index) =>
          client().appendToStream(`${category}-${from + index}`, events(2)),
        ),
      );
    await write(0);
    const subscription = follow(streamNameFilter({ prefixes: [`${category}-`] }));
    await write(1_000);
    await subscription.until(count(600));
    const commits = subscription.received.map(({ event }) => event?.position?.commit ?? 0n);
    expect(new Set(commits).size).to.equal(600);
    expect(commits).to.deep.equal(commits.toSorted((a, b) => (a < b ? -1 : 1)));
  });
});
