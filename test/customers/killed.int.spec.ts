import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { customer } from '#shared/customer/decider.ts';
import { customerEvents } from '#shared/customer/events.ts';
import type { CustomerId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { streamsOf } from '#shared/kernel/handle-command.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { meta } from '#shared/testing/recorded.ts';
import { personalKeys, personalKeysSchema } from '../../adapters/postgres/personal-keys.ts';
import { keeping, type Keeping } from '../../command-api/customer/keeping.ts';
import { aDatabase } from '../support/a-database.ts';
import type { KeepingProcess } from '../support/a-keeping-process.ts';
import { anEventStore } from '../support/an-event-store.ts';

const SCRIPT = new URL('../support/a-keeping-process.ts', import.meta.url).pathname;
const [masterKey, hashKey] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8)];
const graceMs = 200;
/** More steps than anything takes; a command that still goes on then is a fault of the spec. */
const MOST_STEPS = 10;

const asked = (commandId: string) => ({ meta: { ...meta, commandId }, keyed: true });
const idOf = (commandId: string) => derivedId('customer', commandId) as CustomerId;

/** Whoever keeps customers is killed right before and after each thing that it leaves behind. */
describe('An e-mail whose process was killed', function () {
  this.timeout(180_000);
  const database = aDatabase((db) => personalKeysSchema.up(db));
  const node = anEventStore();
  let eventStore: EventStore;
  let survivor: Keeping;

  before(() => {
    const keys = personalKeys(database(), masterKey);
    eventStore = node.store(keys);
    const hash = keyedHash(hashKey);
    survivor = keeping({ eventStore, hash, destroyKey: keys.destroy, graceMs });
  });

  const isKilled = async (diesAt: number, commandId: string, does: KeepingProcess['does']) => {
    const given: KeepingProcess = {
      ...{ eventStoreUrl: node.url(), databaseUrl: database.url(), graceMs, diesAt, commandId },
      ...{ masterKey: masterKey.toString('base64'), hashKey: hashKey.toString('base64'), does },
    };
    const args = ['--import', 'tsx', SCRIPT, JSON.stringify(given)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    expect(signal ?? code, 'it was killed, or did it all').to.be.oneOf(['SIGKILL', 0]);
    return signal === 'SIGKILL';
  };
  /** Runs a story for each moment at which the process can be killed. How many there were. */
  const atEachStep = async (story: (step: number) => Promise<boolean>): Promise<number> => {
    for (let step = 1; step <= MOST_STEPS; step++) if (!(await story(step))) return step - 1;
    throw new Error('It takes more steps than there can be');
  };
  const register = async (email: string, commandId: string) => {
    const { handled } = await survivor.register({ name: 'Bia', email }, asked(commandId));
    return handled.outcome === 'refused' ? handled.reason : handled.outcome;
  };
  const emailOf = async (id: CustomerId) => {
    const { load } = streamsOf(eventStore, 'customer', customerEvents, customer);
    const { state } = await load(id);
    return state.status === 'kept' ? state.email : undefined;
  };

  it('is of one customer, whether the same request comes again or somebody else', async () => {
    const steps = await atEachStep(async (step) => {
      const [mine, theirs] = [`mine-${step}@example.com`, `theirs-${step}@example.com`];
      const wanted = (email: string) => ({ register: { name: 'Ana', email } });
      const killed = await Promise.all([
        isKilled(step, `again ${step}`, wanted(mine)),
        isKilled(step, `left ${step}`, wanted(theirs)),
      ]);
      expect(await register(mine, `again ${step}`)).to.equal('accepted');
      expect(await register(mine, `after that ${step}`)).to.equal('email-taken');
      const isThere = (await emailOf(idOf(`left ${step}`))) === theirs;
      const other = await register(theirs, `other ${step}`);
      expect(other, `at step ${step}`).to.equal(isThere ? 'email-taken' : 'accepted');
      return killed.every(Boolean);
    });
    expect(steps).to.equal(3);
  });

  it('is the old one or the new one after a change, and the other can be had', async () => {
    const steps = await atEachStep(async (step) => {
      const [old, fresh] = [`old-${step}@example.com`, `new-${step}@example.com`];
      await survivor.register({ name: 'Ana', email: old }, asked(`changed ${step}`));
      const id = idOf(`changed ${step}`);
      const change = { change: { id, email: fresh } };
      const killed = await isKilled(step, `change ${step}`, change);
      const theirs = await emailOf(id);
      expect(theirs).to.be.oneOf([old, fresh]);
      for (const email of [old, fresh])
        expect(await register(email, `wants ${email}`), `at step ${step}, ${email}`).to.equal(
          email === theirs ? 'email-taken' : 'accepted',
        );
      return killed;
    });
    expect(steps).to.equal(4);
  });

  it('can be had again once their removal was gone on with', async () => {
    const steps = await atEachStep(async (step) => {
      const email = `gone-${step}@example.com`;
      await survivor.register({ name: 'Ana', email }, asked(`removed ${step}`));
      const id = idOf(`removed ${step}`);
      const killed = await isKilled(step, `remove ${step}`, { remove: { id } });
      const { receipt } = await survivor.remove(id, asked(`remove ${step}`));
      expect(receipt?.what).to.include('email');
      expect(await emailOf(id)).to.equal(undefined);
      expect(await register(email, `wants ${email}`), `at step ${step}`).to.equal('accepted');
      return killed;
    });
    expect(steps).to.be.greaterThan(3);
  });
});
