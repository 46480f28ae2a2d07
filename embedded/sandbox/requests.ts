import type { Api } from './partners.ts';
import type { Behaviour } from './behaviour.ts';

/** What an API received, and how it was told to behave then. */
export type Received = {
  readonly api: Api;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Nothing if it hung up before it read it. */
  readonly body?: unknown;
  readonly mode: Behaviour['mode'];
};

const MOST_KEPT = 10_000;

/** What the APIs received, oldest first: all of it counted, the newest of it kept. */
export const requestLog = (mostKept = MOST_KEPT) => {
  let kept: Received[] = [];
  const totals = new Map<Api, number>();

  return {
    add: (received: Received): void => {
      totals.set(received.api, (totals.get(received.api) ?? 0) + 1);
      kept.push(received);
      if (kept.length > mostKept) kept.shift();
    },
    of: (api?: Api) => ({
      total: [...totals].reduce(
        (sum, [of, n]) => (api === undefined || api === of ? sum + n : sum),
        0,
      ),
      requests: kept.filter((received) => api === undefined || received.api === api),
    }),
    clear: (): void => {
      kept = [];
      totals.clear();
    },
  };
};

export type RequestLog = ReturnType<typeof requestLog>;
