import { expect } from 'chai';
import { activationEvents, activationNoticeEvents } from '#shared/activation/events.ts';
import { anActivation, notified, submitted } from '#shared/activation/examples.ts';
import { customerEvents } from '#shared/customer/events.ts';
import { registered } from '#shared/customer/examples.ts';
import { favouriteEvents } from '#shared/favourite/events.ts';
import { aCustomer, aFavourite, happened } from '#shared/favourite/examples.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { erasureEvents } from '#shared/kernel/erasure.ts';
import { resellerEvents } from '#shared/reseller/events.ts';
import { registered as resellerRegistered } from '#shared/reseller/examples.ts';
import { resellerIdOf } from '#shared/reseller/identity.ts';
import { saleEvents } from '#shared/sale/events.ts';
import { aSale, received } from '#shared/sale/examples.ts';
import { meta } from '#shared/testing/recorded.ts';
import { anInstallation } from '../test/support/an-installation.ts';
import { lastro } from '../test/support/lastro.ts';
import { privacy } from './privacy.ts';

const NOTICE = 'activationNotice-5d0b2a52-3c5e-5a0e-9d0a-0000000000f1';
const ana = submitted().data as { readonly subjectId: string };

type Exported = { readonly events: readonly { readonly type: string; readonly data: object }[] };

describe('Privacy at the command line', function () {
  this.timeout(180_000);
  const { environment, on } = anInstallation();

  const run = (...args: readonly string[]) => lastro(privacy, environment, 'privacy', ...args);
  const exported = async (id: string) => {
    const { code, out } = await run('export', id);
    expect(code).to.equal(0);
    return (JSON.parse(out) as Exported).events;
  };

  before(async () => {
    await on(async ({ eventStore: { append }, hash }) => {
      const options = { expected: 'no-stream', meta } as const;
      await append(`customer-${aCustomer}`, customerEvents, [registered()], options);
      const history = [happened('FavouriteRequested'), happened('FavouriteRemoved')];
      await append(`favourite-${aFavourite}`, favouriteEvents, history, options);
      await append(`activation-${anActivation}`, activationEvents, [submitted()], options);
      await append(NOTICE, activationNoticeEvents, [notified()], options);
      const document = '52998224725' as Cpf;
      await append(`sale-${aSale}`, saleEvents, [received({ document })], options);
      const resellerId = resellerIdOf(hash, document);
      const reseller = resellerRegistered({ resellerId });
      await append(`reseller-${resellerId}`, resellerEvents, [reseller], options);
    });
  });

  it('exports all that names a customer, in clear, with what they removed', async () => {
    const events = await exported(aCustomer);
    expect(events.map(({ type }) => type)).to.deep.equal([
      ...['CustomerRegistered', 'FavouriteRequested', 'FavouriteRemoved'],
    ]);
    expect(events[0]?.data).to.include({ name: 'Ana', email: 'Ana@example.com' });
  });

  it('exports what is about the things that are about somebody', async () => {
    const types = (await exported(ana.subjectId)).map(({ type }) => type);
    expect(types).to.include.members(['ActivationSubmitted', 'CustomerNotified']);
  });

  it('says so when there is nothing, or when it is asked for what is no id', async () => {
    const nobody = '00000000-0000-5000-8000-000000000001';
    const { code, said } = await run('export', nobody);
    expect({ code, said: said.includes('Nothing is on record') }).to.eql({ code: 1, said: true });
    expect((await run('export', 'ana@example.com')).code).to.equal(2);
    expect((await run('erase', `customer-${aCustomer}`)).code).to.equal(2);
    expect((await run('erase', `activation-${nobody}`)).code).to.equal(1);
  });

  it('erases whoever an activation is about, once', async () => {
    const first = await run('erase', `activation-${anActivation}`, '--json');
    const again = await run('erase', `activation-${anActivation}`, '--json');
    expect(first.code).to.equal(0);
    expect(JSON.parse(again.out)).to.deep.equal(JSON.parse(first.out));
    const { events } = await on(({ eventStore }) =>
      eventStore.read(`erasure-${ana.subjectId}`, erasureEvents),
    );
    expect(events.map(({ data }) => data.what)).to.deep.equal([['email']]);
    const [submission] = await exported(ana.subjectId);
    expect(submission?.data).to.include({ customerEmail: null });
  });

  it('leaves a buyer who is a reseller to those who erase resellers', async () => {
    const { code, said } = await run('erase', `sale-${aSale}`);
    expect(code).to.equal(1);
    expect(said).to.match(/POST \/v1\/resellers\/[0-9a-f-]{36}\/erase/);
  });
});
