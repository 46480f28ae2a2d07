import { InvalidArgumentError, type Command } from 'commander';
import { activationEvents } from '#shared/activation/events.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { erasing, type Receipt } from '#shared/kernel/erasure.ts';
import { BEGINNING, categoryOf, type Recorded } from '#shared/kernel/event-store.ts';
import { systemClock } from '#shared/kernel/message.ts';
import { allAboutPeople, heldIn } from '#shared/privacy/held.ts';
import { resellerEvents } from '#shared/reseller/events.ts';
import { resellerIdOf } from '#shared/reseller/identity.ts';
import { saleEvents } from '#shared/sale/events.ts';
import { askedHere } from './asked-here.ts';
import { answer, carryOut, Failed, type Output } from './outcome.ts';
import { onTheSystem, type System } from './system.ts';

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const UUID = new RegExp(`^${ID.source}$`);
const STREAM = new RegExp(`^(activation|sale)-${ID.source}$`);

const idOf = (given: string): string => {
  const id = given.toLowerCase();
  if (UUID.test(id)) return id;
  throw new InvalidArgumentError('A UUID: of a customer, a reseller, an account or a person.');
};

const streamOf = (given: string): string => {
  if (STREAM.test(given)) return given;
  throw new InvalidArgumentError('What they are known from: activation-<id> or sale-<id>.');
};

const idsIn = (text: string): readonly string[] => text.match(ID) ?? [];

/** One pass through the log: the streams that these ids are named in, the oldest first. */
const streamsNaming = async ({ eventStore }: System, ids: ReadonlySet<string>) => {
  const found = new Set<string>();
  const names = ({ stream, data }: Recorded) =>
    idsIn(`${stream} ${JSON.stringify(data)}`).some((id) => ids.has(id));
  for await (const { events } of eventStore.pages(allAboutPeople, BEGINNING))
    for (const event of events) if (names(event)) found.add(event.stream);
  return [...found];
};

/** A person is known by another id in what is sealed under their key. */
const subjectsOf = async ({ eventStore }: System, id: string): Promise<readonly string[]> => {
  const streams = ['customer', 'reseller', 'account'].map((category) => `${category}-${id}`);
  const own = await heldIn(eventStore)(streams);
  return own.map(({ data }) => data['subjectId']).filter((one) => typeof one === 'string');
};

/** What names them, and then what names that: a mail is about an activation, and that about them. */
const everythingAbout = async (system: System, id: string) => {
  const theirs = new Set([id, ...(await subjectsOf(system, id))]);
  const first = await streamsNaming(system, theirs);
  if (first.length === 0) throw new Failed(`Nothing is on record about ${id}`);
  const streams = await streamsNaming(system, new Set([...theirs, ...first.flatMap(idsIn)]));
  return heldIn(system.eventStore)(streams);
};

const exportAll = async (system: System, id: string): Promise<void> => {
  const events = await everythingAbout(system, id);
  answer({ json: true }, '', { id, exportedAt: systemClock(), events });
};

const inActivation = async ({ eventStore }: System, stream: string): Promise<string> => {
  const [first] = (await eventStore.read(stream, activationEvents)).events;
  if (first?.type === 'ActivationSubmitted') return first.data.subjectId;
  throw new Failed(`There is no ${stream}`);
};

/** A reseller is erased as one, or they could go on signing in. */
const unlessReseller = async ({ eventStore, hash }: System, document: string): Promise<void> => {
  const resellerId = resellerIdOf(hash, document as Cpf);
  const { events } = await eventStore.read(`reseller-${resellerId}`, resellerEvents);
  if (events.at(-1)?.type === 'ResellerRegistered')
    throw new Failed(
      `Its buyer is a reseller: POST /v1/resellers/${resellerId}/erase as an operator`,
    );
};

/** Whatever a body that was refused says about whose it is. */
const cpfsIn = (text: string): readonly string[] =>
  (text.match(/\d{3}\.?\d{3}\.?\d{3}-?\d{2}/g) ?? []).map((cpf) => cpf.replaceAll(/\D/g, ''));

const inSale = async (system: System, stream: string): Promise<string> => {
  const [first] = (await system.eventStore.read(stream, saleEvents)).events;
  if (first?.type === 'SaleReceived') {
    if (first.data.document !== null) await unlessReseller(system, first.data.document);
    return first.data.subjectId;
  }
  if (first?.type === 'SaleRefused') {
    for (const document of cpfsIn(first.data.received ?? ''))
      await unlessReseller(system, document);
    return first.data.subjectId;
  }
  throw new Failed(`There is no ${stream}`);
};

/** Whose key a thing is sealed under. @throws {Failed} when there is another way to forget them. */
const strangerIn = (system: System, stream: string): Promise<string> =>
  categoryOf(stream) === 'activation' ? inActivation(system, stream) : inSale(system, stream);

const inWords = ({ id, erasedAt }: Receipt, stream: string) =>
  `Whoever ${stream} is about was erased at ${erasedAt}; the receipt is ${id}.`;

const eraseStranger = async (system: System, stream: string, output: Output): Promise<void> => {
  const subjectId = await strangerIn(system, stream);
  const erase = erasing(system.eventStore, system.destroyKey);
  const what = categoryOf(stream) === 'sale' ? ['name', 'cpf', 'sales-as-buyer'] : ['email'];
  const receipt = await erase({ subjectId, what }, askedHere().asked.meta);
  const { id, erasedAt: when } = receipt;
  answer(output, inWords(receipt, stream), { id, when, what: receipt.what });
};

export const privacy = (program: Command, environment: NodeJS.ProcessEnv): void => {
  const command = program
    .command('privacy')
    .description('what is held about people, and forgetting them for good');
  command
    .command('export')
    .argument('<id>', 'a customer, a reseller, an account, or a person (subjectId)', idOf)
    .description('everything on record about somebody, from the log, as JSON')
    .option('--json', 'as it is in any case')
    .action((id: string) =>
      carryOut(() => onTheSystem(environment, (system) => exportAll(system, id))),
    );
  command
    .command('erase')
    .argument('<stream>', 'activation-<id> or sale-<id>: something that is about them', streamOf)
    .description('destroy the key of somebody who is neither a customer nor a reseller, for good')
    .option('--json', 'print JSON')
    .action((stream: string, output: Output) =>
      carryOut(() => onTheSystem(environment, (system) => eraseStranger(system, stream, output))),
    );
};
