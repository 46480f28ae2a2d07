import { setTimeout as pause } from 'node:timers/promises';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { begin } from './genesis.ts';
import { openLog } from './log.ts';
import { Refused } from './refusal.ts';
import { addServices } from './services.ts';
import type { OpenCall, Store } from './store.ts';
import { writerTo, type Now } from './writer.ts';

export type NodeOptions = {
  /** Where the log is, or is to be. One node at a time. */
  readonly directory: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** Bytes of one append, all its events together. */
  readonly maxAppendSize?: number;
  /** After how long an append that is not on disk is given up. */
  readonly writeTimeoutMs?: number;
  readonly maxConcurrentStreams?: number;
  readonly now?: Now;
  /** Told of faults: a disk that cannot be written, a mistake of ours. */
  readonly onFault?: Store['onFault'];
};

export type EventStoreNode = {
  readonly port: number;
  /** Ends subscriptions, answers what was asked, and lets go of the directory. */
  readonly close: () => Promise<void>;
};

/** Something listens on that port already. */
export class AddressInUse extends Error {
  override readonly name = 'AddressInUse';
  constructor(port: number) {
    super(`Something listens on ${HOST}:${port} already`);
  }
}

const HOST = '127.0.0.1';
const MIB = 1024 * 1024;
/** A chunk of a batch may be 3 MiB, with an event of 16 MiB on top. */
const LARGEST_MESSAGE = 20 * MIB;
const LONGEST_SHUTDOWN_MS = 2_000;

const systemClock: Now = () => new Date().getTime();

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync(`${HOST}:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (!error) resolve(bound);
      // The library keeps the code of the error to itself, but for its message.
      else reject(error.message.includes('EADDRINUSE') ? new AddressInUse(port) : error);
    });
  });

/** Waits for the calls that are under way, but not for ever. */
const shutDown = async (server: Server): Promise<void> => {
  const done = new Promise<void>((resolve) => {
    server.tryShutdown(() => {
      resolve();
    });
  });
  await Promise.race([done, pause(LONGEST_SHUTDOWN_MS, undefined, { ref: false })]);
  server.forceShutdown();
};

const endAll = (calls: Set<OpenCall>): void => {
  for (const call of [...calls]) call.end(new Refused({ reason: 'stopping' }));
};

/**
 * A single EventStoreDB node on this machine: the protocol, on a log in LMDB. What it answers to an
 * append is on disk.
 * @throws {AddressInUse} when the port is taken, {BadConfig} when the directory is.
 */
export const eventStoreNode = async (options: NodeOptions): Promise<EventStoreNode> => {
  const { now = systemClock, onFault = () => undefined } = options;
  const log = openLog(options.directory);
  const writer = writerTo(log, {
    now,
    onFailure: (error) => {
      onFault(error, 'commit');
    },
  });
  await begin(log, writer);
  const store: Store = {
    log,
    writer,
    now,
    maxAppendSize: options.maxAppendSize ?? MIB,
    writeTimeoutMs: options.writeTimeoutMs ?? 2_000,
    onFault,
  };

  const server = new Server({
    'grpc.max_receive_message_length': LARGEST_MESSAGE,
    'grpc.max_send_message_length': -1,
    // As many as the real server allows, so that whoever leaks calls finds out here.
    'grpc.max_concurrent_streams': options.maxConcurrentStreams ?? 100,
  });
  const open = new Set<OpenCall>();
  addServices(server, store, open);

  const port = await listen(server, options.port).catch(async (error: unknown) => {
    await log.close();
    throw error;
  });
  return {
    port,
    close: async () => {
      endAll(open);
      await shutDown(server);
      await writer.idle();
      await log.close();
    },
  };
};
