import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { AccountId } from '#shared/ids.ts';
import type { Asked } from '#shared/kernel/handle-command.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { systemClock } from '#shared/kernel/message.ts';

/** A request of whoever is signed in on this machine, in the role that it needs over HTTP. */
export const askedHere = (role = 'operator'): { readonly by: AccountId; readonly asked: Asked } => {
  const commandId = randomUUID();
  const actor = { id: userInfo().username, role };
  const ids = { commandId, causationId: commandId, correlationId: commandId };
  // They have no account of ours: who it was is told by the event's actor.
  const by = derivedId('command-line', actor.id) as AccountId;
  const meta = { ...ids, fingerprint: '', actor, at: systemClock() };
  return { by, asked: { keyed: false, meta } };
};
