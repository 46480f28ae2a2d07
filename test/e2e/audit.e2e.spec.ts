import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { aSystem, type ASystem } from '../support/a-system.ts';
import { aUser, type AUser } from '../support/a-user.ts';
import { isProved, type Proof } from '../support/rfc6962.ts';

const LONGEST_COMMAND_MS = 60_000;

type Said = { readonly code: number; readonly out: string; readonly said: string };
type Seal = { readonly id: string; readonly root: string };
type Item = { readonly id: string; readonly type: string; readonly correlationId: string };
type Listed = { readonly items: readonly Item[] };

describe('An auditor', function () {
  this.timeout(180_000);
  let system: ASystem;
  let auditor: AUser;
  let activation: string;

  const lastro = (environment: NodeJS.ProcessEnv, ...args: readonly string[]) =>
    new Promise<Said>((done) => {
      const options = { env: environment, timeout: LONGEST_COMMAND_MS, maxBuffer: 2 ** 28 };
      const command = [resolve('cli/lastro.mjs'), 'audit', ...args];
      const child = execFile(process.execPath, command, options, (_error, out, said) => {
        done({ code: child.exitCode ?? -1, out, said });
      });
    });
  const history = async (): Promise<readonly Item[]> => {
    const path = `/v1/audit/streams/activation-${activation}`;
    return ((await auditor.get(path)).body as Listed).items;
  };

  before(async function () {
    this.timeout(180_000);
    system = await aSystem();
    await system.start();
    auditor = await aUser(system, 'auditor');
    const partner = await aUser(system, 'partner1');
    const wanted = { customerMid: 'audited', customerEmail: 'maria@example.com' };
    const { body } = await partner.post('/v1/activations', wanted);
    activation = (body as { readonly id: string }).id;
    const analyst = await aUser(system, 'analyst1');
    const reason = { reason: 'No contract' };
    const because = { 'x-correlation-id': 'the-audited-one' };
    await analyst.post(`/v1/activations/${activation}/reject`, reason, because);
  });
  after(() => system.remove());

  it('sees who did what, when and why, but nobody’s data', async () => {
    const items = await history();
    expect(items.map(({ type }) => type)).to.deep.equal([
      'ActivationSubmitted',
      'ActivationRejected',
    ]);
    expect(JSON.stringify(items)).not.to.include('maria@example.com');
    const { body } = await auditor.get('/v1/audit/events?correlationId=the-audited-one');
    expect((body as Listed).items.map(({ type }) => type)).to.include('ActivationRejected');
  });

  it('reads it as a story, in Portuguese', async () => {
    const stream = `activation-${activation}`;
    const masked = await lastro(system.environment, 'history', stream);
    expect(masked.code, masked.said).to.equal(0);
    expect(masked.out).to.match(
      /direct-debit foi solicitado à empresa 1, .*\(\*\*\*\), por .*\(partner\)/,
    );
    expect(masked.out).to.match(/A ativação foi rejeitada: No contract, por .*\(analyst\)/);
    const readable = await lastro(system.environment, 'history', stream, '--readable');
    expect(readable.out).to.include('maria@example.com');
  });

  it('seals the log, proves an event, and takes everything home to check it there', async () => {
    const { status, body } = await auditor.post('/v1/seals');
    expect(status).to.equal(201);
    const seal = body as Seal;
    const [event] = await history();
    const proof = await auditor.get(`/v1/audit/seals/${seal.id}/proof?event=${event?.id ?? ''}`);
    expect(isProved(proof.body as Proof)).to.equal(true);
    expect((proof.body as Proof).root).to.equal(seal.root);

    const online = await lastro(system.environment, 'verify', '--json');
    expect(online.code, online.said).to.equal(0);
    const file = join(system.directory, 'export.ndjson');
    const { out, code, said } = await lastro(system.environment, 'export');
    expect(code, said).to.equal(0);
    await writeFile(file, out);
    expect(out).not.to.include('maria@example.com');

    const nowhere = { PATH: process.env['PATH'], EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false' };
    expect((await lastro(nowhere, 'verify', '--file', file)).code).to.equal(0);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('No contract', 'No contact!'));
    const forged = await lastro(nowhere, 'verify', '--file', file);
    expect(forged.code).to.equal(3);
    expect(forged.out).to.match(/SEAL 0 .* DOES NOT HOLD/);
  });
});
