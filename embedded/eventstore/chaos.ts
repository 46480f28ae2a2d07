import { ServerInterceptingCall, status, type ServerInterceptor } from '@grpc/grpc-js';
import { BATCH_APPEND, READ, refusing, STREAMS } from './call-gate.ts';
import { rejectionOf, type Failure } from './errors.ts';
import { seededChance } from './chance.ts';

/** What real servers do at times, and ours at any time, so that clients are seen to survive it. */
export const CHAOS_MODES = [
  'unavailable',
  'drop-subscriptions',
  'late-batch-reply',
  'not-leader',
] as const;
export type ChaosMode = (typeof CHAOS_MODES)[number];

/** Of calls to streams, so many are refused. */
const REFUSED_SHARE = 0.15;
/** Of answers in a batch, so many come late, and with each of them all that are behind it. */
const LATE_SHARE = 0.01;
/** More than the longest deadline that clients have by themselves would be for ever. */
const LATE_MS = 3_500;
const SUBSCRIPTION_MS = { least: 10, most: 400 };

/** How a real server ends a subscription that it can, or will, not go on with. */
const ENDS: readonly Failure[] = [
  rejectionOf({ reason: 'busy' }),
  { code: status.ABORTED, details: 'Operation timed out' },
  { code: status.CANCELLED, details: 'The server lets go' },
  { code: status.INTERNAL, details: 'Received RST_STREAM with code 2' },
];

type Chance = ReturnType<typeof seededChance>;

const unavailable = (chance: Chance): ServerInterceptor =>
  refusing(({ path }) =>
    path.startsWith(STREAMS) && chance.happens(REFUSED_SHARE)
      ? rejectionOf({ reason: 'busy' })
      : undefined,
  );

/** The leader it names is itself: whoever follows the advice gets on. */
const notLeader = (chance: Chance): ServerInterceptor =>
  refusing(({ host, path }) => {
    if (!path.startsWith(STREAMS) || !chance.happens(REFUSED_SHARE)) return undefined;
    const { hostname, port } = new URL(`http://${host}`);
    return rejectionOf({ reason: 'not-leader', leader: { host: hostname, port: Number(port) } });
  });

type MayBeSubscription = {
  readonly getOptions?: () => { readonly hasSubscription?: () => boolean } | undefined;
};

const dropSubscriptions =
  (chance: Chance): ServerInterceptor =>
  (method, call) => {
    if (method.path !== READ) return new ServerInterceptingCall(call);
    let timer: NodeJS.Timeout | undefined;
    let ended = false;
    return new ServerInterceptingCall(call, {
      start: (next) => {
        next({
          onReceiveMessage: (message: MayBeSubscription, proceed) => {
            const { least, most } = SUBSCRIPTION_MS;
            const end = ENDS[chance.below(ENDS.length)] ?? rejectionOf({ reason: 'busy' });
            if (message.getOptions?.()?.hasSubscription?.())
              timer = setTimeout(
                () => {
                  ended = true;
                  call.sendStatus(end);
                },
                least + chance.below(most - least),
              ).unref();
            proceed(message);
          },
          onCancel: () => {
            clearTimeout(timer);
          },
        });
      },
      // What is written after the end would break the call off, and the status would never come.
      sendMessage: (message, next) => {
        if (!ended) next(message);
      },
    });
  };

const lateBatchReply =
  (chance: Chance): ServerInterceptor =>
  (method, call) => {
    if (method.path !== BATCH_APPEND) return new ServerInterceptingCall(call);
    return new ServerInterceptingCall(call, {
      sendMessage: (message, next) => {
        if (chance.happens(LATE_SHARE)) setTimeout(next, LATE_MS, message).unref();
        else next(message);
      },
    });
  };

const MODES: Readonly<Record<ChaosMode, (chance: Chance) => ServerInterceptor>> = {
  unavailable,
  'drop-subscriptions': dropSubscriptions,
  'late-batch-reply': lateBatchReply,
  'not-leader': notLeader,
};

/** The same failures in the same order every time, for the same calls in the same order. */
export const chaos = (modes: readonly ChaosMode[], seed = 1): ServerInterceptor[] =>
  modes.map((mode, index) => MODES[mode](seededChance(seed + index)));
