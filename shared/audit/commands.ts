import type { Message } from '#shared/kernel/message.ts';

export type SealCommand = Message<
  'MakeSeal',
  {
    /** Where the last seal ended; `null` where there is none. */
    readonly from: string | null;
    readonly to: string;
    readonly events: number;
    readonly root: string;
  }
>;
