import { Type } from 'typebox';
import { milliseconds, port, settingsFrom } from '#shared/platform/config.ts';
import { dataSecretsFrom, secretSettings } from '#shared/platform/secrets.ts';
import { serverSettings, serversFrom } from '#shared/platform/servers.ts';

const settings = {
  ...secretSettings,
  ...serverSettings,
  /** Health and metrics; there are no routes here. */
  PROJECTIONS_PORT: port(8082),
  LISTEN_HOST: Type.String({ minLength: 1, default: '0.0.0.0' }),
  SMTP_URL: Type.Optional(Type.String({ pattern: '^smtps?://' })),
  EMBEDDED_SMTP_PORT: port(1025),
  MAIL_FROM: Type.String({ minLength: 3, default: 'Lastro <nao-responda@lastro.example>' }),
  EFFECT_RETRY_BASE_MS: milliseconds(1_000, 1),
  EFFECT_RETRY_MAX_MS: milliseconds(3_600_000, 1),
  EFFECT_MAX_ATTEMPTS: Type.Integer({ minimum: 1, maximum: 1_000, default: 30 }),
};

/** @throws {BadConfig} saying all that is wrong, in one line. */
export const configFrom = async (environment: NodeJS.ProcessEnv) => {
  const given = settingsFrom(settings, environment);
  return {
    ...serversFrom(given),
    secrets: await dataSecretsFrom(given),
    http: {
      port: given.PROJECTIONS_PORT,
      variable: 'PROJECTIONS_PORT',
      host: given.LISTEN_HOST,
    },
    smtpUrl: given.SMTP_URL ?? `smtp://127.0.0.1:${given.EMBEDDED_SMTP_PORT}`,
    mailFrom: given.MAIL_FROM,
    retry: {
      retryBaseMs: given.EFFECT_RETRY_BASE_MS,
      retryMaxMs: given.EFFECT_RETRY_MAX_MS,
      maxAttempts: given.EFFECT_MAX_ATTEMPTS,
    },
  };
};
