import type { Static } from 'typebox';
import { accept, refuse, type Decider } from '#shared/kernel/decider.ts';
import { contract, type Message, type MessagesIn } from '#shared/kernel/message.ts';
import { personal } from '#shared/kernel/personal.ts';
import { Type } from '#shared/kernel/type.ts';

// A capability as small as one can be, so that the kernel is specified without the business.

export const thingEvents = contract('thing', {
  ThingMade: Type.Object({ thingId: Type.String(), size: Type.Integer() }),
  ThingGiven: Type.Object({
    thingId: Type.String(),
    subjectId: Type.String(),
    name: personal(Type.String({ minLength: 1 })),
    nickname: Type.Optional(personal(Type.String())),
  }),
  ThingBroken: Type.Object({ thingId: Type.String() }),
});
export type ThingEvent = MessagesIn<typeof thingEvents>;

/** A reader that has not heard of things given or broken. */
export const fewerThingEvents = contract('thing', { ThingMade: thingEvents.schemas.ThingMade });

/** As relics were put on record at first, before a size was a number and had a unit. */
export const firstRelicEvents = contract('relic', {
  RelicFound: Type.Object({ relicId: Type.String(), size: Type.String() }),
});
export const relicEvents = contract(
  'relic',
  { RelicFound: Type.Object({ relicId: Type.String(), sizeInMm: Type.Integer() }) },
  {
    RelicFound: [
      ({ size, ...rest }) => ({ ...rest, sizeInCm: Number(size) }),
      ({ sizeInCm, ...rest }) => ({ ...rest, sizeInMm: Number(sizeInCm) * 10 }),
    ],
  },
);

/** Somebody else's, in a category of their own. */
export const otherEvents = contract('other', {
  OtherHappened: Type.Object({ otherId: Type.String() }),
});

export const aThing = 'thing-1';
export const aPerson = '0190a1de-0000-7000-8000-0000000000f1';
export const anotherPerson = '0190a1de-0000-7000-8000-0000000000f2';

type Data<Name extends keyof typeof thingEvents.schemas> = Static<
  (typeof thingEvents.schemas)[Name]
>;

export const made = (data: Partial<Data<'ThingMade'>> = {}): ThingEvent => ({
  type: 'ThingMade',
  data: { thingId: '1', size: 1, ...data },
});
export const given = (data: Partial<Data<'ThingGiven'>> = {}): ThingEvent => ({
  type: 'ThingGiven',
  data: { thingId: '1', subjectId: aPerson, name: 'Ana', ...data },
});
export const broken = (): ThingEvent => ({ type: 'ThingBroken', data: { thingId: '1' } });

export type Thing = { readonly status: 'none' | 'whole' | 'broken'; readonly size: number };
export type ThingCommand =
  | Message<'MakeThing', { readonly thingId: string; readonly size: number }>
  | Message<'BreakThing', { readonly thingId: string }>;
export type ThingRefusal = 'thing-unknown' | 'thing-of-another-size';

export const make = (thingId = '1', size = 1): ThingCommand => ({
  type: 'MakeThing',
  data: { thingId, size },
});
export const breaking = (thingId = '1'): ThingCommand => ({
  type: 'BreakThing',
  data: { thingId },
});

export const thing: Decider<Thing, ThingCommand, ThingEvent, ThingRefusal> = {
  initialState: { status: 'none', size: 0 },
  decide: ({ type, data }, { status, size }) => {
    switch (type) {
      case 'MakeThing':
        if (status === 'none') return accept({ type: 'ThingMade', data });
        return size === data.size ? accept() : refuse('thing-of-another-size');
      case 'BreakThing':
        if (status === 'none') return refuse('thing-unknown');
        return status === 'broken' ? accept() : accept({ type: 'ThingBroken', data });
    }
  },
  evolve: (state, { type, data }) => {
    switch (type) {
      case 'ThingMade':
        return { status: 'whole', size: data.size };
      case 'ThingGiven':
        return state;
      case 'ThingBroken':
        return { ...state, status: 'broken' };
    }
  },
};
