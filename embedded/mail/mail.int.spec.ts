import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createTransport } from 'nodemailer';
import { systemClock } from '#shared/kernel/message.ts';
import { freePort } from '#shared/platform/free-port.ts';
import { logger } from '#shared/platform/log.ts';
import { behaviours } from '../behaviour.ts';
import { anApp, serve } from '../http.ts';
import { aMain, endMains } from '../testing/a-main.ts';
import { failureOf } from '../testing/eventually.ts';
import { mailRoutes } from './http.ts';
import { openMailbox, type Mail } from './mailbox.ts';
import { LARGEST_MAIL_BYTES, startSmtp, type MailBehaviour } from './smtp.ts';

const log = logger('mail', 'silent');

const approval = {
  from: 'Lastro <nobody@lastro.example>',
  to: ['Ana <ana@example.com>', 'bia@example.com'],
  subject: 'Sua ativação foi aprovada',
  text: 'Olá, Ana.',
  html: '<p>Olá, Ana.</p>',
  messageId: '<intent-1@lastro>',
};

describe('The mail catcher', function () {
  this.timeout(90_000);

  let home: string;
  let smtpPort: number;
  let address: string;
  let closers: (() => Promise<void>)[] = [];

  const file = () => join(home, 'messages.ndjson');
  const start = async () => {
    const told = behaviours<MailBehaviour>({ mode: 'ok' });
    const mailbox = await openMailbox(file());
    const http = await serve(anApp().use(mailRoutes(mailbox, told)), 0, 'HTTP', log);
    const smtp = await startSmtp({ mailbox, behaviours: told, clock: systemClock, port: 0, log });
    smtpPort = smtp.port;
    address = `http://127.0.0.1:${http.port}`;
    closers = [smtp.close, http.close, mailbox.close];
  };
  const stop = async () => {
    for (const close of closers.splice(0)) await close();
  };
  const send = async (mail: object = approval, port = smtpPort) => {
    const transport = createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true });
    try {
      return (await transport.sendMail(mail)).response;
    } finally {
      transport.close();
    }
  };
  const caught = async (query = '', from = address) =>
    (await (await fetch(`${from}/messages${query}`)).json()) as Mail[];
  const tell = (behaviour: object) =>
    fetch(`${address}/behaviour`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(behaviour),
    });

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'lastro-spec-'));
    await start();
  });
  afterEach(async () => {
    endMains();
    await stop();
    await rm(home, { recursive: true, force: true });
  });

  it('shows what was sent, understood', async () => {
    expect(await send()).to.match(/^250/);
    const [mail] = await caught();
    expect(mail).to.deep.include({
      messageId: '<intent-1@lastro>',
      from: 'nobody@lastro.example',
      to: ['ana@example.com', 'bia@example.com'],
      subject: 'Sua ativação foi aprovada',
      html: '<p>Olá, Ana.</p>',
      envelope: { from: 'nobody@lastro.example', to: ['ana@example.com', 'bia@example.com'] },
    });
    expect(mail?.text?.trim()).to.equal('Olá, Ana.');
    expect(mail?.headers['from']).to.equal('Lastro <nobody@lastro.example>');
    expect(Date.parse(mail?.date ?? '')).to.be.a('number').and.not.NaN;
  });

  it('shows the newest first, one alone, those of one addressee, or so many', async () => {
    await send();
    await send({ ...approval, to: 'caio@example.com', messageId: '<intent-2@lastro>' });
    const both = await caught();
    expect(both.map(({ messageId }) => messageId)).to.deep.equal([
      '<intent-2@lastro>',
      '<intent-1@lastro>',
    ]);
    expect(await caught('?to=caio@example.com')).to.deep.equal(both.slice(0, 1));
    expect(await caught('?messageId=<intent-1@lastro>')).to.deep.equal(both.slice(1));
    expect(await caught('?limit=1')).to.deep.equal(both.slice(0, 1));
    expect(await caught(`/${both[1]?.id ?? ''}`)).to.deep.equal(both[1]);
    expect((await fetch(`${address}/messages/unknown`)).status).to.equal(404);
  });

  it('has a mail in its file before it answers for it', async () => {
    await send();
    expect(await readFile(file(), 'utf8')).to.contain('<intent-1@lastro>');
  });

  it('has them still after its process was killed', async () => {
    const [smtp, http] = [await freePort(), await freePort()];
    const environment = {
      LASTRO_DATA_DIR: home,
      EMBEDDED_SMTP_PORT: String(smtp),
      EMBEDDED_MAIL_PORT: String(http),
    };
    const first = aMain('embedded/mail/main.ts', environment);
    await first.says('ready');
    await send(approval, smtp);
    first.process.kill('SIGKILL');
    await first.exit;

    const second = aMain('embedded/mail/main.ts', environment);
    await second.says('ready');
    const mails = await caught('', `http://127.0.0.1:${http}`);
    expect(mails.map(({ messageId }) => messageId)).to.deep.equal(['<intent-1@lastro>']);
    second.process.kill('SIGTERM');
    expect(await second.exit).to.equal(0);
  });

  it('forgets all when told to, for good', async () => {
    await send();
    expect((await fetch(`${address}/messages`, { method: 'DELETE' })).status).to.equal(204);
    expect(await caught()).to.deep.equal([]);
    await stop();
    await start();
    expect(await caught()).to.deep.equal([]);
  });

  it('refuses as often as it was told to, and keeps nothing of that', async () => {
    await tell({ mode: 'refuse-temporary', times: 2 });
    for (let attempt = 0; attempt < 2; attempt++)
      expect(await failureOf(send())).to.include({ responseCode: 451 });
    expect(await caught()).to.deep.equal([]);
    await send();
    expect((await caught()).length).to.equal(1);

    await tell({ mode: 'refuse-permanent' });
    for (let attempt = 0; attempt < 2; attempt++)
      expect(await failureOf(send())).to.include({ responseCode: 554 });
    expect((await caught()).length).to.equal(1);
  });

  it('keeps a mail and answers late, or not at all', async () => {
    await tell({ mode: 'delay', delayMs: 300, times: 1 });
    const started = performance.now();
    await send();
    expect(performance.now() - started).to.be.above(290);

    await tell({ mode: 'drop-after-data', times: 1 });
    expect(await failureOf(send())).to.have.property('code', 'ECONNECTION');
    expect((await caught()).length).to.equal(2);
  });

  it('does not understand a behaviour that it does not have', async () => {
    expect((await tell({ mode: 'explode' })).status).to.equal(422);
    expect((await tell({ mode: 'ok', often: 1 })).status).to.equal(422);
    expect(await (await fetch(`${address}/behaviour`)).json()).to.deep.equal({
      behaviour: { mode: 'ok' },
    });
  });

  it('refuses a mail over the limit, and goes on', async () => {
    const large = { ...approval, text: 'x'.repeat(LARGEST_MAIL_BYTES) };
    expect(await failureOf(send(large))).to.include({ responseCode: 552 });
    await send();
    expect((await caught()).length).to.equal(1);
  });

  it('has a page on which no mail can run anything', async () => {
    const page = await fetch(address);
    expect(await page.text()).to.contain('Caught mail');
    expect(page.headers.get('content-security-policy')).to.match(/script-src 'self'(;|$)/);
    expect((await fetch(`${address}/page.mjs`)).headers.get('content-type')).to.match(/javascript/);
  });

  it('names the port that is in use, and the variable that moves it', async () => {
    const main = aMain('embedded/mail/main.ts', {
      LASTRO_DATA_DIR: home,
      EMBEDDED_SMTP_PORT: String(smtpPort),
      EMBEDDED_MAIL_PORT: String(await freePort()),
    });
    expect(await main.exit).to.equal(78);
    expect(main.lines.join()).to.contain(`Port ${smtpPort} is in use`);
    expect(main.lines.join()).to.contain('set EMBEDDED_SMTP_PORT');
  });
});
