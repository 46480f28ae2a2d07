import type { Express } from 'express';
import type { Vault } from '#shared/account/ports.ts';
import type { AccountId } from '#shared/ids.ts';
import type { DigestLog } from '#shared/audit/ports.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import type { DestroyKey } from '#shared/kernel/erasure.ts';
import { systemClock, type Clock } from '#shared/kernel/message.ts';
import { keyedHash, type KeyedHash } from '#shared/kernel/personal.ts';
import { httpApp, type HttpApp } from '#shared/platform/http/app.ts';
import type { Route } from '#shared/platform/http/route.ts';
import { verifier } from '#shared/platform/http/token.ts';
import type { SigningSecrets } from '#shared/platform/secrets.ts';
import type { CloseSignIn, OpenMonthsOf, WithSignIn } from '#shared/reseller/ports.ts';
import { accessTokens } from './account/access-tokens.ts';
import { accountsIn } from './account/accounts.ts';
import { passwords as argon2 } from './account/passwords.ts';
import { refreshTokens } from './account/refresh-tokens.ts';
import { revocationsOnRecord } from './account/revocations.ts';
import { accountRoutes } from './account/routes.ts';
import { signInRoutes } from './account/sign-in-routes.ts';
import { withSignIn } from './account/with-sign-in.ts';
import { activationRoutes } from './activation/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { cashbackMonthRoutes } from './cashback-month/routes.ts';
import { companyExistsIn } from './company/existence.ts';
import { companyRoutes } from './company/routes.ts';
import { keeping } from './customer/keeping.ts';
import { conciliationRoutes, type ConciliationDeps } from './conciliation/routes.ts';
import { customerRoutes } from './customer/routes.ts';
import { effectRoutes } from './effect/routes.ts';
import { favouriteRoutes } from './favourite/routes.ts';
import { closedMonthsIn } from './purchase/closed-months.ts';
import { resellerExistsIn } from './purchase/resellers.ts';
import { purchaseRoutes } from './purchase/routes.ts';
import { erasingOf } from './reseller/erasing.ts';
import { registering } from './reseller/registering.ts';
import { resellerRoutes } from './reseller/routes.ts';
import { saleRoutes } from './sale/routes.ts';
import { stationRoutes } from './station/routes.ts';
import { stationIn } from './station/stations.ts';
import { swapNumbers } from './swap/numbers.ts';
import { occupanciesIn } from './swap/occupancy.ts';
import { swapRoutes } from './swap/routes.ts';

/** What the decisions need of the outside. */
export type CommandDeps = {
  readonly eventStore: EventStore;
  readonly vault: Vault;
  readonly secrets: SigningSecrets;
  readonly destroyKey: DestroyKey;
  readonly digest: DigestLog;
  /** Whether there ever was one: the log knows only those that were given up. */
  readonly effectExists: (id: string) => Promise<boolean>;
  readonly openMonthsOf: OpenMonthsOf;
  readonly conciliation: Omit<ConciliationDeps, 'eventStore'>;
};

export type CommandApi = CommandDeps &
  Pick<
    HttpApp,
    | 'log'
    | 'isDisabled'
    | 'requestsPerSecond'
    | 'corsOrigins'
    | 'proxies'
    | 'observe'
    | 'hasBegun'
    | 'beside'
  > & { readonly clock?: Clock };

type Selling = Pick<CommandDeps, 'eventStore' | 'destroyKey' | 'openMonthsOf'> & {
  readonly hash: KeyedHash;
  readonly withSignIn: WithSignIn;
  readonly closeSignIn: CloseSignIn;
};

/** Resellers, their purchases, and the months that those add up to. */
const sellingRoutes = ({ eventStore, hash, ...deps }: Selling): Route[] => [
  ...resellerRoutes({
    register: registering({ eventStore, hash, ...deps }),
    erase: erasingOf({ eventStore, hash, ...deps }),
  }),
  ...purchaseRoutes({
    ...{ eventStore, hash },
    closedAmong: closedMonthsIn(eventStore),
    resellerExists: resellerExistsIn(eventStore),
  }),
  ...cashbackMonthRoutes({ eventStore }),
];

/** Stations, and what is started there. */
const stationsAndSwaps = (eventStore: EventStore, clock: Clock): Route[] => {
  const { admit, vacate } = occupanciesIn(eventStore);
  const nextNumber = swapNumbers(eventStore, clock);
  return [
    ...stationRoutes({ eventStore, vacate }),
    ...swapRoutes({ eventStore, stationBy: stationIn(eventStore), admit, nextNumber }),
  ];
};

/** Everything that can be asked for, capability by capability. */
export const commandRoutes = ({
  eventStore,
  vault,
  secrets,
  destroyKey,
  digest,
  effectExists,
  openMonthsOf,
  conciliation,
  clock = systemClock,
}: CommandDeps & { readonly clock?: Clock }): Route[] => {
  const hash = keyedHash(secrets.hashKey);
  const passwords = argon2();
  const companyExists = companyExistsIn(eventStore);
  const recordRevocations = revocationsOnRecord(eventStore, vault.sessions);
  const { credentials } = vault;
  const closeSignIn: CloseSignIn = async (id, meta) => {
    const accountId = id as AccountId;
    await credentials.close(accountId, meta);
    await recordRevocations({ accountId });
  };
  const accounts = accountsIn({ eventStore, credentials, passwords, hash, recordRevocations });

  return [
    ...signInRoutes({
      ...{ eventStore, vault, passwords, hash, recordRevocations },
      accessToken: accessTokens(secrets.signingKey),
      refreshTokens: refreshTokens(hash),
      publicKeys: secrets.publicKeys,
    }),
    ...companyRoutes({ eventStore }),
    ...accountRoutes({ accounts, companyExists }),
    ...activationRoutes({ eventStore, companyExists }),
    ...saleRoutes({ eventStore, hash }),
    ...effectRoutes({ eventStore, effectExists }),
    ...stationsAndSwaps(eventStore, clock),
    ...customerRoutes(keeping({ eventStore, hash, destroyKey })),
    ...favouriteRoutes({ eventStore }),
    ...conciliationRoutes({ eventStore, ...conciliation }),
    ...auditRoutes({ eventStore, digest }),
    ...sellingRoutes({
      ...{ eventStore, hash, destroyKey, openMonthsOf, closeSignIn },
      withSignIn: withSignIn({ credentials, passwords, hash }),
    }),
  ];
};

/** The side that decides, as an application: no port, no process, no environment. */
export const commandApi = ({ clock = systemClock, ...spec }: CommandApi): Express =>
  httpApp({
    ...spec,
    clock,
    routes: commandRoutes({ ...spec, clock }),
    verify: verifier(spec.secrets.publicKeys),
    // Nothing here is read from a view, so there is none to wait for.
    reached: () => Promise.resolve(true),
  });
