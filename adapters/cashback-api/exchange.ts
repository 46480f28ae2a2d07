import { request as plain, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as secure } from 'node:https';

/** So much of an answer is kept; what is longer is read to its end, and let go. */
export const LARGEST_ANSWER = 16_384;

/**
 * What was seen of a call. `not-sent` is certain: there was no connection over which anything could
 * have left. In every other case but an answer the partner may have done what it was asked to.
 */
export type Exchange =
  | { readonly came: 'answer'; readonly status: number; readonly body: string }
  | { readonly came: 'not-sent'; readonly error: string }
  | {
      readonly came: 'broken-off' | 'timed-out';
      readonly error: string;
      readonly status?: number;
      readonly body?: string;
    };

export type Call = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the first name look-up to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Aborted when it has to be cut off. */
  readonly signal: AbortSignal;
};

/** Its code where it has one: messages may hold an address with a secret in it. */
const described = (error: unknown): string => {
  if (!(error instanceof Error)) return 'The connection was lost';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
};

/** Collects an answer as it comes in. */
const answerIn = (response: IncomingMessage) => {
  const chunks: Buffer[] = [];
  let kept = 0;
  response.on('data', (chunk: Buffer) => {
    if (kept < LARGEST_ANSWER) chunks.push(chunk.subarray(0, LARGEST_ANSWER - kept));
    kept += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
};

/**
 * A connection of its own for every call: on one that is kept alive, a partner that hangs up as we
 * write is not to be told from one that did the work and hung up.
 */
const opened = ({ url, headers, body, signal }: Call): ClientRequest =>
  (url.protocol === 'https:' ? secure : plain)(url, {
    method: 'POST',
    agent: false,
    signal,
    headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
  });

/** Whether anything may have left: before the connection (and its TLS) stands, nothing can. */
const departureOf = (request: ClientRequest, { url }: Call) => {
  let mayHaveLeft = false;
  request.once('socket', (socket) => {
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      mayHaveLeft = true;
    });
  });
  return () => mayHaveLeft;
};

/** Posts once, and says what was seen of it. Never throws, never asks a second time. */
export const post = (call: Call): Promise<Exchange> =>
  new Promise((resolve) => {
    const request = opened(call);
    const mayHaveLeft = departureOf(request, call);
    let answer: { readonly status: number; readonly body: () => string } | undefined;

    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      request.destroy();
    }, call.timeoutMs);
    const settle = (exchange: Exchange) => {
      clearTimeout(late);
      resolve(exchange);
    };
    const lost = (error: unknown) => {
      const seen = answer && { status: answer.status, body: answer.body() };
      const said = isLate ? `No whole answer in ${call.timeoutMs} ms` : described(error);
      const came = isLate ? 'timed-out' : 'broken-off';
      settle(mayHaveLeft() ? { came, error: said, ...seen } : { came: 'not-sent', error: said });
    };

    request.once('error', lost);
    request.once('response', (response) => {
      const body = answerIn(response);
      const status = response.statusCode ?? 0;
      answer = { status, body };
      response.once('error', lost);
      response.once('close', () => {
        if (response.complete) settle({ came: 'answer', status, body: body() });
        else lost(new Error('The answer broke off'));
      });
    });
    request.end(call.body);
  });
