import { createRequire } from 'node:module';
import type { Knex } from 'knex';
import { intentHolderSchema, intentOrderSchema, intentSchema } from '#shared/effect/intent.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import { logHeadSchema } from '#shared/platform/log-head.ts';
import { rebuildSchema } from '#shared/platform/rebuild-schema.ts';
import { attemptsSchema } from './attempts.ts';
import {
  conciliationPairsSchema,
  conciliationPastSchema,
  conciliationRunsSchema,
  conciliationSchema,
} from './conciliation/schema.ts';
import { credentialsSchema } from './credentials-schema.ts';
import { erasedPeopleSchema } from './erased-people.ts';
import { personalKeysSchema } from './personal-keys.ts';
import { productsSchema } from './products.ts';
import { sessionsSchema } from './sessions-schema.ts';

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
  conciliationSchema,
  conciliationPastSchema,
  conciliationRunsSchema,
  conciliationPairsSchema,
];

const require = createRequire(import.meta.url);

/** Of the queue, whose tables go with its version. */
export const queueVersion = (require('graphile-worker/package.json') as { version: string })
  .version;

/** The queue's own tables, which it keeps up to date itself. Loaded by those who need to. */
export const queueSchema = async (databaseUrl: string): Promise<void> => {
  const { runMigrations } = await import('graphile-worker');
  await runMigrations({ connectionString: databaseUrl });
};
