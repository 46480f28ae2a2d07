import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { Password, Username } from '#shared/account/commands.ts';
import type { CompanyId } from '#shared/ids.ts';
import type { Asked } from '#shared/kernel/handle-command.ts';
import { systemClock } from '#shared/kernel/message.ts';
import { reader, Unreadable } from '#shared/kernel/schema.ts';
import { ROLES, type Role } from '#shared/platform/http/caller.ts';
import { vaultIn } from '../adapters/postgres/vault.ts';
import { accountsIn } from '../command-api/account/accounts.ts';
import { passwords } from '../command-api/account/passwords.ts';
import { revocationsOnRecord } from '../command-api/account/revocations.ts';
import { companyExistsIn } from '../command-api/company/existence.ts';
import { answer, carryOut, Failed, type Output } from './outcome.ts';
import { onTheSystem, type System } from './system.ts';

const readPassword = reader(Password);
const readUsername = reader(Username);

type Options = Output & {
  readonly role: Role;
  readonly company?: string;
  readonly passwordStdin?: boolean;
};

/** Asked for without showing what is typed. */
const prompted = async (question: string): Promise<string> => {
  process.stderr.write(question);
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const asking = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await asking.question('');
  } finally {
    asking.close();
    process.stderr.write('\n');
  }
};

const askedTwice = async (): Promise<string> => {
  const password = await prompted('Password: ');
  if (password !== (await prompted('Once more: '))) throw new Failed('The passwords differ');
  return password;
};

/** Never an argument: those can be read by everybody on the machine. */
const passwordFor = async ({ passwordStdin }: Options): Promise<string> => {
  const given =
    passwordStdin || !process.stdin.isTTY
      ? (await text(process.stdin)).replace(/\r?\n$/, '')
      : await askedTwice();
  try {
    return readPassword(given);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Failed('A password has 10 to 128 characters');
  }
};

const username = (given: string): string => {
  try {
    return readUsername(given);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new InvalidArgumentError('A username has up to 254 characters, and no spaces.');
  }
};

const command = (): Asked => {
  const commandId = randomUUID();
  return {
    keyed: false,
    meta: {
      ...{ commandId, causationId: commandId, correlationId: commandId, fingerprint: '' },
      actor: { id: 'cli', role: 'system' },
      at: systemClock(),
    },
  };
};

const open = async (
  { eventStore, db, hash }: System,
  name: string,
  password: string,
  { role, company }: Options,
): Promise<string> => {
  const { credentials, sessions } = vaultIn(db);
  const recordRevocations = revocationsOnRecord(eventStore, sessions);
  const deps = { eventStore, credentials, hash, recordRevocations, passwords: passwords() };
  const belongs = company === undefined ? {} : { companyId: company as CompanyId };
  if (belongs.companyId && !(await companyExistsIn(eventStore)(belongs.companyId)))
    throw new Failed(`There is no company ${company ?? ''}`);
  const opened = await accountsIn(deps).open(
    { username: name, password, role, ...belongs },
    command(),
  );
  if (opened.outcome === 'refused') throw new Failed(`There is an account ${name} already`);
  return opened.id;
};

const create = (environment: NodeJS.ProcessEnv) =>
  async function (this: Command, name: string, options: Options): Promise<void> {
    const isPartner = options.role === 'partner';
    if (isPartner && options.company === undefined) this.error('error: a partner needs --company');
    if (!isPartner && options.company !== undefined)
      this.error('error: --company is for partners only');
    await carryOut(async () => {
      const password = await passwordFor(options);
      const { role, company } = options;
      const id = await onTheSystem(environment, (system) => open(system, name, password, options));
      const facts = {
        id,
        username: name,
        role,
        ...(company !== undefined && { companyId: company }),
      };
      answer(options, `Opened account ${name} (${role}), id ${id}`, facts);
    });
  };

export const accounts = (program: Command, environment: NodeJS.ProcessEnv): void => {
  program
    .command('accounts')
    .description('people and programs who can sign in')
    .command('create')
    .description('open an account, such as the first administrator of a new installation')
    .argument('<username>', 'what it signs in with', username)
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .option('--company <id>', 'the company of a partner')
    .option('--password-stdin', 'read the password from standard input, not from the terminal')
    .option('--json', 'print JSON')
    .action(create(environment));
};
