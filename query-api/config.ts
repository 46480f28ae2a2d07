import { atOnce } from '#shared/platform/at-once.ts';
import type { Static, TObject } from 'typebox';
import { Type } from '#shared/kernel/type.ts';
import { BadConfig, milliseconds, port, settingsFrom } from '#shared/platform/config.ts';
import { httpConfigFrom, httpSettings } from '#shared/platform/http/settings.ts';
import { secretSettings, verifyingSecretsFrom } from '#shared/platform/secrets.ts';
import { serverSettings, serversFrom } from '#shared/platform/servers.ts';

/** Where a partner says what somebody has accumulated. */
export const balanceSettings = {
  CASHBACK_BALANCE_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  CASHBACK_BALANCE_TOKEN: Type.Optional(Type.String({ minLength: 1 })),
  CASHBACK_BALANCE_TIMEOUT_MS: milliseconds(5_000, 1),
  EMBEDDED_SANDBOX_PORT: port(8090),
};

/** Where a partner says what products are. */
const productSettings = {
  PRODUCT_API_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  PRODUCT_API_TIMEOUT_MS: milliseconds(5_000, 1),
  PRODUCT_CACHE_TTL_MS: milliseconds(3_600_000, 1),
  EMBEDDED_SANDBOX_PORT: port(8090),
};

const settings = {
  ...secretSettings,
  ...serverSettings,
  ...httpSettings,
  ...balanceSettings,
  ...productSettings,
  QUERY_API_PORT: port(8081),
};

type BalanceSettings = Static<TObject<typeof balanceSettings>> & { readonly LASTRO_ENV: string };

/** On a laptop, the sandbox's. @throws {BadConfig} in production, naming what is missing. */
export const balanceFrom = ({ LASTRO_ENV, ...given }: BalanceSettings) => {
  const { CASHBACK_BALANCE_URL, CASHBACK_BALANCE_TOKEN } = given;
  const needed = { CASHBACK_BALANCE_URL, CASHBACK_BALANCE_TOKEN };
  const missing = Object.entries(needed).filter(([, value]) => value === undefined);
  if (LASTRO_ENV === 'production' && missing.length > 0)
    throw new BadConfig(missing.map(([name]) => `${name} is missing`).join('; '));
  const url = CASHBACK_BALANCE_URL ?? `http://127.0.0.1:${given.EMBEDDED_SANDBOX_PORT}`;
  if (!URL.canParse(url)) throw new BadConfig('CASHBACK_BALANCE_URL is no URL');
  return {
    url,
    token: CASHBACK_BALANCE_TOKEN ?? 'sandbox-token',
    timeoutMs: given.CASHBACK_BALANCE_TIMEOUT_MS,
  };
};

type ProductSettings = Static<TObject<typeof productSettings>> & { readonly LASTRO_ENV: string };

/** On a laptop, the sandbox's. @throws {BadConfig} in production, when it is missing. */
const productsFrom = ({ LASTRO_ENV, PRODUCT_API_URL, ...given }: ProductSettings) => {
  if (LASTRO_ENV === 'production' && PRODUCT_API_URL === undefined)
    throw new BadConfig('PRODUCT_API_URL is missing');
  const url = PRODUCT_API_URL ?? `http://127.0.0.1:${given.EMBEDDED_SANDBOX_PORT}`;
  if (!URL.canParse(url)) throw new BadConfig('PRODUCT_API_URL is no URL');
  return { url, timeoutMs: given.PRODUCT_API_TIMEOUT_MS, ttlMs: given.PRODUCT_CACHE_TTL_MS };
};

/** @throws {BadConfig} saying all that is wrong, in one line. */
export const configFrom = async (environment: NodeJS.ProcessEnv) => {
  const given = settingsFrom(settings, environment);
  const { http, servers, secrets, balance, products } = await atOnce({
    http: () => httpConfigFrom(given),
    servers: () => serversFrom(given),
    secrets: () => verifyingSecretsFrom(given),
    balance: () => balanceFrom(given),
    products: () => productsFrom(given),
  });
  return { http, port: given.QUERY_API_PORT, ...servers, secrets, balance, products };
};
