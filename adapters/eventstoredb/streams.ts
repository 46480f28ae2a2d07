import type { Readable } from 'node:stream';

const ignore = () => undefined;

type Cancellable = Readable &
  ({ cancel: () => Promise<void> } | { unsubscribe: () => Promise<void> });

/**
 * Ends the call behind a stream of the client's. Destroying the stream alone would leave the call
 * open on the server, and its place in the connection taken.
 */
export const release = (source: Cancellable): void => {
  source.destroy();
  const cancelled = 'cancel' in source ? source.cancel() : source.unsubscribe();
  void cancelled.catch(ignore);
};

/** To be called at once: an error that comes while nobody iterates would end the process. */
export const guarded = <S extends Cancellable>(source: S): S => {
  source.on('error', ignore);
  return source;
};

/** All of a finite stream, as what `pick` makes of each piece. Given up when the signal says so. */
export const collected = async <Piece, T>(
  source: Cancellable & AsyncIterable<Piece>,
  pick: (piece: Piece) => T | undefined,
  signal: AbortSignal,
): Promise<T[]> => {
  const found: T[] = [];
  const stop = () => void source.destroy();
  guarded(source);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const piece of source) {
      const picked = pick(piece);
      if (picked !== undefined) found.push(picked);
    }
    return found;
  } finally {
    signal.removeEventListener('abort', stop);
    release(source);
  }
};
