import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { EffectCommand } from './commands.ts';
import type { EffectEvent } from './events.ts';

/** As the log knows it: an effect of which nothing is on record has not been given up so far. */
export type Effect = {
  readonly status: 'never-parked' | 'parked' | 'tried-afresh';
  readonly round: number;
};

export type EffectRefusal = 'effect-not-parked';

type Outcome = Decision<EffectEvent, EffectRefusal>;

const decide = ({ type, data }: EffectCommand, { status, round }: Effect): Outcome => {
  switch (type) {
    case 'ParkEffect': {
      const known = data.round < round || (data.round === round && status === 'parked');
      return known ? accept() : accept({ type: 'EffectParked', data });
    }
    case 'RetryEffect':
      return status === 'parked'
        ? accept({ type: 'EffectRetryRequested', data: { ...data, round: round + 1 } })
        : refuse('effect-not-parked');
  }
};

const evolve = (_effect: Effect, { type, data: { round } }: EffectEvent): Effect => {
  switch (type) {
    case 'EffectParked':
      return { status: 'parked', round };
    case 'EffectRetryRequested':
      return { status: 'tried-afresh', round };
  }
};

/** What was given up stays so until an operator has it tried afresh. */
export const effect: Decider<Effect, EffectCommand, EffectEvent, EffectRefusal> = {
  initialState: { status: 'never-parked', round: 0 },
  decide,
  evolve,
};
