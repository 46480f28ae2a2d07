import type { Knex } from 'knex';
import { runMigrations } from 'graphile-worker';
import { intentHolderSchema, intentOrderSchema, intentSchema } from '#shared/effect/intent.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import { logHeadSchema } from '#shared/platform/log-head.ts';
import { rebuildSchema } from '#shared/platform/rebuild-schema.ts';
import { attemptsSchema } from './attempts.ts';
import { credentialsSchema } from './credentials.ts';
import { erasedPeopleSchema } from './erased-people.ts';
import { personalKeysSchema } from './personal-keys.ts';
import { productsSchema } from './products.ts';
import { sessionsSchema } from './sessions.ts';

/** A step of the schema. Once it has run anywhere it is never changed: add another one. */
export type Migration = { readonly name: string; readonly up: (db: Knex) => Promise<void> };

/** In the order in which they run. New ones go last. */
export const migrations: readonly Migration[] = [
  personalKeysSchema,
  checkpointSchema,
  intentSchema,
  sessionsSchema,
  credentialsSchema,
  attemptsSchema,
  logHeadSchema,
  intentOrderSchema,
  intentHolderSchema,
  rebuildSchema,
  productsSchema,
  erasedPeopleSchema,
];

/** The queue's own tables, which it keeps up to date itself. */
export const queueSchema = (databaseUrl: string): Promise<void> =>
  runMigrations({ connectionString: databaseUrl });
