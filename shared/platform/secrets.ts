import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import type { Static, TObject } from 'typebox';
import { Type } from '#shared/kernel/type.ts';
import { atOnce } from './at-once.ts';
import { BadConfig, commonSettings } from './config.ts';
import { CURVE, KEY_BYTES, keyFrom, privateKeyFrom, publicKeysFrom } from './key-formats.ts';
import { keptSecret } from './kept-secret.ts';

/** What is read from the environment. In development, what is not set is made, once, and kept. */
export const secretSettings = {
  LASTRO_ENV: commonSettings.LASTRO_ENV,
  LASTRO_DATA_DIR: commonSettings.LASTRO_DATA_DIR,
  LASTRO_MASTER_KEY: Type.Optional(Type.String()),
  LASTRO_HASH_KEY: Type.Optional(Type.String()),
  JWT_PRIVATE_KEY: Type.Optional(Type.String()),
  JWT_PUBLIC_KEYS: Type.Optional(Type.String()),
};
export type SecretSettings = Static<TObject<typeof secretSettings>>;

/** What it takes to keep personal data, and to find people by it: 32 bytes each. */
export type DataSecrets = {
  /** Wraps the keys of persons. */
  readonly masterKey: Buffer;
  readonly hashKey: Buffer;
};
/** With the keys under which access tokens are good. */
export type VerifyingSecrets = DataSecrets & { readonly publicKeys: readonly KeyObject[] };
/** With the key that signs them. Its own public key is the first of those that are good. */
export type SigningSecrets = VerifyingSecrets & { readonly signingKey: KeyObject };

const aKey = () => randomBytes(KEY_BYTES).toString('base64');
const aPrivateKey = () =>
  generateKeyPairSync('ec', { namedCurve: CURVE })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

const KEPT = {
  LASTRO_MASTER_KEY: { file: 'master.key', make: aKey },
  LASTRO_HASH_KEY: { file: 'hash.key', make: aKey },
  JWT_PRIVATE_KEY: { file: 'jwt-private.pem', make: aPrivateKey },
};
type Kept = keyof typeof KEPT;

const textOf = async (settings: SecretSettings, name: Kept): Promise<string> => {
  const given = settings[name];
  if (given !== undefined) return given;
  if (settings.LASTRO_ENV === 'production') throw new BadConfig(`${name} is missing`);
  return keptSecret(settings.LASTRO_DATA_DIR, KEPT[name].file, KEPT[name].make);
};

const read = async <T>(
  settings: SecretSettings,
  name: Kept,
  parse: (name: string, text: string) => T,
): Promise<T> => parse(name, await textOf(settings, name));

const dataSecretsIn = (settings: SecretSettings) => ({
  masterKey: () => read(settings, 'LASTRO_MASTER_KEY', keyFrom),
  hashKey: () => read(settings, 'LASTRO_HASH_KEY', keyFrom),
});

/** Tokens are good under the signing key's own public key, and under whatever else is said. */
const verifyingKeysIn = (settings: SecretSettings) => async (): Promise<readonly KeyObject[]> => {
  const { LASTRO_ENV, JWT_PRIVATE_KEY, JWT_PUBLIC_KEYS = '' } = settings;
  const further = publicKeysFrom('JWT_PUBLIC_KEYS', JWT_PUBLIC_KEYS);
  if (LASTRO_ENV === 'production' && JWT_PRIVATE_KEY === undefined && further.length > 0)
    return further;
  const own = await read(settings, 'JWT_PRIVATE_KEY', privateKeyFrom);
  return [createPublicKey(own), ...further];
};

/** @throws {BadConfig} naming every variable that is missing or wrong. */
export const dataSecretsFrom = (settings: SecretSettings): Promise<DataSecrets> =>
  atOnce<DataSecrets>(dataSecretsIn(settings));

/**
 * For a process that checks tokens and issues none: in production it need not be trusted with
 * JWT_PRIVATE_KEY if it has JWT_PUBLIC_KEYS.
 * @throws {BadConfig} naming every variable that is missing or wrong.
 */
export const verifyingSecretsFrom = (settings: SecretSettings): Promise<VerifyingSecrets> =>
  atOnce<VerifyingSecrets>({ ...dataSecretsIn(settings), publicKeys: verifyingKeysIn(settings) });

/** @throws {BadConfig} naming every variable that is missing or wrong. */
export const signingSecretsFrom = (settings: SecretSettings): Promise<SigningSecrets> =>
  atOnce<SigningSecrets>({
    ...dataSecretsIn(settings),
    signingKey: () => read(settings, 'JWT_PRIVATE_KEY', privateKeyFrom),
    publicKeys: verifyingKeysIn(settings),
  });
