import { StationId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import type { Meta } from '#shared/kernel/message.ts';
import { closed } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { answer } from '#shared/platform/http/command.ts';
import { route, type Refusals, type Route } from '#shared/platform/http/route.ts';
import { Change, Protocol, Registration, USUAL_PROTOCOL } from '#shared/station/commands.ts';
import { station, type Station, type StationRefusal } from '#shared/station/decider.ts';
import { stationEvents } from '#shared/station/events.ts';

export type StationDeps = {
  readonly eventStore: EventStore;
  /** Sees to it that no transaction is pending at a station, now and ever after; or says no. */
  readonly vacate: (id: StationId, meta: Meta) => Promise<boolean>;
};

const refusals: Refusals<StationRefusal> = {
  'station-not-found': { status: 404, title: 'No such station' },
  'station-already-registered': { status: 409, title: 'There is this station already' },
  'station-busy': { status: 409, title: 'A transaction is pending at this station' },
};

const Shown = closed({
  id: StationId,
  description: Type.String(),
  batteryAvailable: Type.Boolean(),
  protocol: Protocol,
});
const named = { id: StationId };

const shownAs = (id: string, state: Station) => {
  if (state.status !== 'kept') throw new Error('An accepted command left no station');
  const { description, batteryAvailable, protocol } = state;
  return { id, description, batteryAvailable, protocol };
};

const registerRoute = (eventStore: EventStore): Route => {
  const handle = commandHandler(eventStore, 'station', stationEvents, station, { fresh: true });
  return route({
    method: 'post',
    path: '/v1/stations',
    summary: 'Register a station',
    access: ['operator'],
    body: Registration,
    answers: { 201: Shown },
    refusals,
    handle: async ({ body, at, asked }) => {
      const command = asked();
      const id = derivedId('station', command.meta.commandId) as StationId;
      const { description, batteryAvailable = true, protocol = USUAL_PROTOCOL } = body;
      const data = { stationId: id, description, batteryAvailable, protocol, at };
      const handled = await handle(id, { type: 'RegisterStation', data }, command);
      const location = `/v1/stations/${id}`;
      return answer(handled, (state) => ({ status: 201, body: shownAs(id, state), location }));
    },
  });
};

/** Everything an operator can do about stations. */
export const stationRoutes = ({ eventStore, vacate }: StationDeps): Route[] => {
  const handle = commandHandler(eventStore, 'station', stationEvents, station);
  const common = { thing: 'station', access: ['operator'], params: named, refusals } as const;
  const path = '/v1/stations/{id}';

  return [
    registerRoute(eventStore),
    route({
      ...common,
      method: 'patch',
      path,
      summary: 'Change what a station is called, whether it has a battery, or how it is spoken to',
      body: Change,
      answers: { 200: Shown },
      handle: async ({ params: { id }, body, at, asked }) => {
        const data = { stationId: id, ...body, at };
        const handled = await handle(id, { type: 'ChangeStation', data }, asked());
        return answer(handled, (state) => ({ status: 200, body: shownAs(id, state) }));
      },
    }),
    route({
      ...common,
      method: 'delete',
      path,
      summary: 'Remove a station at which nothing is pending',
      answers: { 204: 'empty' },
      handle: async ({ params: { id }, at, asked }) => {
        const command = asked();
        const isFree = async () =>
          (await vacate(id, command.meta)) ? undefined : ('station-busy' as const);
        const data = { stationId: id, at };
        const handled = await handle(id, { type: 'RemoveStation', data }, command, isFree);
        return answer(handled, () => ({ status: 204 }));
      },
    }),
  ];
};
