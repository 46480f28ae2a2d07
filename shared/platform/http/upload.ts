import { Readable } from 'node:stream';
import type { Request } from 'express';
import { problems, Rejected } from './problem.ts';

/** What a route takes piece by piece. */
export type Uploads = {
  readonly types: readonly string[];
  /** In bytes. */
  readonly largest: number;
};

export type Upload = {
  /** One of those that the route takes. */
  readonly type: string;
  /**
   * To be read once. The sender is slowed down to the pace at which it is read.
   * @throws {Rejected} when it is too large, or when the sender goes away before its end.
   */
  readonly bytes: AsyncIterable<Buffer>;
};

const NOTHING: Upload = { type: '', bytes: Readable.from([]) };

const brokenOff = {
  code: 'broken-off',
  status: 400,
  title: 'The body broke off before its end',
  detail: 'Nothing of it was kept; send it again.',
};

const typeOf = (request: Request, types: readonly string[]): string => {
  const encoding = request.get('content-encoding') ?? 'identity';
  const type = encoding === 'identity' ? request.is([...types]) : false;
  if (typeof type !== 'string') throw new Rejected(problems.unsupportedMediaType);
  return type;
};

const counted = async function* (request: Request, largest: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  // Whoever stops reading has something to answer: the connection must outlive it.
  const chunks: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > largest) throw new Rejected(problems.tooLarge);
      yield chunk;
    }
  } catch (error) {
    throw request.complete || error instanceof Rejected ? error : new Rejected(brokenOff);
  }
};

/** @throws {Rejected} when it is of another type, or says that it is too large. */
export const uploadOf = (request: Request, uploads: Uploads | undefined): Upload => {
  if (!uploads) return NOTHING;
  const { types, largest } = uploads;
  const type = typeOf(request, types);
  if (Number(request.get('content-length') ?? 0) > largest) throw new Rejected(problems.tooLarge);
  return { type, bytes: counted(request, largest) };
};
