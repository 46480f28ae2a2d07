import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Command, CommanderError } from 'commander';
import { companyEvents } from '#shared/company/events.ts';
import { opened } from '#shared/company/examples.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { meta } from '#shared/testing/recorded.ts';
import { vaultIn } from '../adapters/postgres/vault.ts';
import { loginHash } from '../command-api/account/accounts.ts';
import { passwords } from '../command-api/account/passwords.ts';
import { anInstallation } from '../test/support/an-installation.ts';
import { accounts } from './accounts.ts';

const CLI = fileURLToPath(new URL('./lastro.mjs', import.meta.url));
const LONGEST_MS = 120_000;
const password = 'correct horse';

describe('lastro accounts create', function () {
  this.timeout(LONGEST_MS);
  const { db, environment, on } = anInstallation({
    LASTRO_HASH_KEY: Buffer.alloc(32, 2).toString('base64'),
  });

  before(async () => {
    await on(({ eventStore }) =>
      eventStore.append('company-1', companyEvents, [opened()], { expected: 'no-stream', meta }),
    );
  });

  const createIn = async (env: NodeJS.ProcessEnv, input: string, ...args: readonly string[]) => {
    const child = spawn(process.execPath, [CLI, 'accounts', 'create', ...args], { env });
    child.stdin.on('error', () => undefined).end(input);
    const [[code], out, said] = await Promise.all([
      once(child, 'close') as Promise<[number | null]>,
      text(child.stdout),
      text(child.stderr),
    ]);
    return { code, out, said };
  };
  const create = (input: string, ...args: readonly string[]) =>
    createIn(environment, input, ...args);
  const found = (username: string) =>
    vaultIn(db()).credentials.find(loginHash(keyedHash(Buffer.alloc(32, 2)), username));

  it('opens the first administrator of a new installation', async () => {
    const { code, out } = await create(`${password}\n`, 'root', '--role', 'admin', '--json');
    expect(code).to.equal(0);
    const credential = await found('root');
    const { id } = JSON.parse(out) as { readonly id: string };
    expect(JSON.parse(out)).to.deep.equal({ id, username: 'root', role: 'admin' });
    expect(credential).to.include({ accountId: id, role: 'admin' });
    expect(await passwords().isRight(password, credential?.passwordHash)).to.equal(true);
    expect(out).not.to.include(password);
  });

  it('refuses a username that is taken', async () => {
    const { code, said } = await create(password, 'Root', '--role', 'auditor', '--password-stdin');
    expect(code).to.equal(1);
    expect(said).to.equal('lastro: There is an account Root already\n');
    expect(await found('root')).to.include({ role: 'admin' });
  });

  it('opens partners of companies that there are', async () => {
    const partner = (company: string) =>
      create(password, 'partner', '--role', 'partner', '--company', company);
    expect(await partner('2')).to.include({ code: 1, said: 'lastro: There is no company 2\n' });
    expect(await partner('1')).to.include({ code: 0 });
    expect(await found('partner')).to.include({ companyId: '1' });
  });

  it('wants a password that is long enough', async () => {
    const { code, said } = await create('short', 'short', '--role', 'admin');
    expect(code).to.equal(1);
    expect(said).to.equal('lastro: A password has 10 to 128 characters\n');
    expect(await found('short')).to.equal(undefined);
  });

  it('says how it is used when it is used wrongly', async () => {
    for (const args of [
      ['ana'],
      ['ana', '--role', 'king'],
      ['a b', '--role', 'admin'],
      ['ana', '--role', 'partner'],
      ['ana', '--role', 'admin', '--company', '1'],
      ['ana', '--role', 'admin', '--password', password],
    ]) {
      let said = '';
      const program = new Command()
        .exitOverride()
        .showHelpAfterError()
        .configureOutput({ writeErr: (words) => (said += words) });
      accounts(program, environment);
      const asked = program.parseAsync(['accounts', 'create', ...args], { from: 'user' });
      const error: unknown = await asked.catch((reason: unknown) => reason);
      expect(error, args.join(' ')).to.be.instanceOf(CommanderError);
      expect(said).to.match(/^error: [\s\S]*Usage: .*accounts create/);
    }
    expect(await found('ana')).to.equal(undefined);
  });

  it('names the setting that is wrong', async () => {
    const wrong = { ...environment, DATABASE_URL: 'mysql://nowhere' };
    const { code, said } = await createIn(wrong, password, 'ana', '--role', 'admin');
    expect(code).to.equal(78);
    expect(said).to.match(/^lastro: DATABASE_URL [^\n]*\n$/);
  });
});
