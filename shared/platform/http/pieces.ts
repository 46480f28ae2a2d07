import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { Answer } from './route.ts';

const GONE = 'ERR_STREAM_PREMATURE_CLOSE';

/**
 * Sends an answer as fast as it is taken and no faster. Whoever goes away half-way ends it; what
 * fails half-way is cut off, so that nobody takes a part of it for the whole.
 */
export const sendPieces = async (
  response: Response,
  { type, pieces }: NonNullable<Answer['stream']>,
): Promise<void> => {
  response.type(type);
  try {
    await pipeline(Readable.from(pieces, { objectMode: false }), response);
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === GONE;
    if (!isGone) throw error;
  }
};
