import type { AccountId, ResellerId } from '#shared/ids.ts';
import type { Receipt } from '#shared/kernel/erasure.ts';
import {
  commandHandler,
  streamsOf,
  type Asked,
  type Handled,
} from '#shared/kernel/handle-command.ts';
import { problems, Rejected } from '#shared/platform/http/problem.ts';
import { reseller, type Reseller, type ResellerRefusal } from '#shared/reseller/decider.ts';
import { resellerEvents } from '#shared/reseller/events.ts';
import { forgetting, type ForgettingDeps } from '#shared/reseller/forgetting.ts';
import type { OpenMonthsOf } from '#shared/reseller/ports.ts';

export type ErasingDeps = ForgettingDeps & { readonly openMonthsOf: OpenMonthsOf };

export type Erasing = (
  id: ResellerId,
  reason: string,
  asked: Asked,
) => Promise<{
  readonly handled: Handled<Reseller, ResellerRefusal>;
  readonly receipt: Receipt | undefined;
}>;

const folded = (text: string): string =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll(/\s+/g, ' ').toLowerCase();

/** A reason stays on record, and must not bring back whom it is the reason to forget. */
const namesThem = (
  reason: string,
  { fullName, cpf, email }: Extract<Reseller, { status: 'registered' }>,
) =>
  [fullName, email].some((said) => said !== null && folded(reason).includes(folded(said.trim()))) ||
  (cpf !== null && reason.replaceAll(/\D/g, '').includes(cpf));

const NAMED = {
  pointer: '/reason',
  code: 'names-somebody',
  message: 'must not name the person: it stays on record for good',
};

/** Forgets a reseller for good; who is cut short asks again, or leaves the rest to a job. */
export const erasingOf = (deps: ErasingDeps): Erasing => {
  const { eventStore, openMonthsOf } = deps;
  const { load } = streamsOf(eventStore, 'reseller', resellerEvents, reseller);
  const handle = commandHandler(eventStore, 'reseller', resellerEvents, reseller);
  const forget = forgetting(deps);

  /** As everything has it that was acknowledged before they asked. */
  const openMonths = async (id: ResellerId) => {
    const months = await openMonthsOf(id, await eventStore.end());
    if (!months) throw new Rejected(problems.behind);
    return months;
  };

  return async (id, reason, asked) => {
    const { state } = await load(id);
    const isThere = state.status === 'registered';
    if (isThere && namesThem(reason, state)) throw new Rejected(problems.invalid([NAMED]));

    const { at, actor } = asked.meta;
    const months = isThere ? await openMonths(id) : [];
    const data = { resellerId: id, openMonths: months, by: actor.id as AccountId, reason, at };
    const handled = await handle(id, { type: 'EraseReseller', data }, asked);
    const isErased = handled.outcome === 'accepted';
    return { handled, receipt: isErased ? await forget(id, asked.meta) : undefined };
  };
};
