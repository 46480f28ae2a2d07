import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { identifierOf } from './identifier.ts';
import { answerOf, dataOf, LINK_TYPE, resolvedAnswer, typeOf } from './record.ts';
import type { Store } from './store.ts';
import { uuidBytes } from './uuid.ts';
import { isTombstoned, visible } from './visible.ts';

const { ReadResp } = streams;

/** The message that tells a reader of a record. */
export type Answer = (record: Buffer) => Buffer;

const bytes = (message: streams.ReadResp): Buffer => Buffer.from(message.serializeBinary());

/** The event a link points to: `revision@stream`. Nothing when it is not to be seen any more. */
const targetOf = ({ log, now }: Store, link: Buffer): Buffer | undefined => {
  const text = dataOf(link).toString();
  const at = text.indexOf('@');
  const [revision, stream] = [Number(text.slice(0, at)), text.slice(at + 1)];
  const seen = isTombstoned(log, stream) ? undefined : visible(log, stream, now());
  if (at < 1 || !seen || !(revision >= seen.first && revision <= seen.last)) return undefined;

  const entry = log.entry(seen.number, revision);
  const target = entry && log.record(entry.position);
  return target && seen.isFresh(target) ? target : undefined;
};

const inHalves = (id: shared.UUID | undefined): void => {
  const both = uuidBytes(id?.getString() ?? '');
  id?.setStructured(
    new shared.UUID.Structured()
      .setMostSignificantBits(both.readBigInt64BE(0).toString())
      .setLeastSignificantBits(both.readBigInt64BE(8).toString()),
  );
};

/** The same message, with ids as two integers: nobody asks for it but clients in other languages. */
const withIdsInHalves = (message: Buffer): Buffer => {
  const answer = ReadResp.deserializeBinary(message);
  inHalves(answer.getEvent()?.getEvent()?.getId());
  inHalves(answer.getEvent()?.getLink()?.getId());
  return bytes(answer);
};

/** How a read wants its records told. */
export const answering = (store: Store, options: streams.ReadReq.Options): Answer => {
  const resolved: Answer = (record) =>
    typeOf(record) === LINK_TYPE
      ? resolvedAnswer(record, targetOf(store, record))
      : answerOf(record);
  const answer = options.getResolveLinks() ? resolved : answerOf;
  return options.getUuidOption()?.hasStructured()
    ? (record) => withIdsInHalves(answer(record))
    : answer;
};

export const streamNotFound = (stream: string): Buffer =>
  bytes(
    new ReadResp().setStreamNotFound(
      new ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(stream)),
    ),
  );

export const confirmation = (subscriptionId: string): Buffer =>
  bytes(
    new ReadResp().setConfirmation(
      new ReadResp.SubscriptionConfirmation().setSubscriptionId(subscriptionId),
    ),
  );

export const checkpoint = (position: number): Buffer =>
  bytes(
    new ReadResp().setCheckpoint(
      new ReadResp.Checkpoint()
        .setCommitPosition(String(position))
        .setPreparePosition(String(position)),
    ),
  );

export const caughtUp = (): Buffer => bytes(new ReadResp().setCaughtUp(new ReadResp.CaughtUp()));
