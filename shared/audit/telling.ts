import { Unreadable } from '#shared/kernel/schema.ts';
import type { StoredEvent } from '#shared/kernel/stored-log.ts';
import { english } from './sentences/en.ts';
import { portuguese } from './sentences/pt-br.ts';
import { circumstancesOf } from './stored.ts';
import { contractOf } from './vocabulary.ts';

export const LANGUAGES = ['pt-BR', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** By the name that an event has at run time; which data goes with it the contract says. */
type Said = Readonly<Record<string, ((data: never) => string) | undefined>>;
const sentences: Readonly<Record<Language, Said>> = { 'pt-BR': portuguese, en: english };

const versionOf = ({ metadata }: StoredEvent): number => {
  const { schemaVersion } = (metadata ?? {}) as { readonly schemaVersion?: unknown };
  return typeof schemaVersion === 'number' ? schemaVersion : 1;
};

/**
 * An event as it is stored, in the shape that is written today.
 * @throws {Unreadable} when it is not what it was declared to be.
 */
export const upToDate = (event: StoredEvent): StoredEvent => {
  const stored = { version: versionOf(event), sealed: true };
  const message = contractOf(event.type)?.read(event.type, event.data, stored);
  return message ? { ...event, data: message.data } : event;
};

/** As it is where it is none of ours, or was tampered with: nothing is left out of a history. */
const asItIs = ({ type, data }: StoredEvent): string => `${type} ${JSON.stringify(data)}`;

/**
 * What happened, as a sentence. What is somebody’s has to be opened or masked before: what stands
 * in the event is what is said.
 */
export const sentenceOf = (event: StoredEvent, language: Language): string => {
  const say = sentences[language][event.type];
  if (!say) return asItIs(event);
  try {
    return say(event.data as never);
  } catch (error) {
    // What is missing in it has no properties, or is no amount.
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    return asItIs(event);
  }
};

export const legible = (event: StoredEvent): StoredEvent => {
  try {
    return upToDate(event);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return event;
  }
};

const BY: Readonly<Record<Language, string>> = { 'pt-BR': 'por', en: 'by' };
const WITHIN: Readonly<Record<Language, string>> = { 'pt-BR': 'requisição', en: 'request' };

/** When, who, what, and because of what: a line of a history. */
export const lineOf = (event: StoredEvent, language: Language): string => {
  const { at, actor, correlationId } = circumstancesOf(event);
  const who = actor ? `${actor.id} (${actor.role})` : '?';
  const what = sentenceOf(event, language).replaceAll(/\s+/g, ' ');
  const why = correlationId === null ? '' : ` [${WITHIN[language]} ${correlationId}]`;
  return `${at ?? '?'}  ${what}, ${BY[language]} ${who}${why}`;
};
