import type { Handled } from '#shared/kernel/handle-command.ts';
import type { Month } from '#shared/kernel/calendar.ts';
import type { Meta } from '#shared/kernel/message.ts';

/** What somebody signs in with, and what they are told when it is another's. */
export type Login<Taken> = { readonly name: string; readonly taken: Taken };

/**
 * Has a command decided that lets somebody sign in, under an account of the id that is named here.
 * `handle` calls what it is given once it has been decided that the command is to be accepted, and
 * before that is written. The password takes effect when the command's event stands in the stream;
 * it is kept as a hash, and never in the log.
 */
export type WithSignIn = <State, Refusal, Taken>(
  account: {
    readonly id: string;
    readonly role: string;
    readonly logins: readonly Login<Taken>[];
    readonly password: string;
    readonly stream: string;
  },
  meta: Meta,
  handle: (secure: () => Promise<Taken | undefined>) => Promise<Handled<State, Refusal>>,
) => Promise<Handled<State, Refusal>>;

/** Nobody signs in with what the reseller signed in with, ever again, and all sessions end. */
export type CloseSignIn = (resellerId: string, meta: Meta) => Promise<void>;

/**
 * In which months the reseller has something that they have not been granted yet, as everything on
 * record up to a position has it. Nothing when that cannot be said in time.
 */
export type OpenMonthsOf = (
  resellerId: string,
  upTo: bigint,
) => Promise<readonly Month[] | undefined>;
