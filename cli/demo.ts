import type { Command } from 'commander';
import pLimit from 'p-limit';
import { accountEvents } from '#shared/account/events.ts';
import type { CredentialChange } from '#shared/account/ports.ts';
import { companyEvents } from '#shared/company/events.ts';
import type { AccountId, CompanyId } from '#shared/ids.ts';
import { StreamMoved } from '#shared/kernel/event-store.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { systemClock, type Meta } from '#shared/kernel/message.ts';
import { resellerIdOf } from '#shared/reseller/identity.ts';
import { BadConfig, commonSettings, settingsFrom } from '#shared/platform/config.ts';
import { openedAmong, openInBulk } from '../adapters/postgres/credentials-in-bulk.ts';
import { accountIdOf, loginHash, streamOf, subjectOf } from '../command-api/account/accounts.ts';
import { passwords } from '../command-api/account/passwords.ts';
import { vaultIn } from '../adapters/postgres/vault.ts';
import { withSignIn } from '../command-api/account/with-sign-in.ts';
import { registering } from '../command-api/reseller/registering.ts';
import { makeCustomers } from './demo-customers.ts';
import {
  DEMO_PASSWORD,
  demoAccounts,
  demoCompanies,
  demoReseller,
  type DemoAccount,
} from './demo-people.ts';
import { makeStations } from './demo-stations.ts';
import { answer, carryOut, type Output } from './outcome.ts';
import { onTheSystem, type System } from './system.ts';

const AT_ONCE = 64;
/** What a process that is ended has to do over at most. */
const BATCH = 1_000;

const metaFor = (stream: string): Meta => {
  // The same whenever it is made: whatever was interrupted is taken for a repeat, and goes on.
  const commandId = derivedId('demo', stream);
  return {
    ...{ commandId, causationId: commandId, fingerprint: 'demo', correlationId: 'demo' },
    actor: { id: 'demo', role: 'system' },
    at: systemClock(),
  };
};

/** False if somebody made it before, who is left alone. */
const unlessThere = async (append: () => Promise<unknown>): Promise<boolean> => {
  try {
    await append();
    return true;
  } catch (error) {
    if (error instanceof StreamMoved) return false;
    throw error;
  }
};

const makeCompanies = async ({ eventStore }: System): Promise<number> => {
  const limit = pLimit(AT_ONCE);
  const make = async ({ id, name }: (typeof demoCompanies)[number]) => {
    const stream = `company-${id}`;
    const { revision } = await eventStore.read(stream, companyEvents);
    if (revision !== 'no-stream') return false;
    const meta = metaFor(stream);
    const data = { companyId: id as CompanyId, name, at: meta.at };
    return unlessThere(() =>
      eventStore.append(stream, companyEvents, [{ type: 'CompanyOpened', data }], {
        expected: 'no-stream',
        meta,
      }),
    );
  };
  const made = await limit.map(demoCompanies, make);
  return made.filter(Boolean).length;
};

type Opening = { readonly account: DemoAccount; readonly id: AccountId };

const putOnRecord = async ({ eventStore }: System, { account, id }: Opening): Promise<boolean> => {
  const stream = streamOf(id);
  const meta = metaFor(stream);
  const { username, role, companyId } = account;
  const data = {
    ...{ accountId: id, subjectId: subjectOf(id), username, role, at: meta.at },
    ...(companyId !== undefined && { companyId: companyId as CompanyId }),
  };
  return unlessThere(() =>
    eventStore.append(stream, accountEvents, [{ type: 'AccountOpened', data }], {
      expected: 'no-stream',
      meta,
    }),
  );
};

const changeFor =
  ({ hash }: System, passwordHash: string) =>
  ({ account, id }: Opening): CredentialChange => {
    const { username, role, companyId } = account;
    return {
      ...{ accountId: id, stream: streamOf(id), meta: metaFor(streamOf(id)), passwordHash },
      opens: {
        ...{ role, logins: [loginHash(hash, username)] },
        ...(companyId !== undefined && { companyId: companyId as CompanyId }),
      },
    };
  };

/** Credentials come after the event: whoever has them is on record, and need not be looked at. */
const makeAccounts = async (system: System): Promise<number> => {
  const { db, hash } = system;
  const all = demoAccounts.map((account) => ({
    account,
    id: accountIdOf(hash, account.username),
  }));
  const there = await openedAmong(
    db,
    all.map(({ id }) => id),
  );
  const missing = all.filter(({ id }) => !there.has(id));
  if (missing.length === 0) return 0;

  // One password for all of them: hashing it 6,000 times would take minutes.
  const change = changeFor(system, await passwords().hash(DEMO_PASSWORD));
  const limit = pLimit(AT_ONCE);
  let made = 0;
  for (let from = 0; from < missing.length; from += BATCH) {
    const batch = missing.slice(from, from + BATCH);
    await system.keys.obtain(batch.map(({ id }) => subjectOf(id)));
    const ours = await limit.map(batch, (opening) => putOnRecord(system, opening));
    const opened = batch.filter((_, nth) => ours[nth]);
    await openInBulk(db, opened.map(change));
    made += opened.length;
  }
  return made;
};

/** Registered as anybody is; a repeat goes on where it was interrupted. */
const makeReseller = async ({ eventStore, db, hash }: System): Promise<number> => {
  const id = resellerIdOf(hash, demoReseller.cpf);
  const stream = `reseller-${id}`;
  if ((await openedAmong(db, [id])).has(id)) return 0;
  const signIn = { credentials: vaultIn(db).credentials, passwords: passwords(), hash };
  const register = registering({ eventStore, hash, withSignIn: withSignIn(signIn) });
  const asked = { meta: metaFor(stream), keyed: true };
  const { outcome } = await register({ ...demoReseller, password: DEMO_PASSWORD }, asked);
  return outcome === 'accepted' ? 1 : 0;
};

const demoSettings = { LASTRO_ENV: commonSettings.LASTRO_ENV };

/** @throws {BadConfig} in production: everybody knows the password. */
export const makeDemoData = async (environment: NodeJS.ProcessEnv) => {
  if (settingsFrom(demoSettings, environment).LASTRO_ENV === 'production')
    throw new BadConfig('LASTRO_ENV is production, where there are no demo accounts');
  return onTheSystem(environment, async (system) => {
    const companies = await makeCompanies(system);
    const stations = await makeStations(system.eventStore);
    const customers = await makeCustomers(system);
    const resellers = await makeReseller(system);
    return { companies, stations, customers, accounts: resellers + (await makeAccounts(system)) };
  });
};

export const demo = (program: Command, environment: NodeJS.ProcessEnv): void => {
  program
    .command('demo')
    .description(
      'make the demo companies, stations, customers and accounts; what is there stays as it is',
    )
    .option('--json', 'print JSON')
    .action((output: Output) =>
      carryOut(async () => {
        const made = await makeDemoData(environment);
        const { companies, stations, customers, accounts } = made;
        const few = `${companies} demo companies, ${stations} stations, ${customers} customers`;
        const words = `Made ${few} and ${accounts} demo accounts`;
        answer(output, `${words}; the others were there.`, made);
      }),
    );
};
