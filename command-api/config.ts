import { Type } from '#shared/kernel/type.ts';
import { atOnce } from '#shared/platform/at-once.ts';
import { port, settingsFrom } from '#shared/platform/config.ts';
import { httpConfigFrom, httpSettings } from '#shared/platform/http/settings.ts';
import { secretSettings, signingSecretsFrom } from '#shared/platform/secrets.ts';
import { serverSettings, serversFrom } from '#shared/platform/servers.ts';

const settings = {
  ...secretSettings,
  ...serverSettings,
  ...httpSettings,
  COMMAND_API_PORT: port(8080),
  WRITE_OFF_LIMIT_CENTS: Type.Integer({ minimum: 0, default: 10_000 }),
  STATEMENT_MAX_BYTES: Type.Integer({ minimum: 1, default: 1_073_741_824 }),
};

/** @throws {BadConfig} saying all that is wrong, in one line. */
export const configFrom = async (environment: NodeJS.ProcessEnv) => {
  const given = settingsFrom(settings, environment);
  const { http, servers, secrets } = await atOnce({
    http: () => httpConfigFrom(given),
    servers: () => serversFrom(given),
    secrets: () => signingSecretsFrom(given),
  });
  const conciliation = {
    largestStatement: given.STATEMENT_MAX_BYTES,
    limitInCents: given.WRITE_OFF_LIMIT_CENTS,
  };
  return { http, port: given.COMMAND_API_PORT, ...servers, secrets, conciliation };
};
