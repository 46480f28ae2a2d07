import type { StationId, SwapId } from '#shared/ids.ts';
import type { Instant, Message } from '#shared/kernel/message.ts';

/** What was received, as it can be kept. */
export type RawPayload = {
  readonly payload: string;
  readonly encoding: 'utf8' | 'base64';
  readonly bytes: number;
};

type About = { readonly swapId: SwapId; readonly at: Instant };

export type SwapCommand =
  | Message<
      'StartSwap',
      About & {
        readonly number: number;
        readonly stationId: StationId;
        readonly protocol: 'text' | 'json';
      }
    >
  | Message<
      'RecordPublication',
      About & {
        readonly publicationId: string;
        readonly gateway: string;
        readonly answerBy: Instant;
      }
    >
  | Message<
      'HearReply',
      About &
        RawPayload & {
          readonly deliveryId: string;
          readonly says: Saying;
          /** Whose equipment says so, where that is known. */
          readonly from?: StationId;
        }
    >
  | Message<'ExpireSwap', About>;

/** What equipment says of a transaction; `garbled` names one, and says nothing that is understood. */
export type Saying = 'confirm' | 'error' | 'garbled';
