import type { Static, TObject } from 'typebox';
import { Type } from '#shared/kernel/type.ts';
import { BadConfig, commonSettings, port } from './config.ts';

/** Where the event store and Postgres are; on a laptop, where the embedded ones are. */
export const serverSettings = {
  LASTRO_ENV: commonSettings.LASTRO_ENV,
  EVENTSTORE_URL: Type.Optional(Type.String({ pattern: '^esdb(\\+discover)?://' })),
  EMBEDDED_EVENTSTORE_PORT: port(2113),
  DATABASE_URL: Type.Optional(Type.String({ pattern: '^postgres(ql)?://' })),
  DATABASE_READ_URL: Type.Optional(Type.String({ pattern: '^postgres(ql)?://' })),
  EMBEDDED_POSTGRES_PORT: port(5455),
};
export type ServerSettings = Static<TObject<typeof serverSettings>>;

export type Servers = {
  readonly eventStoreUrl: string;
  readonly databaseUrl: string;
  /** Of a replica, if there is one: good for queries only. */
  readonly databaseReadUrl: string;
};

/** @throws {BadConfig} in production, naming every URL that is missing. */
export const serversFrom = (settings: ServerSettings): Servers => {
  const { LASTRO_ENV, EVENTSTORE_URL, DATABASE_URL, DATABASE_READ_URL } = settings;
  if (LASTRO_ENV === 'production') {
    const given = { EVENTSTORE_URL, DATABASE_URL };
    const missing = Object.entries(given).filter(([, url]) => url === undefined);
    if (missing.length > 0)
      throw new BadConfig(missing.map(([name]) => `${name} is missing`).join('; '));
  }

  const { EMBEDDED_EVENTSTORE_PORT, EMBEDDED_POSTGRES_PORT } = settings;
  const databaseUrl =
    DATABASE_URL ?? `postgres://lastro:lastro@127.0.0.1:${EMBEDDED_POSTGRES_PORT}/lastro`;
  return {
    eventStoreUrl: EVENTSTORE_URL ?? `esdb://127.0.0.1:${EMBEDDED_EVENTSTORE_PORT}?tls=false`,
    databaseUrl,
    databaseReadUrl: DATABASE_READ_URL ?? databaseUrl,
  };
};
