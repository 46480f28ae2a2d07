import { parseCronItem } from 'graphile-worker';
import type { Static, TObject } from 'typebox';
import { Type } from '#shared/kernel/type.ts';
import { atOnce } from '#shared/platform/at-once.ts';
import { BadConfig, milliseconds, port, settingsFrom } from '#shared/platform/config.ts';
import { dataSecretsFrom, secretSettings } from '#shared/platform/secrets.ts';
import { serverSettings, serversFrom } from '#shared/platform/servers.ts';

/** Where cashbacks are credited. An attempt is cut off after two minutes, so a call is shorter. */
const cashbackSettings = {
  CASHBACK_API_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  CASHBACK_API_TIMEOUT_MS: Type.Integer({ minimum: 1, maximum: 60_000, default: 10_000 }),
  EMBEDDED_SANDBOX_PORT: port(8090),
};

/** Where a partner is asked whether there is a product. */
const productSettings = {
  PRODUCT_API_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  PRODUCT_API_TIMEOUT_MS: Type.Integer({ minimum: 1, maximum: 60_000, default: 5_000 }),
  EMBEDDED_SANDBOX_PORT: port(8090),
};

const settings = {
  ...secretSettings,
  ...serverSettings,
  ...cashbackSettings,
  ...productSettings,
  /** Health and metrics; there are no routes here. */
  PROJECTIONS_PORT: port(8082),
  LISTEN_HOST: Type.String({ minLength: 1, default: '0.0.0.0' }),
  SMTP_URL: Type.Optional(Type.String({ pattern: '^smtps?://' })),
  EMBEDDED_SMTP_PORT: port(1025),
  MAIL_FROM: Type.String({ minLength: 3, default: 'Lastro <nao-responda@lastro.example>' }),
  READY_WITHIN_SECONDS: Type.Integer({ minimum: 1, maximum: 86_400, default: 60 }),
  EFFECT_RETRY_BASE_MS: milliseconds(1_000, 1),
  EFFECT_RETRY_MAX_MS: milliseconds(3_600_000, 1),
  SEAL_CRON: Type.String({ pattern: '^(off|\\S+( \\S+){4})$', default: '0 * * * *' }),
  EFFECT_MAX_ATTEMPTS: Type.Integer({ minimum: 1, maximum: 1_000, default: 30 }),
};

type CashbackSettings = Static<TObject<typeof cashbackSettings>> & { readonly LASTRO_ENV: string };

/** On a laptop, the sandbox's. @throws {BadConfig} in production, when it is missing. */
const cashbackApiFrom = ({ LASTRO_ENV, ...given }: CashbackSettings) => {
  const { CASHBACK_API_URL, CASHBACK_API_TIMEOUT_MS, EMBEDDED_SANDBOX_PORT } = given;
  if (LASTRO_ENV === 'production' && CASHBACK_API_URL === undefined)
    throw new BadConfig('CASHBACK_API_URL is missing');
  const url = CASHBACK_API_URL ?? `http://127.0.0.1:${EMBEDDED_SANDBOX_PORT}/cashback`;
  if (!URL.canParse(url)) throw new BadConfig('CASHBACK_API_URL is no URL');
  return { url, timeoutMs: CASHBACK_API_TIMEOUT_MS };
};

type ProductSettings = Static<TObject<typeof productSettings>> & { readonly LASTRO_ENV: string };

/** On a laptop, the sandbox's. @throws {BadConfig} in production, when it is missing. */
const productApiFrom = ({ LASTRO_ENV, PRODUCT_API_URL, ...given }: ProductSettings) => {
  if (LASTRO_ENV === 'production' && PRODUCT_API_URL === undefined)
    throw new BadConfig('PRODUCT_API_URL is missing');
  const url = PRODUCT_API_URL ?? `http://127.0.0.1:${given.EMBEDDED_SANDBOX_PORT}`;
  if (!URL.canParse(url)) throw new BadConfig('PRODUCT_API_URL is no URL');
  return { url, timeoutMs: given.PRODUCT_API_TIMEOUT_MS };
};

/** @throws {BadConfig} when it is no schedule. */
const cronFrom = (cron: string): string => {
  try {
    parseCronItem({ task: 'seal', match: cron });
    return cron;
  } catch (cause) {
    throw new BadConfig('SEAL_CRON is no schedule of the form "0 * * * *", nor "off"', { cause });
  }
};

/** @throws {BadConfig} saying all that is wrong, in one line. */
export const configFrom = async (environment: NodeJS.ProcessEnv) => {
  const given = settingsFrom(settings, environment);
  const { servers, secrets, cashbackApi, productApi } = await atOnce({
    servers: () => serversFrom(given),
    secrets: () => dataSecretsFrom(given),
    cashbackApi: () => cashbackApiFrom(given),
    productApi: () => productApiFrom(given),
  });
  return {
    ...servers,
    secrets,
    cashbackApi,
    productApi,
    http: {
      port: given.PROJECTIONS_PORT,
      variable: 'PROJECTIONS_PORT',
      host: given.LISTEN_HOST,
    },
    readyWithinSeconds: given.READY_WITHIN_SECONDS,
    sealCron: given.SEAL_CRON === 'off' ? undefined : cronFrom(given.SEAL_CRON),
    smtpUrl: given.SMTP_URL ?? `smtp://127.0.0.1:${given.EMBEDDED_SMTP_PORT}`,
    mailFrom: given.MAIL_FROM,
    retry: {
      retryBaseMs: given.EFFECT_RETRY_BASE_MS,
      retryMaxMs: given.EFFECT_RETRY_MAX_MS,
      maxAttempts: given.EFFECT_MAX_ATTEMPTS,
    },
  };
};
