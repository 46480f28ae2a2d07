import { expect } from 'chai';
import { upTo } from '../support/a-reply.ts';
import { aSystem, type ASystem } from '../support/a-system.ts';
import { aUser, type AUser, type Reply } from '../support/a-user.ts';
import { waitUntil } from '../support/wait-until.ts';
import { theLog } from '../support/the-log.ts';
import { mailTo } from '../support/the-mail.ts';

const idOf = ({ body }: Reply) => (body as { readonly id: string }).id;

/** The same claims, of yesterday. */
const anExpiredToken = (claims: string): string => {
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object;
  const yesterday = Math.floor(Date.now() / 1_000) - 86_400;
  return Buffer.from(JSON.stringify({ ...said, exp: yesterday })).toString('base64url');
};

/** As long, and of other bits. */
const forged = (signature: string): string =>
  Buffer.from(Buffer.from(signature, 'base64url').map((byte) => byte ^ 1)).toString('base64url');

describe('On a machine with nothing but Node', function () {
  this.timeout(180_000);

  let system: ASystem;
  let partner: AUser;
  let analyst: AUser;
  let auditor: AUser;

  before(async () => {
    system = await aSystem();
    await system.start();
    [partner, analyst, auditor] = (await Promise.all(
      (['partner1', 'analyst1', 'auditor'] as const).map((name) => aUser(system, name)),
    )) as [AUser, AUser, AUser];
  });
  after(() => system.remove());

  const submission = { customerMid: 'mid-1', customerEmail: 'ana.souza@example.com' };
  let id: string;

  it('a partner submits an activation and reads it pending', async () => {
    const submitted = await partner.post('/v1/activations', submission);
    expect(submitted.status, JSON.stringify(submitted.body)).to.equal(201);
    id = idOf(submitted);
    expect(submitted.headers.get('location')).to.equal(`/v1/activations/${id}`);

    const read = await partner.get(`/v1/activations/${id}`, upTo(submitted));
    expect(read.status, JSON.stringify(read.body)).to.equal(200);
    expect(read.body).to.include({
      status: 'PENDING',
      companyId: '1',
      customerEmail: 'ana.souza@example.com',
      product: 'direct-debit',
    });
    expect(read.headers.get('etag')).to.equal('"0"');
  });

  it('an analyst approves it and it reads approved', async () => {
    const approved = await analyst.post(`/v1/activations/${id}/approve`, {}, { 'if-match': '"0"' });
    expect([approved.status, approved.body]).to.deep.equal([200, { id, status: 'APPROVED' }]);
    const read = await partner.get(`/v1/activations/${id}`, upTo(approved));
    expect(read.body).to.include({ status: 'APPROVED' });
  });

  it('the customer has two e-mails about it', async () => {
    const mails = () => mailTo(system.mail, submission.customerEmail);
    await waitUntil('two mails have come', async () => (await mails()).length >= 2);
    expect((await mails()).map(({ subject }) => subject)).to.have.members([
      'Recebemos o seu pedido de ativação de débito automático',
      'A sua ativação de débito automático foi aprovada',
    ]);
  });

  it('people of another company and their lists know nothing of it', async () => {
    const stranger = await aUser(system, 'partner201');
    expect((await stranger.get(`/v1/activations/${id}`)).status).to.equal(404);
    expect((await stranger.get('/v1/activations')).body).to.deep.equal({
      items: [],
      nextCursor: null,
    });
  });

  it('an auditor sees it, but not whose it is', async () => {
    const { body } = await auditor.get(`/v1/activations/${id}`);
    expect(body).to.include({ status: 'APPROVED', customerEmail: 'a***@example.com' });
  });

  it('a repeated request is answered again, and adds nothing', async () => {
    const key = { 'idempotency-key': 'again' };
    const other = { ...submission, customerMid: 'mid-2' };
    const first = await partner.post('/v1/activations', other, key);
    const second = await partner.post('/v1/activations', other, key);
    expect([second.status, second.body]).to.deep.equal([first.status, first.body]);
    expect(second.headers.get('idempotent-replayed')).to.equal('true');
    expect(second.headers.get('log-position')).to.equal(first.headers.get('log-position'));
    const reused = await partner.post('/v1/activations', { ...other, customerMid: 'mid-3' }, key);
    expect([reused.status, reused.body]).to.deep.include(422);
    expect(reused.body).to.include({ code: 'idempotency-key-reused' });
  });

  it('what cannot be taken is refused in words, and writes nothing', async () => {
    const { authorization } = partner;
    const [header = '', claims = '', signature = ''] = authorization.split('.');
    const expired = anExpiredToken(claims);
    const good = JSON.stringify({ ...submission, customerMid: 'bad' });
    const asked: readonly (readonly [body: string, token: string, status: number, code: string])[] =
      [
        ['{"customerMid":', authorization, 400, 'malformed-json'],
        ['{"customerMid":7,"customerEmail":[]}', authorization, 422, 'invalid-request'],
        [good.replace('}', ',"admin":true}'), authorization, 422, 'invalid-request'],
        [good.replace('}', ',"__proto__":{"a":1}}'), authorization, 422, 'invalid-request'],
        [good.replace('bad', String.raw`b\u0000d`), authorization, 422, 'invalid-request'],
        [good.replace('bad', 'b'.repeat(2 * 1_024 * 1_024)), authorization, 413, 'body-too-large'],
        [good, `${header}.${claims}.${forged(signature)}`, 401, 'unauthenticated'],
        [good, `${header}.${expired}.${signature}`, 401, 'unauthenticated'],
        [good, 'Bearer eyJhbGciOiJub25lIn0.e30.', 401, 'unauthenticated'],
      ];
    const written = async () =>
      (await theLog(system.eventStoreUrl)).filter(({ stream }) =>
        /^(activation|request)-/.test(stream),
      ).length;
    const before = await written();
    for (const [body, token, status, code] of asked) {
      const answer = await fetch(`${system.commandApi}/v1/activations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: token },
        body,
      });
      expect(answer.status, body.slice(0, 80)).to.equal(status);
      expect(answer.headers.get('content-type')).to.match(/^application\/problem\+json/);
      expect(await answer.json()).to.include({ status, code });
    }
    expect(await written()).to.equal(before);
  });

  it('the log holds no person in clear, and says of every event who and why', async () => {
    const log = await theLog(system.eventStoreUrl);
    const text = JSON.stringify(log.filter(({ stream }) => stream.startsWith('activation')));
    expect(text).to.include('ActivationApproved');
    expect(JSON.stringify(log)).to.not.include('ana.souza');
    for (const { type, metadata } of log) {
      expect(metadata, type).to.have.nested.property('actor.id').that.is.a('string');
      expect(metadata, type).to.have.property('$correlationId').that.is.a('string');
    }
  });

  it('everything is still there after the whole of it was killed', async () => {
    await system.killAll();
    await system.start();
    const again = await aUser(system, 'partner1');
    const read = await again.get(`/v1/activations/${id}`);
    expect(read.body).to.include({ status: 'APPROVED', customerEmail: 'ana.souza@example.com' });
    expect(await mailTo(system.mail, submission.customerEmail)).to.have.length(3);
  });
});
