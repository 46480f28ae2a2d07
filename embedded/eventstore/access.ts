import { createHash, timingSafeEqual } from 'node:crypto';
import type { Metadata } from '@grpc/grpc-js';
import { originalOf, isMetastream } from './names.ts';
import { Rejected } from './refusal.ts';

/** What a caller may do. Everything is a stream as well: `$all`. */
export type Rights = {
  readonly mayRead: (stream: string) => boolean;
  readonly mayWrite: (stream: string) => boolean;
};

/** Who may call, by name. */
export type Passwords = ReadonlyMap<string, string>;

/** The users and passwords that a new installation of the real server has. */
export const USUAL_USERS: Passwords = new Map([
  ['admin', 'changeit'],
  ['ops', 'changeit'],
]);

const ADMINISTRATOR = 'admin';
const everything: Rights = { mayRead: () => true, mayWrite: () => true };

const isOfTheSystem = (stream: string): boolean =>
  (isMetastream(stream) ? originalOf(stream) : stream).startsWith('$');

/** Whoever is no administrator sees of the system what scavenges have done, and writes nothing there. */
const ordinary: Rights = {
  mayRead: (stream) => !isOfTheSystem(stream) || stream.startsWith('$scavenges'),
  mayWrite: (stream) => !isOfTheSystem(stream),
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

const BASIC = /^Basic\s+(.*)$/i;

const rightsOf = (passwords: Passwords, header: string): Rights => {
  const given = Buffer.from(BASIC.exec(header)?.[1] ?? '', 'base64').toString();
  const colon = given.indexOf(':');
  const [name, password] = [given.slice(0, colon), given.slice(colon + 1)];
  const expected = passwords.get(name);
  if (colon < 0 || expected === undefined || !isSame(password, expected))
    throw new Rejected({ reason: 'unauthenticated' });
  return name === ADMINISTRATOR ? everything : ordinary;
};

/** What the metadata of a call says of the caller. @throws {Rejected} when it is nobody we know. */
export type RightsOf = (metadata: Metadata) => Rights;

/** Without users, whoever reaches us may do everything: clients send no names unencrypted. */
export const access = (passwords: Passwords | undefined): RightsOf =>
  passwords === undefined
    ? () => everything
    : (metadata) => {
        const [header] = metadata.get('authorization');
        if (header === undefined) throw new Rejected({ reason: 'anonymous' });
        return rightsOf(passwords, String(header));
      };
