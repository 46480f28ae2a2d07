import { expect } from 'chai';
import { submitted } from '#shared/activation/examples.ts';
import { activationEvents } from '#shared/activation/events.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { StoredEvent } from '#shared/kernel/stored-log.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { masked, opened } from './personal-fields.ts';
import { english } from './sentences/en.ts';
import { LANGUAGES, legible, lineOf, sentenceOf } from './telling.ts';
import { contractOf } from './vocabulary.ts';

type Schema = {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
};

const SIMPLE: Readonly<Record<string, unknown>> = {
  ...{ string: 'a word', integer: 1_234, number: 1, boolean: true, null: null },
};

const objectOf = ({ properties = {}, required = [] }: Schema): unknown =>
  Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {})]));

/** The least that an event can say: what is optional is not there. */
const sampleOf = (schema: Schema): unknown => {
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return sampleOf(schema.anyOf[0] ?? {});
  if (schema.type === 'array') return [sampleOf(schema.items ?? {})];
  if (schema.type === 'object') return objectOf(schema);
  return SIMPLE[schema.type ?? 'string'];
};

const metadata = {
  $correlationId: 'a-request',
  actor: { id: 'ana', role: 'analyst' },
  at: '2026-01-15T12:00:00.000Z',
};
const event = (type: string, data: unknown): StoredEvent => ({
  ...{ position: 0n, revision: 0n, stream: 'x-1', id: 'an-event', type, data, metadata },
});

describe('A history in words', () => {
  it('has a sentence for every event, whatever it leaves out', () => {
    for (const type of Object.keys(english)) {
      const schema = contractOf(type)?.schemas[type] as Schema;
      for (const language of LANGUAGES) {
        const sentence = sentenceOf(event(type, sampleOf(schema)), language);
        expect(sentence, `${type} in ${language}`).to.match(/^[A-ZR0-9a-z“][^{}]{8,}$/);
        expect(sentence, type).not.to.match(/undefined|null|NaN|\[object/);
      }
    }
  });

  it('says when, what, who and because of what', () => {
    const rejected = event('ActivationRejected', { reason: 'No contract' });
    expect(LANGUAGES.map((language) => lineOf(rejected, language))).to.deep.equal([
      '2026-01-15T12:00:00.000Z  A ativação foi rejeitada: No contract, por ana (analyst) [requisição a-request]',
      '2026-01-15T12:00:00.000Z  The activation was rejected: No contract, by ana (analyst) [request a-request]',
    ]);
  });

  it('is one line for each event, whatever somebody wrote', () => {
    const rejected = event('ActivationRejected', { reason: 'No\ncontract\r\n2026-01-15  Forged' });
    expect(lineOf(rejected, 'en')).not.to.match(/[\r\n]/);
  });

  it('leaves nothing out, though it is none of ours or was tampered with', () => {
    expect(sentenceOf(event('SomethingElse', { a: 1 }), 'en')).to.equal('SomethingElse {"a":1}');
    const broken = legible(event('PurchaseChanged', { before: 'nothing' }));
    expect(sentenceOf(broken, 'en')).to.equal('PurchaseChanged {"before":"nothing"}');
  });

  it('names people to those who may know, masks them for others, and forgets the erased', async () => {
    const keys = inMemoryKeys();
    const eventStore = inMemoryEventStore({ keys });
    const asked = submitted({ customerEmail: 'maria@example.com' });
    const stream = `activation-${asked.data.activationId}`;
    await eventStore.append(stream, activationEvents, [asked], { expected: 'no-stream', meta });
    let stored: StoredEvent | undefined;
    for await (const { events } of eventStore.pages(activationEvents, BEGINNING))
      for (const one of events) stored = { ...one, metadata };
    if (!stored) throw new Error('It was just put on record');

    const said = (events: readonly StoredEvent[]) =>
      events.map((one) => sentenceOf(one, 'pt-BR')).join();
    expect(said(masked([legible(stored)])))
      .to.include('(***)')
      .and.not.include('sealed:');
    expect(said(await opened(keys, [legible(stored)]))).to.include('(maria@example.com)');
    await keys.destroy((stored.data as { readonly subjectId: string }).subjectId);
    expect(said(await opened(keys, [stored]))).to.include('([eliminado])');
  });
});
