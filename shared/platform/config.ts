import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import type { Static, TObject, TProperties, TSchema } from 'typebox';
import { Type } from '#shared/kernel/type.ts';

/** The exit code of a process whose configuration is wrong (`EX_CONFIG` of sysexits.h). */
export const EXIT_BAD_CONFIG = 78;

/** A setting is wrong or missing. The message is one line that names the variable. */
export class BadConfig extends Error {
  override readonly name = 'BadConfig';
}

/** What every process understands, whatever else it needs. */
export const commonSettings = {
  LASTRO_ENV: Type.Union([Type.Literal('development'), Type.Literal('production')], {
    default: 'development',
  }),
  LASTRO_DATA_DIR: Type.String({ minLength: 1, default: '.lastro' }),
  LOG_LEVEL: Type.Union(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].map((level) =>
      Type.Literal(level),
    ),
    { default: 'info' },
  ),
};

/** A TCP port of ours, by its variable's default. */
export const port = (standard: number) =>
  Type.Integer({ minimum: 1, maximum: 65_535, default: standard });

/** A span of time in milliseconds, at least `minimum`. */
export const milliseconds = (standard: number, minimum = 0) =>
  Type.Integer({ minimum, maximum: 2_147_483_647, default: standard });

const ajv = new Ajv({ allErrors: true, coerceTypes: true, useDefaults: true, strict: false });
formats.default(ajv);

/** An unset variable and an empty one are the same: shells and compose files cannot unset. */
const given = (environment: NodeJS.ProcessEnv, names: readonly string[]) =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );

const choicesOf = (schema: TSchema | undefined): string | undefined =>
  schema && 'anyOf' in schema
    ? (schema.anyOf as readonly { const?: unknown }[]).map((one) => String(one.const)).join(', ')
    : undefined;

/**
 * The settings that a schema names, read from the environment, defaults filled in.
 * @throws {BadConfig} saying all that is wrong, in one line.
 */
export const settingsFrom = <P extends TProperties>(
  properties: P,
  environment: NodeJS.ProcessEnv,
): Static<TObject<P>> => {
  const fits = ajv.compile<Static<TObject<P>>>(Type.Object(properties));
  const settings: unknown = given(environment, Object.keys(properties));
  if (fits(settings)) return settings;

  const flaws = (fits.errors ?? []).flatMap(({ instancePath, params, message, keyword }) => {
    const missing = (params as { missingProperty?: string }).missingProperty;
    if (missing !== undefined) return [`${missing} is missing`];
    const name = instancePath.slice(1).split('/')[0] ?? '';
    // Of a choice, every alternative says for itself that it was not met.
    if (keyword === 'const') return [];
    const choices = choicesOf(properties[name]);
    return [`${name} ${choices ? `must be one of ${choices}` : (message ?? 'is not valid')}`];
  });
  throw new BadConfig([...new Set(flaws)].join('; '));
};
