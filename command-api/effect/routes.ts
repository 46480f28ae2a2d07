import { effect, type EffectRefusal } from '#shared/effect/decider.ts';
import { effectEvents } from '#shared/effect/events.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { closed, oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { answer } from '#shared/platform/http/command.ts';
import { route, type Refusals, type Route } from '#shared/platform/http/route.ts';

export type EffectDeps = {
  readonly eventStore: EventStore;
  /** Whether there ever was one: the log knows only those that were given up. */
  readonly effectExists: (id: string) => Promise<boolean>;
};

const refusals: Refusals<EffectRefusal | 'effect-not-found'> = {
  'effect-not-found': { status: 404, title: 'No such effect' },
  'effect-not-parked': {
    status: 409,
    title: 'This effect has not been given up',
    detail: 'It is done, or still being tried: see GET /v1/effects.',
  },
};

const EffectId = Type.String({ format: 'uuid' });

/** What operators do about effects that were given up. */
export const effectRoutes = ({ eventStore, effectExists }: EffectDeps): Route[] => {
  const handle = commandHandler(eventStore, 'effect', effectEvents, effect);

  return [
    route({
      method: 'post',
      path: '/v1/effects/{id}/retry',
      summary: 'Have an effect that was given up tried afresh',
      thing: 'effect',
      access: ['operator'],
      params: { id: EffectId },
      answers: { 202: closed({ id: EffectId, status: oneOf(['WAITING']) }) },
      refusals,
      handle: async ({ params: { id }, caller, at, asked }) => {
        const data = { effectId: id, by: caller.id, at };
        const handled = await handle(id, { type: 'RetryEffect', data }, asked());
        if (handled.outcome === 'refused' && !(await effectExists(id)))
          return { outcome: 'refused', reason: 'effect-not-found' };
        return answer(handled, () => ({ status: 202, body: { id, status: 'WAITING' } }));
      },
    }),
  ];
};
