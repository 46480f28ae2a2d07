import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { companyEvents } from '#shared/company/events.ts';
import { opened } from '#shared/company/examples.ts';
import { positionOf } from '#shared/platform/checkpoint.ts';
import { meta } from '#shared/testing/recorded.ts';
import { onTheSystem, type System } from '../../cli/system.ts';
import { companies } from '../../projections/company/companies-view.ts';
import type { AnyView } from '../../projections/view.ts';
import { prepareView, viewFollower } from '../../projections/view-follower.ts';
import { aDatabase, type ADatabase } from './a-database.ts';
import { anEmbeddedNode, type AnEmbeddedNode } from './an-event-store.ts';
import { following } from './following.ts';
import { found } from './found.ts';

export type AnInstallation = {
  readonly db: ADatabase;
  /** Whole once the specs run. */
  readonly environment: NodeJS.ProcessEnv;
  readonly node: () => AnEmbeddedNode;
  readonly on: <T>(work: (system: System) => Promise<T>) => Promise<T>;
};

/** What the command line works on: an event store, a database and a directory, removed behind. */
export const anInstallation = (settings: NodeJS.ProcessEnv = {}): AnInstallation => {
  const db = aDatabase();
  const environment = { ...settings };
  let node: AnEmbeddedNode;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-installation-'));
    node = await anEmbeddedNode();
    Object.assign(environment, {
      LASTRO_DATA_DIR: directory,
      DATABASE_URL: db.url(),
      EVENTSTORE_URL: node.url,
    });
  });
  after(async () => {
    await node.close();
    await rm(directory, { recursive: true });
  });

  return { db, environment, node: () => node, on: (work) => onTheSystem(environment, work) };
};

/** A company on record, and in its view; these other views are there as well. */
export const showingACompany = (
  { on }: AnInstallation,
  others: readonly AnyView[] = [],
): Promise<void> =>
  on(async ({ eventStore, db }) => {
    const first = { expected: 'no-stream', meta } as const;
    const { position } = await eventStore.append('company-1', companyEvents, [opened()], first);
    for (const view of [companies, ...others]) await prepareView(db, view);
    const stop = following({ eventStore, db }, viewFollower(companies));
    await found(
      () => positionOf(db, companies.name),
      (reached) => reached >= position,
    );
    await stop();
  });
