import { randomUUID } from 'node:crypto';
import { JSON_CONTENT } from './draft.ts';
import type { Log } from './log.ts';
import { METADATA_TYPE, metastreamOf } from './names.ts';
import type { Writer } from './writer.ts';

/** What a real node has in its log before anybody writes to it, or much the same. */
const FIRST_EVENTS: readonly (readonly [stream: string, type: string, data: object])[] = [
  ['$epoch-information', '$epoch-information', { epochNumber: 0 }],
  [metastreamOf('$stats-127.0.0.1:2113'), METADATA_TYPE, { $maxAge: 86_400 }],
  [metastreamOf('$scavenges'), METADATA_TYPE, { $maxAge: 2_592_000 }],
  [metastreamOf('$settings'), METADATA_TYPE, { $acl: { $r: '$all' } }],
];

/** Begins an empty log as a real node does, so that nobody comes to count on an empty one. */
export const begin = async (log: Log, writer: Writer): Promise<void> => {
  if (log.end() > 0 || !log.writable) return;
  for (const [stream, type, content] of FIRST_EVENTS) {
    const data = Buffer.from(JSON.stringify(content));
    const event = { id: randomUUID(), type, contentType: JSON_CONTENT, data };
    const what = [{ ...event, metadata: Buffer.alloc(0) }];
    const expected = 'no-stream' as const;
    const outcome = await writer.write({ stream, expected, what, size: 0, expiresAt: Infinity });
    if (outcome.outcome === 'refused')
      throw new Error(`The log cannot be begun: ${JSON.stringify(outcome.refusal)}`);
  }
};
