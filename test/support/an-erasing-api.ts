import type { Knex } from 'knex';
import type { AccountId } from '#shared/ids.ts';
import { erasureEvents } from '#shared/kernel/erasure.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { systemClock } from '#shared/kernel/message.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { personalKeys } from '../../adapters/postgres/personal-keys.ts';
import { accessTokens } from '../../command-api/account/access-tokens.ts';
import type { CommandApi } from '../../command-api/app.ts';
import { aCommandApi, everything, secrets } from './a-command-api.ts';
import { ana } from './some-resellers.ts';

export const reason = 'A pedido do titular, protocolo 17';

const anOperator = () => {
  const accountId = derivedId('account', 'operator') as AccountId;
  return accessTokens(secrets.signingKey)({ accountId, role: 'operator' }, systemClock());
};

/** The command API with the keys of persons in a real database, and what an operator does there. */
export const anErasingApi = (db: Knex, given: Partial<CommandApi> = {}) => {
  const keys = personalKeys(db, secrets.masterKey);
  const eventStore = inMemoryEventStore({ keys });
  const api = aCommandApi(db, { eventStore, destroyKey: keys.destroy, ...given });
  return {
    ...api,
    register: async (body: object = ana): Promise<string> => {
      const made = await api.anybody.post('/v1/resellers').send(body).expect(201);
      return (made.body as { readonly id: string }).id;
    },
    erase: (id: string, body: object = { reason }) =>
      api.holding(anOperator()).post(`/v1/resellers/${id}/erase`).send(body),
    erased: () => everything(api.eventStore, erasureEvents),
  };
};
export type AnErasingApi = ReturnType<typeof anErasingApi>;
