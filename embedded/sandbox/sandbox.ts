import { Router, type Request, type RequestHandler } from 'express';
import type { Clock } from '#shared/kernel/message.ts';
import { closed, oneOf, reader } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { behaviours, type Behaviours } from '../behaviour.ts';
import { jsonBody } from '../http.ts';
import { answer, isFor, readOrder, type Behaviour } from './behaviour.ts';
import { balance, credit, productById, productPage, type Answer, type Api } from './partners.ts';
import { requestLog, type RequestLog } from './requests.ts';

const APIS = ['cashback', 'balance', 'product'] as const satisfies readonly Api[];
const readFilter = reader(closed({ api: Type.Optional(oneOf(APIS)) }));

const usual: Behaviour = { mode: 'ok' };
/** What an API that fails by its status has done. */
const nothing: Answer = { status: 500, body: null };

/** Which credits were made; unique over restarts, as a statement may hold those of several. */
const idsFrom = (start: string) => {
  let made = BigInt(Date.parse(start)) * 1_000n;
  return () => String(++made);
};

export type SandboxOptions = {
  /** What callers of the balance API have to show. */
  readonly token: string;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
};

type Told = Readonly<Record<Api, Behaviours<Behaviour>>>;
type Handlers = (api: Api, answerTo: (request: Request) => Answer) => RequestHandler[];

/** Notes what came in, and answers as usual or as badly as it was told to. */
const handlers = (told: Told, received: RequestLog, { clock, stopping }: SandboxOptions) => {
  const note = (api: Api, request: Request, { mode }: Behaviour) => {
    const { method, originalUrl: path, headers } = request;
    const body: unknown = mode === 'drop-before' ? undefined : request.body;
    received.add({ api, at: clock(), method, path, headers, body, mode });
  };
  /** An order for some requests only is known to be for this one when its body has been read. */
  const hangsUp = (api: Api, request: Request): boolean => {
    const { behaviour } = told[api].current();
    if (behaviour.mode !== 'drop-before' || behaviour.only !== undefined) return false;
    note(api, request, told[api].next());
    request.socket.destroy();
    return true;
  };

  const handle: Handlers = (api, answerTo) => [
    (request, _response, next) => {
      if (!hangsUp(api, request)) next();
    },
    jsonBody,
    async (request, response) => {
      const behaviour = told[api].next(isFor(request));
      note(api, request, behaviour);
      if (behaviour.mode === 'drop-before') request.socket.destroy();
      else if (behaviour.mode === 'status') await answer(response, nothing, behaviour, stopping);
      else await answer(response, answerTo(request), behaviour, stopping);
    },
  ];
  return handle;
};

/** What a spec asks and tells. */
const controls = (told: Told, received: RequestLog): Router =>
  Router()
    .get('/requests', ({ query }, response) => {
      response.json(received.of(readFilter(query).api));
    })
    .delete('/requests', (_request, response) => {
      received.clear();
      response.sendStatus(204);
    })
    .get('/behaviour', (_request, response) => {
      response.json(Object.fromEntries(APIS.map((api) => [api, told[api].current()])));
    })
    .put('/behaviour', jsonBody, ({ body }, response) => {
      const { api, times, ...behaviour } = readOrder(body);
      told[api].tell(behaviour, times);
      response.json(told[api].current());
    })
    .delete('/behaviour', (_request, response) => {
      for (const api of APIS) told[api].tell(usual);
      response.sendStatus(204);
    });

/**
 * The partners' APIs, as far as they are known to us: the balance API at `/v1/cashback`, the
 * cashback API at `/cashback`, the product API at `/api/product/`. Under `/sandbox`, what they
 * received and how they are to behave.
 */
export const sandboxRoutes = (options: SandboxOptions): Router => {
  const { token, clock } = options;
  const received = requestLog();
  const nextId = idsFrom(clock());
  const told = {
    cashback: behaviours(usual),
    balance: behaviours(usual),
    product: behaviours(usual),
  };
  const handle = handlers(told, received, options);
  const balances = handle('balance', (request) =>
    balance(request.query['cpf'], request.get('token'), token),
  );
  const credits = handle('cashback', ({ body }) => credit(body, nextId(), clock()));
  const pages = handle('product', ({ query }) => productPage(query['page']));
  const products = handle('product', ({ params }) => productById(String(params['id'])));

  return Router()
    .get('/v1/cashback', ...balances)
    .post('/cashback', ...credits)
    .get('/api/product', ...pages)
    .get('/api/product/:id', ...products)
    .use('/sandbox', controls(told, received));
};
