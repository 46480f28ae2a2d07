import { expect } from 'chai';
import supertest from 'supertest';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import { logger } from '#shared/platform/log.ts';
import { regularly } from '#shared/platform/regularly.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { disabledAccounts, LOOK_EVERY_MS } from '../../adapters/postgres/disabled-accounts.ts';
import { companies } from '../../projections/company/companies-view.ts';
import { prepareView } from '../../projections/view-follower.ts';
import { queryApi } from '../../query-api/app.ts';
import { noBalance } from '../support/a-balance.ts';
import { noLog } from '../support/a-stored-log.ts';
import { pastIn } from '../support/the-past.ts';
import { noProducts } from '../support/some-products.ts';
import { aCommandApi, granted, secrets, withVault } from '../support/a-command-api.ts';
import { aDatabase } from '../support/a-database.ts';
import { waitUntil } from '../support/wait-until.ts';

/** A second is promised; a busy machine is given a little more. */
const SOON_MS = 3_000;

describe('An account that is disabled', function () {
  this.timeout(90_000);
  const db = aDatabase(async (empty) => {
    await withVault(empty);
    await checkpointSchema.up(empty);
    await prepareView(empty, companies);
  });

  it('is refused by both APIs soon after, though its token has not expired', async () => {
    const { isDisabled, look } = disabledAccounts(db());
    const log = logger('spec', 'silent');
    const stopping = new AbortController();
    const looking = regularly('looking', LOOK_EVERY_MS, look, { log, signal: stopping.signal });
    try {
      const api = aCommandApi(db(), { isDisabled });
      const query = queryApi({
        ...{ db: db(), keys: inMemoryKeys(), secrets, log, isDisabled },
        ...{ requestsPerSecond: 10_000, corsOrigins: [], observe: () => undefined },
        balanceOf: noBalance,
        ...noProducts,
        ...noLog,
        past: pastIn(),
      });
      const id = await api.opened('ana');
      const { access_token: token } = granted(await api.token('ana').expect(200));
      const reading = () =>
        supertest(query).get('/v1/companies').set('Authorization', `Bearer ${token}`);
      const asking = () => api.holding(token).get('/v1/auth/sessions');
      await reading().expect(200);
      await asking().expect(200);

      await api.admin.patch(`/v1/accounts/${id}`).send({ disabled: true }).expect(200);
      await waitUntil('it is refused', async () => (await reading()).status === 401, SOON_MS);
      await asking().expect(401);

      await api.admin.patch(`/v1/accounts/${id}`).send({ disabled: false }).expect(200);
      await look();
      await reading().expect(200);
      expect(isDisabled(id)).to.equal(false);
    } finally {
      stopping.abort();
      await looking;
    }
  });
});
