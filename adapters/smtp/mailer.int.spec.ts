import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { expect } from 'chai';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { failure } from '#shared/testing/failure.ts';
import { mailer, type Mailer } from './mailer.ts';

const letter = {
  messageId: '<0190a1de@lastro>',
  to: 'ana@example.com',
  subject: 'A sua ativação foi aprovada',
  text: 'Olá!\n',
  html: '<p>Olá!</p>\n',
};

const refusal = (responseCode: number) => Object.assign(new Error('No'), { responseCode });

describe('The mailer', function () {
  this.timeout(90_000);
  const closers: (() => unknown)[] = [];
  const received: ParsedMail[] = [];
  let connections = 0;

  beforeEach(() => {
    received.length = 0;
    connections = 0;
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  /** A server that keeps what it gets, unless it is told otherwise. */
  const toAServer = async (options: SMTPServerOptions = {}): Promise<Mailer> => {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      closeTimeout: 100,
      onConnect: (_session, done) => {
        connections += 1;
        done();
      },
      onData: (stream, _session, done) => {
        simpleParser(stream).then(
          (mail) => {
            received.push(mail);
            done();
          },
          (error: unknown) => {
            done(error as Error);
          },
        );
      },
      ...options,
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.server.address() as AddressInfo;
    const mail = mailer(`smtp://127.0.0.1:${port}`, { from: 'Lastro <nobody@lastro.example>' });
    closers.push(() => {
      const closed = once(server, 'close');
      server.close();
      return closed;
    }, mail.close);
    return mail;
  };
  const failing = async (options: SMTPServerOptions) =>
    failure((await toAServer(options)).send(letter));

  it('sends a mail under the Message-ID that it was given', async () => {
    const mail = await toAServer();
    await mail.send(letter);
    await mail.send(letter);
    expect(received.map(({ messageId }) => messageId)).to.deep.equal([
      '<0190a1de@lastro>',
      '<0190a1de@lastro>',
    ]);
    expect(received[0]).to.include({ subject: letter.subject, text: 'Olá!\n', html: letter.html });
    expect(received[0]?.from?.text).to.equal('"Lastro" <nobody@lastro.example>');
  });

  it('sends to one address, whatever stands in it', async () => {
    const recipients: string[] = [];
    const mail = await toAServer({
      onRcptTo: ({ address }, _session, done) => {
        recipients.push(address);
        done();
      },
    });
    await failure(mail.send({ ...letter, to: 'ana@example.com, eve@example.com' }));
    await mail.send(letter);
    expect(recipients).to.not.include('eve@example.com');
    expect(recipients).to.include('ana@example.com');
  });

  it('keeps a few connections for many mails', async () => {
    const mail = await toAServer();
    await Promise.all(Array.from({ length: 30 }, () => mail.send(letter)));
    expect(received).to.have.length(30);
    expect(connections).to.be.within(1, 4);
  });

  it('knows an address, or a mail, that is refused for good', async () => {
    const refused = await failing({
      onRcptTo: (_to, _session, done) => {
        done(refusal(550));
      },
    });
    expect(refused).to.have.property('name', 'Permanent');
    expect(refused).to.have.property('message', 'The mail server refuses it for good (550)');
    const spam = await failing({
      onData: (stream, _session, done) => {
        stream.resume().on('end', () => {
          done(refusal(554));
        });
      },
    });
    expect(spam).to.have.property('name', 'Permanent');
  });

  it('leaves to be tried again what is refused for now', async () => {
    const busy = await failing({
      onRcptTo: (_to, _session, done) => {
        done(refusal(451));
      },
    });
    expect(busy).to.be.instanceOf(Error).and.to.include({ name: 'Error', responseCode: 451 });
  });

  it('leaves to be tried again what is refused because of us', async () => {
    const sender = await failing({
      onMailFrom: (_from, _session, done) => {
        done(refusal(553));
      },
    });
    expect(sender).to.be.instanceOf(Error).and.to.include({ name: 'Error', responseCode: 553 });
    const everybody = await failing({
      onConnect: (_session, done) => {
        done(refusal(554));
      },
    });
    expect(everybody).to.be.instanceOf(Error).and.not.have.property('name', 'Permanent');
  });

  it('leaves to be tried again what nobody was there to receive', async () => {
    const mail = mailer('smtp://127.0.0.1:1', { from: 'nobody@lastro.example' });
    closers.push(mail.close);
    expect(await failure(mail.send(letter)))
      .to.be.instanceOf(Error)
      .and.to.include({ code: 'ESOCKET' });
  });
});
