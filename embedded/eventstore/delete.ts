import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerUnaryCall } from '@grpc/grpc-js';
import type { Written } from './overlay.ts';
import { streamFrom } from './identifier.ts';
import { expectedFrom } from './proposal.ts';
import { badRequest, Refused } from './refusal.ts';
import { deadlineOf, expiry, submit, type Store } from './store.ts';
import type { Write } from './decision.ts';

type DeleteCall = ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>;
type TombstoneCall = ServerUnaryCall<streams.TombstoneReq, streams.TombstoneResp>;

const carryOut = async (
  store: Store,
  call: DeleteCall | TombstoneCall,
  what: Write['what'],
): Promise<Written> => {
  const rights = store.rightsOf(call.metadata);
  const options = call.request.getOptions();
  if (!options) throw badRequest('A delete names a stream');
  const outcome = await submit(store, rights, {
    stream: streamFrom(options.getStreamIdentifier()),
    expected: expectedFrom({
      revision: options.hasRevision() ? options.getRevision() : undefined,
      noStream: options.hasNoStream(),
      streamExists: options.hasStreamExists(),
    }),
    what,
    size: 0,
    expiresAt: expiry(store, deadlineOf(call)),
  });
  if (outcome.outcome === 'refused') throw new Refused(outcome.refusal);
  if (outcome.outcome === 'nothing') throw new Error('A delete wrote nothing');
  return outcome.at;
};

/** The events are out of sight, and the stream may begin anew. */
export const softDelete =
  (store: Store) =>
  async (call: DeleteCall): Promise<streams.DeleteResp> => {
    const position = String((await carryOut(store, call, 'soft-delete')).position);
    return new streams.DeleteResp().setPosition(
      new streams.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position),
    );
  };

/** The stream is over, and its name with it. */
export const tombstone =
  (store: Store) =>
  async (call: TombstoneCall): Promise<streams.TombstoneResp> => {
    const position = String((await carryOut(store, call, 'tombstone')).position);
    return new streams.TombstoneResp().setPosition(
      new streams.TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position),
    );
  };
