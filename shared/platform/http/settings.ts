import type { Static, TObject } from 'typebox';
import { Type } from '#shared/kernel/type.ts';
import { BadConfig } from '../config.ts';

/** What both APIs understand. */
export const httpSettings = {
  /** The address to listen on; the APIs are there for others, unlike the embedded servers. */
  LISTEN_HOST: Type.String({ minLength: 1, default: '0.0.0.0' }),
  /** Origins whose pages may call us, comma separated. */
  CORS_ORIGINS: Type.String({ default: '' }),
  /** Of one caller: an account, or an address of somebody who is not signed in. */
  RATE_LIMIT_PER_SECOND: Type.Integer({ minimum: 1, default: 1_000 }),
  /** How many proxies of ours stand in front, and are believed about whom they speak for. */
  TRUSTED_PROXIES: Type.Integer({ minimum: 0, maximum: 16, default: 0 }),
};
export type HttpSettings = Static<TObject<typeof httpSettings>>;

export type HttpConfig = {
  readonly host: string;
  readonly corsOrigins: readonly string[];
  readonly requestsPerSecond: number;
  readonly proxies: number;
};

const ORIGIN = /^https?:\/\/[^/\s?#]+$/;

/** @throws {BadConfig} when what should be an origin is none. */
export const httpConfigFrom = (settings: HttpSettings): HttpConfig => {
  const { LISTEN_HOST, CORS_ORIGINS, RATE_LIMIT_PER_SECOND, TRUSTED_PROXIES } = settings;
  const corsOrigins = CORS_ORIGINS.split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
  const wrong = corsOrigins.find((origin) => !ORIGIN.test(origin));
  if (wrong !== undefined)
    throw new BadConfig(
      `CORS_ORIGINS must be origins like https://app.example.com, comma separated; ${wrong} is none`,
    );
  return {
    host: LISTEN_HOST,
    corsOrigins,
    requestsPerSecond: RATE_LIMIT_PER_SECOND,
    proxies: TRUSTED_PROXIES,
  };
};
