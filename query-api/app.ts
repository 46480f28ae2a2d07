import type { Express } from 'express';
import type { Knex } from 'knex';
import type { DigestLog } from '#shared/audit/ports.ts';
import type { BalanceOf } from '#shared/cashback-month/ports.ts';
import type { ProductsOf } from '#shared/favourite/ports.ts';
import type { StoodAt } from '#shared/kernel/fold.ts';
import { systemClock, type Clock } from '#shared/kernel/message.ts';
import { keyedHash, type KeyedHash, type PersonalKeys } from '#shared/kernel/personal.ts';
import type { StoredLog } from '#shared/kernel/stored-log.ts';
import { httpApp, type HttpApp } from '#shared/platform/http/app.ts';
import type { Route } from '#shared/platform/http/route.ts';
import { verifier } from '#shared/platform/http/token.ts';
import type { HeldIn } from '#shared/privacy/ports.ts';
import { reachedIn } from '#shared/platform/reached.ts';
import type { VerifyingSecrets } from '#shared/platform/secrets.ts';
import { accountRoutes } from './account/routes.ts';
import { activationRoutes } from './activation/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { sealRoutes } from './audit/seal-routes.ts';
import { creditRoutes } from './cashback-month/credit-routes.ts';
import { cashbackRoutes } from './cashback-month/routes.ts';
import { companyRoutes } from './company/routes.ts';
import { conciliationRoutes } from './conciliation/routes.ts';
import { customerRoutes } from './customer/routes.ts';
import { effectRoutes } from './effect/routes.ts';
import { favouriteRoutes } from './favourite/routes.ts';
import { personalDataRoutes } from './privacy/personal-data.ts';
import { erasureRoutes } from './privacy/routes.ts';
import { projectionRoutes } from './projection/routes.ts';
import { purchaseRoutes } from './purchase/routes.ts';
import { resellerRoutes } from './reseller/routes.ts';
import { saleRoutes } from './sale/routes.ts';
import { stationRoutes } from './station/routes.ts';
import { transactionRoutes } from './swap/routes.ts';

/** What the answers need of the outside. */
export type QueryDeps = {
  /** Where the views are; it may be a replica. */
  readonly db: Knex;
  readonly keys: PersonalKeys;
  /** For auditors, who are shown what happened and not what we made of it. */
  readonly storedLog: StoredLog;
  readonly digest: DigestLog;
  /** For whoever asks how a thing stood at another time. */
  readonly past: StoodAt;
  readonly balanceOf: BalanceOf;
  readonly productsOf: ProductsOf;
  /** Where a product is to be found. */
  readonly linkTo: (productId: string) => string;
  /** What the log holds about people. */
  readonly heldIn: HeldIn;
};

export type QueryApi = QueryDeps &
  Pick<
    HttpApp,
    'log' | 'isDisabled' | 'requestsPerSecond' | 'corsOrigins' | 'proxies' | 'observe' | 'beside'
  > & { readonly secrets: VerifyingSecrets; readonly clock?: Clock };

/** Everything that can be read, capability by capability. */
export const queryRoutes = (
  { db, keys, storedLog, past, digest, balanceOf, productsOf, linkTo, heldIn }: QueryDeps,
  hash: KeyedHash,
): Route[] => [
  ...companyRoutes(db, past),
  ...accountRoutes(db, keys, past),
  ...activationRoutes(db, keys, past),
  ...effectRoutes(db),
  ...projectionRoutes(db),
  ...resellerRoutes(db, keys, past),
  ...purchaseRoutes(db, hash, past),
  ...cashbackRoutes(db, keys, balanceOf),
  ...creditRoutes({ db, keys, balanceOf }),
  ...saleRoutes(db, keys, hash, past),
  ...stationRoutes(db, past),
  ...transactionRoutes(db, past),
  ...conciliationRoutes(db, keys),
  ...customerRoutes(db, keys, hash, past),
  ...favouriteRoutes({ db, productsOf, linkTo }),
  ...erasureRoutes(db),
  ...auditRoutes(storedLog),
  ...personalDataRoutes(db, heldIn),
  ...sealRoutes(storedLog, digest),
];

/** The side that answers, as an application: no port, no process, no environment. */
export const queryApi = ({ clock = systemClock, ...spec }: QueryApi): Express =>
  httpApp({
    ...spec,
    clock,
    routes: queryRoutes(spec, keyedHash(spec.secrets.hashKey)),
    verify: verifier(spec.secrets.publicKeys),
    reached: reachedIn(spec.db),
  });
