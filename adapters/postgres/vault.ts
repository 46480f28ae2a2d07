import type { Knex } from 'knex';
import type { Vault } from '#shared/account/ports.ts';
import { attemptsIn } from './attempts.ts';
import { credentialsIn } from './credentials.ts';
import { sessionsIn } from './sessions.ts';

/** What is not event-sourced: passwords, tokens and guesses, as hashes and counts. */
export const vaultIn = (db: Knex): Vault => ({
  credentials: credentialsIn(db),
  sessions: sessionsIn(db),
  attempts: attemptsIn(db),
});
