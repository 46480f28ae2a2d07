import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { Erased } from '#shared/kernel/personal.ts';
import { aDatabase } from '../../test/support/a-database.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { personalKeys, personalKeysSchema } from './personal-keys.ts';

const masterKey = Buffer.alloc(32, 7);

describe('The keys of persons, on Postgres', () => {
  const database = aDatabase((db) => personalKeysSchema.up(db));
  const keys = () => personalKeys(database(), masterKey);
  const statements = async (work: () => Promise<unknown>) => {
    let count = 0;
    const counted = () => (count += 1);
    database().on('query', counted);
    await work();
    database().off('query', counted);
    return count;
  };

  it('are made once, though fifty ask for the same person at once, in several processes', async () => {
    const person = randomUUID();
    const processes = Array.from({ length: 5 }, keys);
    const asked = Array.from({ length: 10 }, () =>
      processes.map(({ obtain }) => obtain([person])),
    ).flat();
    const made = (await Promise.all(asked)).map((found) => found.get(person)?.toString('hex'));
    expect(new Set(made).size).to.equal(1);
    expect(made[0]).to.have.length(64);
  });

  it('are made together for whoever asks together', async () => {
    const ours = keys();
    const people = Array.from({ length: 1_000 }, () => randomUUID());
    const count = await statements(() =>
      Promise.all(people.map((person) => ours.obtain([person]))),
    );
    expect(count).to.be.at.most(2);
    const elsewhere = await keys().find(people);
    const here = await ours.find(people);
    expect([...elsewhere].sort()).to.deep.equal([...here].sort());
  });

  it('are made for the same many people by several processes at once', async () => {
    for (let round = 0; round < 5; round++) {
      const people = Array.from({ length: 1_000 }, () => randomUUID());
      const [one, other] = await Promise.all([
        keys().obtain(people),
        keys().obtain(people.toReversed()),
      ]);
      for (const person of people) expect(one.get(person)).to.deep.equal(other.get(person));
    }
  });

  it('are not found for whoever nobody has put on record', async () => {
    expect((await keys().find([randomUUID()])).size).to.equal(0);
  });

  it('are gone for good once they are destroyed', async () => {
    const person = randomUUID();
    const ours = keys();
    await ours.obtain([person]);
    expect(await ours.destroy(person)).to.equal(true);
    expect(await ours.destroy(person)).to.equal(false);
    for (const process of [ours, keys()]) {
      expect((await process.find([person])).size).to.equal(0);
      const failure = await process.obtain([person]).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(Erased);
    }
  });

  it('are forgotten by other processes before long', async () => {
    const person = randomUUID();
    const elsewhere = personalKeys(database(), masterKey, { rememberedMs: 200 });
    await elsewhere.obtain([person]);
    expect(await statements(() => elsewhere.find([person]))).to.equal(0);
    await keys().destroy(person);
    await waitUntil(
      'the key is forgotten',
      async () => (await elsewhere.find([person])).size === 0,
    );
  });

  it('are forgotten by every process that looks, long before it has kept them too long', async () => {
    const [person, other] = [randomUUID(), randomUUID()];
    const [one, elsewhere] = [keys(), keys()];
    await elsewhere.obtain([person, other]);
    await one.destroy(person);
    expect((await elsewhere.find([person])).size).to.equal(1);
    await elsewhere.look();
    expect((await elsewhere.find([person])).size).to.equal(0);
    expect(await elsewhere.obtain([person]).catch((error: unknown) => error)).to.be.instanceOf(
      Erased,
    );
    expect(await statements(() => elsewhere.find([other]))).to.equal(0);
  });

  it('are never made for somebody who was erased before anything was on record', async () => {
    const person = randomUUID();
    await keys().destroy(person);
    const failure = await keys()
      .obtain([person])
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Erased);
  });

  it('open under the master key that wrapped them, in the row they were made for', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await keys().obtain([one, other]);
    const foreign = personalKeys(database(), Buffer.alloc(32, 8));
    expect(await foreign.find([one]).catch(() => 'closed')).to.equal('closed');
    await database().raw(
      `update vault.subject_keys set wrapped_key =
         (select wrapped_key from vault.subject_keys where subject_id = ?) where subject_id = ?`,
      [one, other],
    );
    expect(
      await keys()
        .find([other])
        .catch(() => 'closed'),
    ).to.equal('closed');
  });
});
