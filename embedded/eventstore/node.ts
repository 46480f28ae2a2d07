import { setTimeout as pause } from 'node:timers/promises';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { BadConfig } from '#shared/platform/config.ts';
import { access, type Passwords } from './access.ts';
import { following } from './call-gate.ts';
import { chaos, type ChaosMode } from './chaos.ts';
import { begin } from './genesis.ts';
import type { IdCache } from './ids.ts';
import { openLog } from './log.ts';
import { Rejected, type Endpoint } from './refusal.ts';
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
  readonly idCache?: IdCache;
  /** What this node does to its clients. */
  readonly chaos?: readonly ChaosMode[];
  /** PEM. With it, nothing is said unencrypted. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
  /** Who may call; without, anybody. Only with TLS: else clients do not say who they are. */
  readonly users?: Passwords;
  /** Where whoever wants the leader is sent, when that is not this node. */
  readonly leader?: Endpoint;
  readonly now?: Now;
  /** Told of faults: a disk that cannot be written, a mistake of ours. */
  readonly onFault?: Store['onFault'];
};

export type EventStoreNode = {
  readonly port: number;
  /** Or the directory is not, and appends are refused. */
  readonly writable: boolean;
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

const credentialsOf = ({ tls }: NodeOptions): ServerCredentials =>
  tls
    ? ServerCredentials.createSsl(null, [{ private_key: tls.key, cert_chain: tls.cert }])
    : ServerCredentials.createInsecure();

const listen = (server: Server, options: NodeOptions): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port } = options;
    server.bindAsync(`${HOST}:${port}`, credentialsOf(options), (error, bound) => {
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
  for (const call of [...calls]) call.end(new Rejected({ reason: 'stopping' }));
};

/**
 * A single EventStoreDB node on this machine: the protocol, on a log in LMDB. What it answers to an
 * append is on disk.
 * @throws {AddressInUse} when the port is taken, {BadConfig} when the directory is.
 */
export const eventStoreNode = async (options: NodeOptions): Promise<EventStoreNode> => {
  const { now = systemClock, onFault = () => undefined } = options;
  if (options.users && !options.tls)
    throw new BadConfig('Users need TLS: clients do not say who they are unencrypted');
  const log = openLog(options.directory, options);
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
    rightsOf: access(options.users),
    maxAppendSize: options.maxAppendSize ?? MIB,
    writeTimeoutMs: options.writeTimeoutMs ?? 2_000,
    onFault,
  };

  const { chaos: modes = [], leader } = options;
  const server = new Server({
    interceptors: [...(leader ? [following(leader)] : []), ...chaos(modes)],
    'grpc.max_receive_message_length': LARGEST_MESSAGE,
    'grpc.max_send_message_length': -1,
    // As many as the real server allows, so that whoever leaks calls finds out here.
    'grpc.max_concurrent_streams': options.maxConcurrentStreams ?? 100,
  });
  const open = new Set<OpenCall>();
  addServices(server, store, open);

  const port = await listen(server, options).catch(async (error: unknown) => {
    await log.close();
    throw error;
  });
  return {
    port,
    writable: log.writable,
    close: async () => {
      endAll(open);
      await shutDown(server);
      await writer.idle();
      await log.close();
    },
  };
};
