import { aPostgres, type APostgres } from '../../embedded/postgres/a-postgres.ts';

export type SpecPostgres = {
  /** The URL of one of its databases. */
  readonly urlOf: (database: string) => string;
  /** Where databases can be made and dropped from. */
  readonly adminUrl: string;
};

let server: Promise<APostgres> | undefined;

/** The one server of this process, started when first asked for. */
export const thePostgres = async (): Promise<SpecPostgres> => {
  const { url } = await (server ??= aPostgres());
  return { adminUrl: url, urlOf: (database) => url.replace(/[^/]+$/, database) };
};

// Outside every describe: it runs once, when the last spec of the process is done.
after(async function () {
  this.timeout(30_000);
  const running = await server?.catch(() => undefined);
  await running?.close();
});
