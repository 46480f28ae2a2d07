import { expect } from 'chai';
import { systemClock } from '#shared/kernel/message.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { resellerEvents } from '#shared/reseller/events.ts';
import { personalKeysSchema } from '../../adapters/postgres/personal-keys.ts';
import type { CommandApi } from '../../command-api/app.ts';
import { eraseReseller } from '../../projections/reseller/effects.ts';
import { emptyVault, secrets, withVault, type ACommandApi } from '../support/a-command-api.ts';
import { aDatabase } from '../support/a-database.ts';
import { crash } from '../support/after-a-crash.ts';
import { anErasingApi, type AnErasingApi } from '../support/an-erasing-api.ts';
import { bia } from '../support/some-resellers.ts';

describe('The erasure of a reseller that is cut short', function () {
  this.timeout(90_000);
  const db = aDatabase(async (empty) => {
    await withVault(empty);
    await personalKeysSchema.up(empty);
  });
  let api: AnErasingApi;
  beforeEach(async () => {
    await db().raw('truncate vault.subject_keys');
    api = anErasingApi(db());
  });
  afterEach(() => emptyVault(db()));

  /** The job that carries on where a process died. */
  const carryOn = async (id: string) => {
    const { eventStore, destroyKey, vault } = api;
    const closeSignIn = vault.credentials.close as never;
    const deps = { eventStore, destroyKey, closeSignIn, clock: systemClock };
    await eraseReseller({ ...deps, hash: keyedHash(secrets.hashKey) }).carryOut(
      {
        ...{ id, kind: 'erase-reseller', eventId: id, correlationId: 'c' },
        ...{ stream: `reseller-${id}`, data: { resellerId: id } },
      },
      { attempt: 1, signal: new AbortController().signal, idempotencyKey: id },
    );
  };

  const steps: Readonly<Record<string, (of: ACommandApi) => Partial<CommandApi>>> = {
    'before the sign-in is closed': ({ vault }) => ({
      vault: { ...vault, credentials: { ...vault.credentials, close: crash } },
    }),
    'before the e-mail is free': ({ eventStore }) => ({
      eventStore: {
        ...eventStore,
        append: (stream, ...rest) =>
          stream.startsWith('reservation-') ? crash() : eventStore.append(stream, ...rest),
      },
    }),
    'before the key is destroyed': () => ({ destroyKey: crash }),
    'before that is on record': ({ eventStore }) => ({
      eventStore: {
        ...eventStore,
        append: (stream, ...rest) =>
          stream.startsWith('erasure-') ? crash() : eventStore.append(stream, ...rest),
      },
    }),
  };
  for (const [step, dying] of Object.entries(steps))
    it(`is carried on by a job when the process dies ${step}`, async () => {
      const id = await api.register();
      const { eventStore, vault, destroyKey } = api;
      const crashing = anErasingApi(db(), { eventStore, vault, destroyKey, ...dying(api) });
      await crashing.erase(id).expect(500);
      expect(await api.erased()).to.deep.equal([]);
      await carryOn(id);
      await carryOn(id);
      expect(await api.erased()).to.have.length(1);
      const { events } = await eventStore.read(`reseller-${id}`, resellerEvents);
      expect(events[0]?.data).to.include({ fullName: null, cpf: null, email: null });
      await api.register({ ...bia, email: 'ana@example.com' });
    });
});
