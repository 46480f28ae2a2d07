import { reseller, type Reseller, type ResellerRefusal } from '#shared/reseller/decider.ts';
import { resellerEmails } from '#shared/reseller/emails.ts';
import { resellerEvents } from '#shared/reseller/events.ts';
import { resellerIdOf } from '#shared/reseller/identity.ts';
import type { Login, WithSignIn } from '#shared/reseller/ports.ts';
import type { ResellerCommand } from '#shared/reseller/commands.ts';
import type { ResellerId, SubjectId } from '#shared/ids.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { comparableEmail } from '#shared/kernel/email.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import type { Asked, Handled } from '#shared/kernel/handle-command.ts';
import { uniqueHandler, type Naming } from '#shared/kernel/handle-unique.ts';
import { Erased, type KeyedHash } from '#shared/kernel/personal.ts';
import { personOf } from '#shared/kernel/person.ts';
import { withReserved } from '#shared/kernel/reservation.ts';
import { guarded } from '#shared/platform/http/guarded.ts';

export type ResellerDeps = {
  readonly eventStore: EventStore;
  readonly hash: KeyedHash;
  readonly withSignIn: WithSignIn;
};

/** Somebody who wants to be a reseller. */
export type Applicant = {
  readonly fullName: string;
  readonly cpf: Cpf;
  readonly email: string;
  readonly password: string;
  /** What they sign in with besides their e-mail and CPF, if anything. */
  readonly username?: string;
};

export type Registered = Handled<Reseller, ResellerRefusal> & { readonly id: ResellerId };
export type Register = (applicant: Applicant, asked: Asked) => Promise<Registered>;

const streamOf = (id: string) => `reseller-${id}`;

const loginsOf = ({ cpf, email, username }: Applicant): Login<ResellerRefusal>[] => [
  { name: cpf, taken: 'cpf-taken' },
  ...(username === undefined ? [] : [{ name: username, taken: 'cpf-taken' as const }]),
  { name: email, taken: 'email-taken' },
];

/** Nothing can be put on record about who was erased: to the caller, their CPF stays taken. */
const unlessErased = async (
  handling: Promise<Handled<Reseller, ResellerRefusal>>,
): Promise<Handled<Reseller, ResellerRefusal>> => {
  try {
    return await handling;
  } catch (error) {
    if (!(error instanceof Erased)) throw error;
    return { outcome: 'refused', reason: 'cpf-taken' };
  }
};

/**
 * Makes a reseller of whoever says who they are. A CPF is had by one, since it names the stream;
 * an e-mail is had by one, since it is reserved first.
 */
export const registering = ({ eventStore, hash, withSignIn }: ResellerDeps): Register => {
  const handle = uniqueHandler(eventStore, 'reseller', resellerEvents, reseller);
  const emails = resellerEmails(eventStore, hash);

  const isThere = async (id: ResellerId): Promise<boolean> =>
    (await eventStore.read(streamOf(id), resellerEvents)).revision !== 'no-stream';

  const decided = (applicant: Applicant, id: ResellerId, asked: Asked) => {
    const { fullName, cpf, email, password } = applicant;
    const { meta } = asked;
    const subjectId = personOf(hash, cpf) as SubjectId;
    const data = { resellerId: id, subjectId, fullName, cpf, email, at: meta.at };
    const naming: Naming<Reseller, ResellerCommand> = {
      idOf: () => id,
      spent: () => false,
      commandFor: () => ({ type: 'RegisterReseller', data }),
    };
    const account = { id, role: 'reseller', logins: loginsOf(applicant), password };
    const wanted = { value: comparableEmail(email), holder: id, taken: 'email-taken' } as const;

    return withSignIn({ ...account, stream: streamOf(id) }, meta, (haveSignIn) =>
      withReserved(emails, wanted, meta, (haveEmail) => {
        const secure = async () => (await haveSignIn()) ?? haveEmail();
        return unlessErased(handle({ ...naming, secure }, asked));
      }),
    );
  };

  return async (applicant, request) => {
    const id = resellerIdOf(hash, applicant.cpf);
    // A stranger who knows a CPF must not have us hash passwords for nothing.
    if (!request.keyed && (await isThere(id)))
      return { outcome: 'refused', reason: 'cpf-taken', id };
    return { ...(await decided(applicant, id, guarded(hash, request))), id };
  };
};
