import { expect } from 'chai';
import {
  ana,
  bia,
  change,
  command,
  opening,
  someCredentials,
} from '../../test/support/some-credentials.ts';

describe('Credentials', () => {
  const { credentials, opened } = someCredentials();
  const intended = () => credentials().unsettled(0, 10);

  it('are not there before the log says so', async () => {
    expect(await credentials().intend(opening())).to.equal('intended');
    expect(await credentials().find('ana')).to.equal(undefined);
  });

  it('are found by any of the logins once the log says so', async () => {
    await opened(ana, ['ana', '52998224725']);
    await opened(bia, ['bia']);
    const expected = { accountId: ana, role: 'partner', companyId: '7' };
    expect(await credentials().find('ana')).to.deep.include(expected);
    expect(await credentials().find('52998224725')).to.deep.include(expected);
    expect(await credentials().find('bia')).to.deep.include({ accountId: bia });
    expect(await credentials().find('eva')).to.equal(undefined);
  });

  it('are not opened with a login of somebody else’s, nor is any other login taken then', async () => {
    await opened();
    const outcome = await credentials().intend(opening(bia, ['bia', 'ana'], 2));
    expect(outcome).to.equal('login-taken');
    expect(await intended()).to.deep.equal([]);
    expect(await credentials().intend(opening(bia, ['bia'], 3))).to.equal('intended');
  });

  it('of two accounts that want a login at the same moment are opened for one', async () => {
    const outcomes = await Promise.all([
      credentials().intend(opening(ana, ['it'], 1)),
      credentials().intend(opening(bia, ['it'], 2)),
    ]);
    expect(outcomes).to.have.members(['intended', 'login-taken']);
  });

  it('leave the login to others when their account never came to be', async () => {
    await credentials().intend(opening());
    await credentials().forget(opening());
    expect(await intended()).to.deep.equal([]);
    expect(await credentials().intend(opening(bia, ['ana'], 2))).to.equal('intended');
  });

  it('claim no further login for an account that is there', async () => {
    await opened();
    const again = opening(ana, ['ana', 'eva'], 2);
    expect(await credentials().intend(again)).to.equal('intended');
    expect(await credentials().intend(opening(bia, ['eva'], 3))).to.equal('intended');
    await credentials().forget(again);
    expect(await credentials().find('ana')).to.deep.include({ accountId: ana });
  });

  it('of an account that many want to open have the logins of the one who did', async () => {
    await credentials().intend(opening(ana, ['52998224725', 'eva'], 2));
    await opened(ana, ['52998224725', 'ana']);
    expect(await credentials().find('eva')).to.equal(undefined);
    expect(await credentials().intend(opening(bia, ['eva'], 3))).to.equal('intended');
    await credentials().forget(opening(ana, ['52998224725', 'eva'], 2));
    expect(await credentials().find('52998224725')).to.deep.include({ accountId: ana });
  });

  it('keep the login that another attempt to open the account still wants', async () => {
    await credentials().intend(opening(ana, ['ana'], 1));
    await credentials().intend(opening(ana, ['ana', 'eva'], 2));
    await credentials().forget(opening(ana, ['ana', 'eva'], 2));
    expect(await credentials().intend(opening(bia, ['ana'], 3))).to.equal('login-taken');
    expect(await credentials().intend(opening(bia, ['eva'], 4))).to.equal('intended');
  });

  it('keep the login when a second attempt to open the account comes to nothing', async () => {
    await opened();
    await credentials().intend(opening(ana, ['ana'], 2));
    await credentials().forget(opening(ana, ['ana'], 2));
    expect(await credentials().find('ana')).to.deep.include({ passwordHash: 'first' });
  });

  it('are remembered as they were first meant when the same command comes twice', async () => {
    await credentials().intend(opening());
    await credentials().intend({ ...opening(), passwordHash: 'salted otherwise' });
    expect(await intended()).to.deep.equal([opening()]);
  });

  it('are not mixed up with those of another body under the same key', async () => {
    const other = { ...opening(), meta: { ...command(1), fingerprint: 'another body' } };
    await credentials().intend({ ...other, passwordHash: 'another' });
    await credentials().intend(opening());
    await credentials().settle(opening(), 0n);
    expect(await intended()).to.deep.equal([{ ...other, passwordHash: 'another' }]);
    expect(await credentials().find('ana')).to.deep.include({ passwordHash: 'first' });
  });

  it('change in the order of the log, whatever is settled first', async () => {
    await opened();
    await credentials().settle(change(3, { passwordHash: 'third' }), 2n);
    await credentials().settle(change(2, { passwordHash: 'second' }), 1n);
    expect(await credentials().find('ana')).to.deep.include({ passwordHash: 'third' });
    await credentials().settle(change(5, { disabled: true }), 4n);
    await credentials().settle(change(4, { disabled: false }), 3n);
    expect(await credentials().find('ana')).to.deep.include({ disabled: true });
  });

  it('stay as they are when an old command is repeated', async () => {
    await opened();
    await credentials().settle(change(2, { passwordHash: 'second' }), 1n);
    await credentials().settle(opening(), 0n);
    expect(await credentials().find('ana')).to.deep.include({ passwordHash: 'second' });
  });

  it('are disabled without losing the password, and enabled again', async () => {
    await opened();
    await credentials().settle(change(2, { disabled: true }), 1n);
    expect(await credentials().find('ana')).to.deep.include({
      disabled: true,
      passwordHash: 'first',
    });
    await credentials().settle(change(3, { disabled: false }), 2n);
    expect(await credentials().find('ana')).to.deep.include({ disabled: false });
  });

  it('that are not there yet keep a change waiting until they are', async () => {
    const second = change(2, { passwordHash: 'second' });
    await credentials().intend(opening());
    await credentials().intend(second);
    await credentials().settle(second, 1n);
    expect(await intended()).to.deep.equal([opening(), second]);
    await credentials().settle(opening(), 0n);
    await credentials().settle(second, 1n);
    expect(await intended()).to.deep.equal([]);
    expect(await credentials().find('ana')).to.deep.include({ passwordHash: 'second' });
  });

  it('are looked after only when somebody has left them unsettled for a while', async () => {
    await credentials().intend(opening());
    expect(await credentials().unsettled(60_000, 10)).to.deep.equal([]);
    expect(await credentials().unsettled(0, 10)).to.have.length(1);
  });
});
