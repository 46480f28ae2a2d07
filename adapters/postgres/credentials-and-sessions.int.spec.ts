import { expect } from 'chai';
import { meta } from '#shared/testing/recorded.ts';
import { ana, bia, change, opening, someCredentials } from '../../test/support/some-credentials.ts';
import { sessionsIn } from './sessions.ts';

describe('Credentials and the sessions of their account', () => {
  const { db, credentials, opened } = someCredentials();
  const sessions = () => sessionsIn(db());
  const at = meta.at;
  const revoked = async () =>
    (await sessions().unrecorded(10)).map(({ accountId, reason }) => ({ accountId, reason }));

  beforeEach(async () => {
    await opened();
    await opened(bia, ['bia']);
    for (const login of ['ana', 'bia']) {
      const checked = await credentials().find(login);
      if (!checked) throw new Error(`${login} was not opened`);
      const id = checked.accountId.replace('a', 'd');
      await sessions().open({ id, tokenHash: login, device: '', at }, checked);
    }
  });

  it('end when it is disabled', async () => {
    await credentials().settle(change(2, { disabled: true }), 1n);
    expect(await revoked()).to.deep.equal([{ accountId: ana, reason: 'account-disabled' }]);
  });

  it('end when it is given another password', async () => {
    await credentials().settle(change(2, { passwordHash: 'second' }), 1n);
    expect(await revoked()).to.deep.equal([{ accountId: ana, reason: 'password-changed' }]);
  });

  it('go on when it is enabled, or an old command is repeated', async () => {
    await credentials().settle(change(2, { disabled: false }), 1n);
    await credentials().settle(opening(), 0n);
    expect(await revoked()).to.deep.equal([]);
  });
});
