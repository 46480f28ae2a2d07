import { setTimeout as pause } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { Static } from 'typebox';
import { closed, oneOf, reader } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import type { Answer } from './partners.ts';

const LONGEST_DELAY_MS = 120_000;

/**
 * How an API goes wrong.
 *
 * - `status`: answers `status` (500) and `body`, and does nothing.
 * - `delay`: does as usual, and answers after `delayMs`.
 * - `drop-before`: hangs up before it has read the request.
 * - `drop-after`: does as usual, and hangs up without an answer.
 * - `break-off`: does as usual, and hangs up in the middle of the answer.
 * - `garbage`: does as usual, and answers, with the usual status, what is not JSON.
 * - `nan-id`: a credit is accepted under the id "NaN".
 * - `inner-error`: says 200 outside, and 400 with a message inside, as the balance API does.
 */
export type Behaviour = Static<typeof Behaviour>;
const Behaviour = closed({
  mode: oneOf([
    'ok',
    'status',
    'delay',
    'drop-before',
    'drop-after',
    'break-off',
    'garbage',
    'nan-id',
    'inner-error',
  ]),
  status: Type.Optional(Type.Integer({ minimum: 200, maximum: 599 })),
  body: Type.Optional(Type.Unknown()),
  delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: LONGEST_DELAY_MS })),
  /** Only requests whose address or body has this text in it. */
  only: Type.Optional(Type.String({ minLength: 1 })),
});

export const readOrder = reader(
  closed({
    api: oneOf(['cashback', 'balance', 'product']),
    times: Type.Optional(Type.Integer({ minimum: 1 })),
    ...Behaviour.properties,
  }),
);

/** Whether this request is one of those that were meant. */
export const isFor =
  ({ originalUrl, body }: Pick<Request, 'originalUrl' | 'body'>) =>
  ({ only }: Behaviour): boolean =>
    only === undefined || `${originalUrl} ${JSON.stringify(body ?? null)}`.includes(only);

const changed = (usual: Answer, { mode, status, body }: Behaviour): Answer => {
  if (mode === 'status')
    return { status: status ?? 500, body: body ?? { message: 'Falha simulada' } };
  if (mode === 'inner-error')
    return {
      status: status ?? 200,
      body: { statusCode: 400, body: body ?? { message: 'Falha simulada' } },
    };
  if (mode === 'nan-id') return { ...usual, body: { ...(usual.body as object), id: 'NaN' } };
  return usual;
};

const halfOf = (text: string) => text.slice(0, Math.ceil(text.length / 2));

/** Sends the head of an answer, half of its body, and nothing more. */
const breakOff = (response: Response, status: number, text: string): void => {
  response.status(status).set({
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(text)),
  });
  response.write(halfOf(text), () => response.destroy());
};

/** Answers as usual, or as badly as it was told to. */
export const answer = async (
  response: Response,
  usual: Answer,
  behaviour: Behaviour,
  stopping: AbortSignal,
): Promise<void> => {
  const { status, body } = changed(usual, behaviour);
  if (behaviour.mode === 'delay')
    await pause(behaviour.delayMs ?? 0, undefined, { signal: stopping }).catch(() => undefined);

  if (behaviour.mode === 'drop-after') response.destroy();
  else if (behaviour.mode === 'break-off') breakOff(response, status, JSON.stringify(body));
  else if (behaviour.mode === 'garbage')
    response.status(status).type('html').send('<html><body>Bad Gateway</body></html>');
  else response.status(status).json(body);
};
