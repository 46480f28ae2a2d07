import { categoryOf, UnknownEvent, type Page, type Recorded } from './event-store.ts';
import type { Contract, Message, MessageOf, Schemas } from './message.ts';
import { seal, unseal, type PersonalKeys, type Place } from './personal.ts';

/** An event as it stands in the log: in the version it was written in, personal fields sealed. */
export type AtRest = Recorded & { readonly version: number };

type Fields = Readonly<Record<string, unknown>>;
type Keys = ReadonlyMap<string, Buffer>;

/** Which event it is shows at run time only, so the types of its fields are let go here. */
const untyped = <S extends Schemas>(contract: Contract<S>) => contract as unknown as Contract;
const NO_KEYS: Keys = new Map();

/** Whose key it takes; nobody's where there is no personal string to seal or to open. */
const personIn = (contract: Contract, { type, data }: Message): string | undefined => {
  const fields = data as Fields;
  if (!contract.personalFields(type).some((name) => typeof fields[name] === 'string'))
    return undefined;
  if (typeof fields['subjectId'] === 'string') return fields['subjectId'];
  throw new TypeError(`${type} has personal fields, and a subjectId that is no string`);
};

const peopleIn = (contract: Contract, events: readonly Message[]): readonly string[] => [
  ...new Set(
    events.map((event) => personIn(contract, event)).filter((person) => person !== undefined),
  ),
];

const withPersonal = (
  contract: Contract,
  { type, data }: Message,
  subjectId: string,
  change: (text: string, place: Place) => string | null,
): Fields => {
  const fields: Record<string, unknown> = { ...(data as Fields) };
  for (const field of contract.personalFields(type)) {
    const text = fields[field];
    if (typeof text === 'string') fields[field] = change(text, { subjectId, field });
  }
  return fields;
};

const sealed = (contract: Contract, event: Message, keys: Keys): Message => {
  const person = personIn(contract, event);
  if (person === undefined) return event;
  const key = keys.get(person);
  if (!key) throw new TypeError(`No key was obtained for a person in ${event.type}`);
  const data = withPersonal(contract, event, person, (text, place) => seal(text, key, place));
  return { type: event.type, data };
};

/** What must never get into the log is a fault of ours, and noticed before anything is written. */
const checked = (contract: Contract, stream: string, { type, data }: Message): Message => {
  const message = contract.read(type, data, { version: contract.versionOf(type) });
  if (!message) throw new TypeError(`${type} is not declared by the contract of ${stream}`);
  return message;
};

/**
 * Events in the form in which they are stored: checked, and sealed with keys obtained in one go.
 * @throws {Unreadable} when one is not what it is declared to be.
 * @throws {Erased} when one has personal fields of somebody who was erased.
 */
export const forTheLog = async <S extends Schemas>(
  contractOfStream: Contract<S>,
  stream: string,
  events: readonly MessageOf<S>[],
  keys: PersonalKeys,
): Promise<readonly Message[]> => {
  const contract = untyped(contractOfStream);
  if (events.length === 0) throw new TypeError(`Nothing to append to ${stream}`);
  if (!contract.categories.has(categoryOf(stream)))
    throw new TypeError(`${stream} is in none of the categories of its contract`);

  const messages = events.map((event) => checked(contract, stream, event));
  const people = peopleIn(contract, messages);
  const obtained = people.length === 0 ? NO_KEYS : await keys.obtain(people);
  return messages.map((message) => sealed(contract, message, obtained));
};

const understood = <S extends Schemas>(
  contract: Contract<S>,
  event: AtRest,
  fieldsAre: 'sealed' | ((data: unknown) => unknown),
): Recorded<MessageOf<S>> => {
  const { type, version, id, meta, stream, revision, position } = event;
  // No closures in here: a replay comes by a million times.
  let message: MessageOf<S> | undefined;
  try {
    message =
      fieldsAre === 'sealed'
        ? contract.read(type, event.data, { version, sealed: true })
        : contract.read(type, fieldsAre(event.data), { version });
  } catch (cause) {
    throw new UnknownEvent(event, { cause });
  }
  if (!message) throw new UnknownEvent(event);
  return { type: message.type, data: message.data, id, meta, stream, revision, position };
};

/** @throws {UnknownEvent} */
export const stillSealed = <S extends Schemas>(
  contract: Contract<S>,
  event: AtRest,
): Recorded<MessageOf<S>> => understood(contract, event, 'sealed');

/**
 * A stretch of the log as a page. Where something in it cannot be read, what stands before comes
 * as a page of its own, so that whoever stops there stops right there.
 * @throws {UnknownEvent}
 */
export const asPages = function* <Event extends Message, Raw>(
  stretch: readonly Raw[],
  positionOf: (raw: Raw) => bigint,
  read: (raw: Raw) => Recorded<Event> | undefined,
): Generator<Page<Event>> {
  const events: Recorded<Event>[] = [];
  let upTo: bigint | undefined;
  try {
    for (const raw of stretch) {
      const event = read(raw);
      if (event) events.push(event);
      upTo = positionOf(raw);
    }
  } catch (error) {
    if (upTo !== undefined) yield { events, upTo };
    throw error;
  }
  if (upTo !== undefined) yield { events, upTo };
};

/**
 * Personal fields opened with keys found in one go; `null` where the person was erased.
 * @throws {UnknownEvent}
 */
export const inClear = async <S extends Schemas>(
  contract: Contract<S>,
  events: readonly AtRest[],
  keys: PersonalKeys,
): Promise<readonly Recorded<MessageOf<S>>[]> => {
  const names = untyped(contract);
  const people = peopleIn(names, events);
  const found = people.length === 0 ? NO_KEYS : await keys.find(people);

  return events.map((event) =>
    understood(contract, event, (data) => {
      const person = personIn(names, event);
      if (person === undefined) return data;
      const key = found.get(person);
      return withPersonal(names, event, person, (text, place) =>
        key ? unseal(text, key, place) : null,
      );
    }),
  );
};
