import type { Recorded } from '#shared/kernel/event-store.ts';
import type { Contract, Instant, MessageOf, Named, Schemas } from '#shared/kernel/message.ts';
import type { AnyContract } from './follower.ts';

/** Something to be done outside. Names things; never carries personal data. */
export type Intent = {
  /** Which effect carries it out. */
  readonly kind: string;
  /** What it is about. */
  readonly stream: string;
  readonly data: Readonly<Record<string, string>>;
  /** Not before then; at once without it. */
  readonly runAt?: Instant;
  /** Of those with the same, one begins when those before it are done, or parked. Names nobody. */
  readonly sequence?: string;
};

/** Declared as a method, so that reactions to different events fit in one list. */
type On<Event> = { on(event: Event): Intent | undefined }['on'];

type Shape<C, Ons> = {
  /** What it sees to, as a sentence: `tell-customer-of-activation`. Never to be changed. */
  readonly name: string;
  readonly events: C;
  readonly on: Ons;
  /** A reaction that is new begins at the end of the log; from the beginning, it acts on the past. */
  readonly begin?: 'end' | 'beginning';
};

/** Whenever this happened, see to that. Pure: effects carry it out. */
export type Reaction<S extends Schemas> = Shape<
  Contract<S>,
  { readonly [Type in MessageOf<S>['type']]: On<Recorded<Named<MessageOf<S>, Type>>> }
>;

export type AnyReaction = Shape<AnyContract, Readonly<Record<string, On<Recorded>>>>;
