import type { CredentialChange, Credentials } from '#shared/account/ports.ts';
import { StreamMoved } from '#shared/kernel/event-store.ts';
import { KeyReused, Outdated, type Handled } from '#shared/kernel/handle-command.ts';

/** Thrown where it is certain that nothing was written. */
const FOR_NOTHING = [KeyReused, Outdated, StreamMoved];

/**
 * Has a command decided that changes credentials too. The change is written down first and takes
 * effect once the event is in the log. Whoever crashes in between leaves it to be settled later:
 * by a repeat of the command, or by what looks after credentials that were left so.
 */
export const inStep = async <State, Refusal extends string>(
  credentials: Credentials,
  change: CredentialChange,
  handle: () => Promise<Handled<State, Refusal>>,
): Promise<Handled<State, Refusal | 'login-taken'>> => {
  if ((await credentials.intend(change)) === 'login-taken')
    return { outcome: 'refused', reason: 'login-taken' };

  const handled = await handle().catch(async (error: unknown) => {
    if (FOR_NOTHING.some((kind) => error instanceof kind)) await credentials.forget(change);
    throw error;
  });
  if (handled.outcome === 'refused') await credentials.forget(change);
  else if (handled.revision !== 'no-stream') await credentials.settle(change, handled.revision);
  return handled;
};
