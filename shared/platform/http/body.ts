import express, { type Request, type RequestHandler, type Response } from 'express';
import { problems, Rejected, type Problem } from './problem.ts';

/** As it comes, and as it is once it has been unpacked. */
export const LARGEST_BODY = '1mb';

const JSON_TYPE = 'application/json';

const readBytes: RequestHandler = express.raw({ limit: LARGEST_BODY, type: JSON_TYPE });
const utf8 = new TextDecoder('utf-8', { fatal: true });

const hasBody = ({ headers }: Request) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** JSON is UTF-8 (RFC 8259, 8.1), whatever else a charset might ask for. */
const isJson = (request: Request): boolean => {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(request.get('content-type') ?? '')?.[1];
  return request.is(JSON_TYPE) === JSON_TYPE && /^utf-?8$/i.test(charset ?? 'utf-8');
};

/** Badly packed, too large, or packed in a way that is not known here. */
const UNREAD: ReadonlyMap<unknown, Problem> = new Map([
  [400, problems.malformedJson],
  [413, problems.tooLarge],
  [415, problems.unsupportedMediaType],
]);

const unread = (error: Error): Error => {
  const problem = UNREAD.get('status' in error ? error.status : undefined);
  return problem ? new Rejected(problem) : error;
};

const bytesOf = async (request: Request, response: Response): Promise<Uint8Array> => {
  await new Promise<void>((resolve, reject) => {
    void readBytes(request, response, (error?: unknown) => {
      if (error instanceof Error) reject(unread(error));
      else resolve();
    });
  });
  return request.body as Uint8Array;
};

/** What was sent, as it is understood and as it came. */
export type Body = { readonly value: unknown; readonly text: string };

const NOTHING: Body = { value: {}, text: '' };

/**
 * What was sent as JSON; an empty object where nothing was. Read only when it is called: whether
 * the caller may ask at all is looked at before.
 * @throws {Rejected} when it is no JSON, no UTF-8, too large or of another type.
 */
export const bodyOf = async (request: Request, response: Response): Promise<Body> => {
  if (!hasBody(request)) return NOTHING;
  if (!isJson(request)) throw new Rejected(problems.unsupportedMediaType);
  const bytes = await bytesOf(request, response);
  if (bytes.length === 0) return NOTHING;
  try {
    const text = utf8.decode(bytes);
    return { value: JSON.parse(text), text };
  } catch {
    throw new Rejected(problems.malformedJson);
  }
};
