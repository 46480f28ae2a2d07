import { generateKeyPairSync } from 'node:crypto';
import type { Knex } from 'knex';
import supertest from 'supertest';
import type { Contract, Schemas } from '#shared/kernel/message.ts';
import { BEGINNING, type EventStore } from '#shared/kernel/event-store.ts';
import { systemClock, type Clock } from '#shared/kernel/message.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { logger } from '#shared/platform/log.ts';
import type { SigningSecrets } from '#shared/platform/secrets.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { attemptsSchema } from '../../adapters/postgres/attempts.ts';
import { credentialsSchema } from '../../adapters/postgres/credentials-schema.ts';
import { effectExistsIn } from '../../adapters/postgres/effects.ts';
import { sessionsSchema } from '../../adapters/postgres/sessions-schema.ts';
import { vaultIn } from '../../adapters/postgres/vault.ts';
import { accessTokens } from '../../command-api/account/access-tokens.ts';
import { commandApi, type CommandApi } from '../../command-api/app.ts';
import { takingHere } from '../../command-api/conciliation/taking.ts';
import type { Statements } from '#shared/conciliation/ports.ts';
import type { AccountId } from '#shared/ids.ts';
import { noLog } from './a-stored-log.ts';

export const password = 'correct horse';

const { privateKey: signingKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const secrets: SigningSecrets = {
  masterKey: Buffer.alloc(32, 1),
  hashKey: Buffer.alloc(32, 2),
  signingKey,
  publicKeys: [publicKey],
};

/** What has to be in a database before anybody can sign in. */
export const withVault = async (db: Knex): Promise<void> => {
  for (const schema of [credentialsSchema, sessionsSchema, attemptsSchema]) await schema.up(db);
};

export const emptyVault = (db: Knex) =>
  db.raw(
    'truncate vault.credentials, vault.login, vault.credential_change, vault.session, vault.sign_in_attempt',
  );

/** All events of a contract that there are, oldest first. */
export const everything = async <S extends Schemas>(
  eventStore: EventStore,
  contract: Contract<S>,
) => {
  const events = [];
  for await (const page of eventStore.pages(contract, BEGINNING)) events.push(...page.events);
  return events;
};

const noStatements: Statements = {
  keep: () => Promise.reject(new Error('There is no room for statements here')),
  assign: () => Promise.resolve(),
  drop: () => Promise.resolve(),
  keptBefore: () => Promise.resolve([]),
};

const noConciliation = {
  ...{ statements: noStatements, largestStatement: 1_000_000, limitInCents: 10_000 },
  findingAmount: () => Promise.resolve(undefined),
  standingOf: () => Promise.resolve({ running: 0, reports: [] }),
};

/** The command API as it is, on a log in memory and a vault in a real database. */
export const aCommandApi = (db: Knex, given: Partial<CommandApi> = {}) => {
  const keys = inMemoryKeys();
  const spec: CommandApi = {
    eventStore: inMemoryEventStore({ keys }),
    destroyKey: keys.destroy,
    vault: vaultIn(db),
    effectExists: effectExistsIn(db),
    digest: noLog.digest,
    openMonthsOf: () => Promise.resolve([]),
    conciliation: { keys, take: takingHere(secrets.hashKey), ...noConciliation },
    secrets,
    log: logger('spec', 'silent'),
    isDisabled: () => false,
    requestsPerSecond: 10_000,
    corsOrigins: [],
    observe: () => undefined,
    ...given,
  };
  const clock: Clock = spec.clock ?? systemClock;
  const app = commandApi(spec);
  const anybody = supertest(app);
  const holding = (token: string) => supertest.agent(app).set('Authorization', `Bearer ${token}`);
  /** Somebody with a role of whom the vault knows nothing. */
  const as = (role: Role) =>
    holding(accessTokens(secrets.signingKey)({ accountId: role as AccountId, role }, clock()));

  return {
    ...spec,
    ...{ app, anybody, as, holding },
    admin: as('admin'),
    token: (username: string, word = password) =>
      anybody.post('/v1/auth/token').send({ username, password: word }),
    refresh: (refresh_token: string) => anybody.post('/v1/auth/refresh').send({ refresh_token }),
    revoke: (refresh_token: string) => anybody.post('/v1/auth/revoke').send({ refresh_token }),
    /** Its id. */
    opened: async (username: string, role: Role = 'analyst'): Promise<string> => {
      const body = { username, password, role };
      const made = await as('admin').post('/v1/accounts').send(body).expect(201);
      return (made.body as { readonly id: string }).id;
    },
  };
};
export type ACommandApi = ReturnType<typeof aCommandApi>;

export type Granted = {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly refresh_token: string;
};
export const granted = ({ body }: { readonly body: unknown }): Granted => body as Granted;
export const codeOf = ({ body }: { readonly body: unknown }): string =>
  (body as { readonly code: string }).code;
