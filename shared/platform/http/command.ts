import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import type { Asked, Handled } from '#shared/kernel/handle-command.ts';
import { derivedId, fingerprint } from '#shared/kernel/identity.ts';
import type { Instant } from '#shared/kernel/message.ts';
import { reader } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import type { Caller } from './caller.ts';
import { understand } from './problem.ts';
import type { Answer, RefusedWith, Route } from './route.ts';

const readHeaders = reader(
  Type.Object({
    'idempotency-key': Type.Optional(Type.String({ pattern: '^[\\x20-\\x7e]{1,255}$' })),
    'if-match': Type.Optional(
      Type.String({ pattern: '^(\\*|(W/)?"[^"]*"(\\s*,\\s*(W/)?"[^"]*")*)$', maxLength: 1_024 }),
    ),
  }),
);

/** A weak tag never matches (RFC 9110, 13.1.1): a write wants the very revision that was seen. */
const seenBy = (ifMatch: string | undefined): Asked['seen'] => {
  if (ifMatch === undefined || ifMatch === '*') return undefined;
  const tags = new Set(ifMatch.split(',').map((tag) => tag.trim()));
  return (revision) => tags.has(`"${revision}"`);
};

/** Which route was asked, by whom, when, and what; `body` is told apart from any other. */
export type Asking = {
  readonly route: Pick<Route, 'path' | 'aliasOf'>;
  readonly caller: Caller;
  readonly body: unknown;
  readonly at: Instant;
};

/** Who asks, under which identity, having seen what. The same key is the same command. */
export const asked = (request: Request, { route, caller, body, at }: Asking): Asked => {
  const headers = understand(readHeaders, request.headers);
  const key = headers['idempotency-key'];
  const name = key ?? randomUUID();
  const { correlationId, traceparent } = request.res?.locals ?? {};
  // One path can be written in many ways; what it was understood as is always the same.
  const asking = [
    `${request.method} ${route.aliasOf ?? route.path}`,
    ...Object.values(request.params).map(String),
  ];
  const commandId = derivedId('command', caller.id, ...asking, name);

  return {
    seen: seenBy(headers['if-match']),
    keyed: key !== undefined,
    meta: {
      commandId,
      fingerprint: fingerprint(body, name),
      correlationId: String(correlationId),
      causationId: commandId,
      actor: { id: caller.id, role: caller.role },
      at,
      ...(typeof traceparent === 'string' && { traceparent }),
    },
  };
};

type Shown = { readonly status: number; readonly body?: unknown; readonly location?: string };

/** A handled command as an answer: a refusal is one too, an accepted one says where it stands. */
export const answer = <State, Reason extends string>(
  handled: Handled<State, Reason>,
  show: (state: State) => Shown,
): Answer | RefusedWith<Reason> => {
  if (handled.outcome === 'refused') return handled;

  const { status, body, location } = show(handled.state);
  const { revision, position, replayed } = handled;
  return {
    status,
    body,
    headers: {
      ETag: `"${revision}"`,
      ...(position !== undefined && { 'Log-Position': String(position) }),
      ...(location !== undefined && { Location: location }),
      ...(replayed && { 'Idempotent-Replayed': 'true' }),
    },
  };
};
