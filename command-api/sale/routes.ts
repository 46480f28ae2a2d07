import { SaleId, type AccountId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler, type Accepted, type Handled } from '#shared/kernel/handle-command.ts';
import { amountText } from '#shared/kernel/money.ts';
import { closed, oneOf, type Flaw } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { answer } from '#shared/platform/http/command.ts';
import { problems, Rejected } from '#shared/platform/http/problem.ts';
import { route, type Refusals, type RefusedWith, type Route } from '#shared/platform/http/route.ts';
import { ErpSale, Resend, Settlement } from '#shared/sale/commands.ts';
import { sale, type SaleRefusal } from '#shared/sale/decider.ts';
import { saleEvents } from '#shared/sale/events.ts';
import { isReceived, type RefusedSale, type Sale } from '#shared/sale/state.ts';
import { receivingOf, type ReceivingDeps } from './receiving.ts';

const PATH = '/v1/cashback';

const invalidSale: Refusals<'invalid-sale'> = {
  'invalid-sale': {
    status: 422,
    title: 'The sale is not valid',
    detail: 'Each entry of "errors" points at what is wrong. It is on record under "saleId".',
  },
};
const notFound = { status: 404, title: 'No such sale' };

const Money = Type.String({ examples: ['14.00'] });
const Received = closed({
  id: SaleId,
  status: oneOf(['CALCULATED']),
  cashback: Money,
  /** The version of the rule set. */
  ruleSet: Type.String(),
  lines: Type.Array(
    closed({
      type: Type.String(),
      value: Money,
      qty: Type.Integer(),
      percent: Type.String(),
      cashback: Money,
    }),
  ),
});
const Asked = closed({
  id: SaleId,
  status: oneOf(['CALCULATED', 'ACCEPTED', 'FAILED', 'UNCERTAIN']),
});

const receivedAs = (id: string) => (state: Sale) => {
  if (!isReceived(state)) throw new Error('An accepted sale left nothing calculated');
  const { status, cashbackInCents, ruleSet, lines, calculated } = state;
  const shown = lines.map(([type, value, qty], nth) => {
    const [, percent = '', cashback = 0] = calculated[nth] ?? [];
    return { type, value: amountText(value), qty, percent, cashback: amountText(cashback) };
  });
  const body = { id, status, cashback: amountText(cashbackInCents), ruleSet, lines: shown };
  return { status: 201, body, location: `/v1/sales/${id}` };
};

/** Once the person was erased it is known only what kind of thing was wrong. */
const errorsOf = ({ errors, reasons }: RefusedSale): readonly Flaw[] =>
  errors ?? reasons.map((code) => ({ pointer: '', code, message: 'is not kept any more' }));

/** A refusal that is on record stands in the log, and is found again, as what is accepted is. */
const refusedAs = (
  saleId: string,
  state: RefusedSale,
  taken: Accepted<Sale>,
): RefusedWith<'invalid-sale'> => {
  const { headers = {} } = answer(taken, () => ({ status: 422 }));
  const errors = errorsOf(state);
  const { errorsInAll } = state;
  const detail = `${errorsInAll} errors, of which the first ${errors.length} are shown.`;
  return {
    ...{ outcome: 'refused', reason: 'invalid-sale', more: { errors, saleId }, headers },
    ...(state.errors && errorsInAll > errors.length && { detail }),
  };
};

const receiveRoute = (deps: ReceivingDeps, path: string): Route => {
  const receive = receivingOf(deps);
  return route({
    method: 'post',
    path,
    ...(path !== PATH && { aliasOf: PATH }),
    summary: 'Send a sale, and hear what cashback it gives',
    access: ['erp'],
    body: ErpSale,
    takesAnyJson: true,
    answers: { 201: Received },
    refusals: invalidSale,
    handle: async ({ body: json, text, caller, at, asked }) => {
      const from = caller.id as AccountId;
      const taken = await receive({ json, text, from, at, asked: asked() });
      const { id, state } = taken;
      return state.status === 'REFUSED'
        ? refusedAs(id, state, taken)
        : answer(taken, receivedAs(id));
    },
  });
};

/** What a partner calls it makes sense only where the partner has it. @throws {Rejected} */
const settlement = (body: Settlement): Settlement => {
  if (body.outcome === 'ACCEPTED' || body.partnerId === undefined) return body;
  const message = 'is for what was accepted only';
  throw new Rejected(problems.invalid([{ pointer: '/partnerId', code: 'not-accepted', message }]));
};

/** Of all that a sale may be refused for, what these two may be: others concern no operator. */
type ResendRefusal = Extract<
  SaleRefusal,
  'sale-not-found' | 'sale-already-accepted' | 'sale-refused'
>;
type SettleRefusal = Extract<SaleRefusal, 'sale-not-found' | 'sale-not-uncertain'>;

const shownAs = (id: string, status: number) => (state: Sale) => ({
  status,
  body: { id, status: state.status },
});

/** What an operator can do about a sale that has been received. */
const operatorRoutes = (eventStore: EventStore): Route[] => {
  const handle = commandHandler(eventStore, 'sale', saleEvents, sale);
  const access = ['operator'] as const;
  const common = { method: 'post', thing: 'sale', access, params: { id: SaleId } } as const;

  return [
    route({
      ...common,
      path: '/v1/sales/{id}/resend',
      summary: 'Have the cashback of a sale forwarded again, and say why',
      body: Resend,
      answers: { 202: Asked },
      refusals: {
        'sale-not-found': notFound,
        'sale-already-accepted': { status: 409, title: 'The partner has accepted this cashback' },
        'sale-refused': {
          status: 409,
          title: 'This sale was refused: there is nothing to forward',
        },
      },
      handle: async ({ params: { id }, body: { reason }, caller, at, asked }) => {
        const data = { saleId: id, by: caller.id as AccountId, reason, at };
        const handled = await handle(id, { type: 'ResendSale', data }, asked());
        return answer(handled as Handled<Sale, ResendRefusal>, shownAs(id, 202));
      },
    }),
    route({
      ...common,
      path: '/v1/sales/{id}/settle',
      summary: 'Say what became of a cashback of which nobody knew, and how that is known',
      body: Settlement,
      answers: { 200: Asked },
      refusals: {
        'sale-not-found': notFound,
        'sale-not-uncertain': { status: 409, title: 'What became of this cashback is known' },
      },
      handle: async ({ params: { id }, body, caller, at, asked }) => {
        const data = { saleId: id, by: caller.id as AccountId, ...settlement(body), at };
        const handled = await handle(id, { type: 'SettleSale', data }, asked());
        return answer(handled as Handled<Sale, SettleRefusal>, shownAs(id, 200));
      },
    }),
  ];
};

/** Everything that can be asked for about sales. */
export const saleRoutes = (deps: ReceivingDeps): Route[] => [
  receiveRoute(deps, PATH),
  receiveRoute(deps, '/api/cashback'),
  ...operatorRoutes(deps.eventStore),
];
