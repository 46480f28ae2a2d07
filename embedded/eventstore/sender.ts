import { Metadata } from '@grpc/grpc-js';

/** A call that answers with bytes, as far as sending needs to know it. */
export type AnsweringCall = {
  readonly cancelled: boolean;
  readonly writableNeedDrain: boolean;
  readonly write: (message: Buffer) => boolean;
  readonly sendMetadata: (metadata: Metadata) => void;
  readonly on: (event: 'drain', listener: () => void) => unknown;
};

export type Sender = {
  /** Sent with whatever else comes in the same turn, in this order; not at all when it is over. */
  readonly send: (message: Buffer) => void;
  /** More waits than should: whoever can, waits too. */
  readonly isFull: () => boolean;
  /** Sends what has come, now. */
  readonly flush: () => void;
};

/** As much is made one write. */
const LARGEST_WRITE = 64 * 1024;
/** As much may wait for the other side to take it: the next is ready while one is on its way. */
const MOST_UNSENT = 2 * LARGEST_WRITE;

/** One more message has to fit, unless it is a large one. */
const ROOM_SIZE = LARGEST_WRITE + 16 * 1024;
const WORTH_KEEPING = LARGEST_WRITE / 2;

/** What gRPC puts before a message: whether it is compressed, and its length. */
const PREFIX_SIZE = 5;

/** Several messages as one piece of a stream; who reads it takes them apart by their lengths. */
const writeFrames = (messages: readonly Buffer[], frames: Buffer): void => {
  let at = 0;
  for (const message of messages) {
    frames[at] = 0;
    frames.writeUInt32BE(message.length, at + 1);
    frames.set(message, at + PREFIX_SIZE);
    at += PREFIX_SIZE + message.length;
  }
};

/**
 * Room for what is sent. Of long reads it is used over and over again: a new piece of memory for
 * each write would have the garbage collector busier than the server.
 */
const rooms = () => {
  const free: Buffer[] = [];
  return {
    take: (size: number): Buffer => {
      if (size < WORTH_KEEPING || size > ROOM_SIZE) return Buffer.allocUnsafe(size);
      return free.pop() ?? Buffer.allocUnsafe(ROOM_SIZE);
    },
    giveBack: (room: Buffer): void => {
      if (room.length === ROOM_SIZE) free.push(room);
    },
  };
};

/** What a call's messages end up in. */
type Below = {
  readonly destroyed: boolean;
  readonly closed: boolean;
  readonly writableLength: number;
  readonly write: (bytes: Buffer, done: () => void) => boolean;
  readonly respond: unknown;
};

/**
 * The HTTP/2 stream below a call. The library does not promise it; where there is none, or an
 * interceptor stands between that wants to see each message, messages go one by one.
 */
const streamBelow = (call: AnsweringCall): Below | undefined => {
  const { stream } = (call as { call?: { stream?: Partial<Below> } }).call ?? {};
  return typeof stream?.respond === 'function' && typeof stream.write === 'function'
    ? (stream as Below)
    : undefined;
};

const oneByOne = (call: AnsweringCall, onRoom: () => void): Sender => {
  call.on('drain', onRoom);
  return {
    send: (message) => {
      if (!call.cancelled) call.write(message);
    },
    isFull: () => call.writableNeedDrain,
    flush: () => undefined,
  };
};

/**
 * Sends answers; calls back when there is room again. Message by message the library makes a
 * frame, a packet and a callback of each: that costs both sides more than what is in most of them.
 */
export const senderTo = (call: AnsweringCall, onRoom: () => void): Sender => {
  const stream = streamBelow(call);
  if (!stream) return oneByOne(call, onRoom);
  const kept = rooms();
  let messages: Buffer[] = [];
  let size = 0;

  const flush = (): void => {
    if (size === 0) return;
    if (!call.cancelled && !stream.destroyed && !stream.closed) {
      // Only the first time: it opens the answer.
      call.sendMetadata(new Metadata());
      const room = kept.take(size);
      writeFrames(messages, room);
      stream.write(room.subarray(0, size), () => {
        kept.giveBack(room);
        onRoom();
      });
    }
    messages = [];
    size = 0;
  };
  return {
    send: (message) => {
      if (size === 0) process.nextTick(flush);
      messages.push(message);
      size += PREFIX_SIZE + message.length;
      if (size >= LARGEST_WRITE) flush();
    },
    isFull: () => stream.writableLength + size >= MOST_UNSENT,
    flush,
  };
};
