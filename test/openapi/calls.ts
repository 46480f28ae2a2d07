import type { Call } from './call.ts';
import { activations } from './calls/activations.ts';
import { audit } from './calls/audit.ts';
import { accounts, companies } from './calls/companies-and-accounts.ts';
import { conciliations } from './calls/conciliations.ts';
import { customers } from './calls/customers.ts';
import { effects, projections } from './calls/effects-and-projections.ts';
import { resellers } from './calls/resellers.ts';
import { sales } from './calls/sales.ts';
import { signingIn } from './calls/sign-in.ts';
import { stations } from './calls/stations.ts';

/** In this order: what is made is changed and read afterwards. */
export const calls: readonly Call[] = [
  ...[...signingIn, ...companies, ...accounts, ...activations],
  ...[...effects, ...projections, ...resellers, ...sales, ...stations, ...customers],
  ...audit,
  ...conciliations,
];

/** What cannot be come by yet, and why. An entry that can be is a mistake. */
export const outOfReach: Readonly<Record<string, string>> = {};
