import { sealing, type Sealing } from '#shared/audit/sealing.ts';
import { derivedId, fingerprint } from '#shared/kernel/identity.ts';
import type { Clock } from '#shared/kernel/message.ts';
import type { Scheduled } from '../scheduled.ts';

const NAME = 'seal';

/** Seals what has happened since, again and again. A time that comes twice is the same command. */
export const sealRegularly = (
  deps: Sealing & { readonly clock: Clock },
  cron: string,
): Scheduled => {
  const seal = sealing(deps);
  return {
    name: NAME,
    cron,
    run: async (due) => {
      const commandId = derivedId(NAME, due);
      await seal({
        meta: {
          ...{ commandId, causationId: commandId, correlationId: commandId },
          fingerprint: fingerprint({}, commandId),
          actor: { id: 'seal-schedule', role: 'system' },
          at: deps.clock(),
        },
      });
    },
  };
};
