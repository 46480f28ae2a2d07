import type { DigestLog } from '#shared/audit/ports.ts';
import type { StoredLog } from '#shared/kernel/stored-log.ts';

/** A log in which nothing ever happened, for specs that do not ask. */
export const noLog: { readonly storedLog: StoredLog; readonly digest: DigestLog } = {
  digest: () => Promise.resolve({ root: '', events: 0, seals: 0, last: -1n }),
  storedLog: {
    page: (upTo) => Promise.resolve({ events: [], upTo, more: false }),
    streamPage: (_stream, upTo) => Promise.resolve({ events: [], upTo, more: false }),
    streamBefore: () => Promise.resolve({ events: [], upTo: 0n, more: false }),
    end: () => Promise.resolve(-1n),
  },
};
