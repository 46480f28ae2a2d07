import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { TSchema } from 'typebox';
import { Type } from './type.ts';

/**
 * Marks a string of an event as somebody's. In the log it stands encrypted under the key of the
 * person that the event's `subjectId` names; it reads `null` once that key is destroyed.
 */
export const personal = (schema: TSchema & { readonly type: 'string' }) =>
  Type.Unsafe<string | null>({ anyOf: [schema, { type: 'null' }], personal: true });

export const isPersonal = (schema: unknown): boolean =>
  typeof schema === 'object' && schema !== null && 'personal' in schema;

/** The form of a personal string in the log and in read models. */
export const SEALED = '^sealed:1:[A-Za-z0-9_-]+$';
const PREFIX = 'sealed:1:';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Whose a personal string is, and what it is of theirs. Sealed in with it, so that it cannot be
 * passed off as something else; a read model that keeps it sealed has to know no more than this.
 */
export type Place = { readonly subjectId: string; readonly field: string };

const IVS_AT_ONCE = 512;

/** Asking for random bytes costs more than sealing: so for many at once, each used once. */
const nextIv = (() => {
  let drawn = Buffer.alloc(0);
  let used = 0;
  return (): Buffer => {
    if (used === drawn.length) [drawn, used] = [randomBytes(IVS_AT_ONCE * IV_BYTES), 0];
    used += IV_BYTES;
    return drawn.subarray(used - IV_BYTES, used);
  };
})();

const bound = ({ subjectId, field }: Place) => Buffer.from(JSON.stringify([subjectId, field]));

/** Seals many texts under one key for one place. AES-256-GCM; iv, ciphertext and tag in base64url. */
export const sealing = (key: Buffer, place: Place): ((text: string) => string) => {
  const boundTo = bound(place);
  return (text) => {
    const iv = nextIv();
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(boundTo);
    const parts = [iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
    return PREFIX + Buffer.concat(parts).toString('base64url');
  };
};

/** One text, as `sealing` does it. */
export const seal = (text: string, key: Buffer, place: Place): string => sealing(key, place)(text);

/** @throws when it was sealed under another key, for another place, or has been altered. */
export const unseal = (sealed: string, key: Buffer, place: Place): string => {
  const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url');
  const tagAt = bytes.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
    .setAAD(bound(place))
    .setAuthTag(bytes.subarray(tagAt));
  const text = decipher.update(bytes.subarray(IV_BYTES, tagAt));
  return Buffer.concat([text, decipher.final()]).toString('utf8');
};

/** The keys of persons (32 bytes each), whoever keeps them. */
export type PersonalKeys = {
  /** A key for each, made where there was none. @throws {Erased} for a person who was erased. */
  readonly obtain: (subjectIds: readonly string[]) => Promise<ReadonlyMap<string, Buffer>>;
  /** The keys that there are: nothing for whoever was erased. */
  readonly find: (subjectIds: readonly string[]) => Promise<ReadonlyMap<string, Buffer>>;
};

/** This person's key was destroyed; nothing more can be put on record about them. */
export class Erased extends Error {
  override readonly name = 'Erased';
}

/** Finds people by what cannot be guessed back without the key: HMAC-SHA-256, in hex. */
export type KeyedHash = (kind: string, value: string) => string;
export const keyedHash =
  (key: Buffer): KeyedHash =>
  (kind, value) =>
    createHmac('sha256', key)
      .update(JSON.stringify([kind, value]))
      .digest('hex');
