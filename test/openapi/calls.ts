import type { Call } from './call.ts';
import { activations } from './calls/activations.ts';
import { accounts, companies } from './calls/companies-and-accounts.ts';
import { effects, projections } from './calls/effects-and-projections.ts';
import { sales } from './calls/sales.ts';
import { signingIn } from './calls/sign-in.ts';

/** In this order: what is made is changed and read afterwards. */
export const calls: readonly Call[] = [
  ...[...signingIn, ...companies, ...accounts, ...activations],
  ...[...effects, ...projections, ...sales],
];

const NOT_SHOWN = 'resellers and purchases are called here once they are shown, too';

/** What cannot be come by yet, and why. An entry that can be is a mistake. */
export const outOfReach: Readonly<Record<string, string>> = {
  'command post /v1/resellers 201': NOT_SHOWN,
  'command post /v1/purchases 201': NOT_SHOWN,
  'command patch /v1/purchases/{id} 200': NOT_SHOWN,
  'command delete /v1/purchases/{id} 204': NOT_SHOWN,
  'command post /v1/purchases/{id}/approve 200': NOT_SHOWN,
  'command post /v1/purchases/{id}/reject 200': NOT_SHOWN,
  'command post /v1/cashback-months/{month}/close 200': NOT_SHOWN,
  'query get /v1/resellers/me 200': NOT_SHOWN,
  'command post /v1/sales/{id}/settle 200': 'nothing is uncertain before sales are forwarded',
};
