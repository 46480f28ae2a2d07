import type { Sentences } from '../vocabulary.ts';
import { because, reais } from './words.ts';

const said = (text: string | null | undefined): string => text ?? '[erased]';
const http = (status: number | undefined): string =>
  status === undefined ? '' : `, HTTP ${status}`;

/** A sentence for each event there is, in English. */
export const english: Sentences = {
  AccountOpened: ({ username, role }) => `The account ${said(username)} was opened, as ${role}`,
  PasswordChanged: () => 'The password was changed',
  AccountDisabled: () => 'The account was disabled',
  AccountEnabled: () => 'The account was enabled again',
  SignedIn: ({ accountId, role }) => `Account ${accountId} signed in, as ${role}`,
  SignInFailed: () => 'A sign-in failed: wrong name or password',
  AccountLocked: ({ until }) => `Sign-in was locked until ${until}, after too many failures`,
  SessionRevoked: ({ reason }) => `The session was ended: ${reason}`,

  ActivationSubmitted: ({ product, companyId, customerMid, customerEmail }) =>
    `${product} was asked for at company ${companyId}, for customer ${customerMid} (${said(customerEmail)})`,
  ActivationApproved: () => 'The activation was approved',
  ActivationRejected: ({ reason }) => `The activation was rejected: ${reason}`,
  ActivationCancelled: ({ reason }) => `The activation was cancelled${because(reason)}`,
  CustomerNotified: ({ about }) => `The customer was sent a mail (${about})`,
  CustomerNotificationFailed: ({ about, why, attempts }) =>
    `The mail (${about}) did not leave after ${attempts} attempts: ${why}`,

  CompanyOpened: ({ name, cnpj }) =>
    `The company ${name} was opened${cnpj === undefined ? '' : `, CNPJ ${cnpj}`}`,
  CompanyRenamed: ({ name }) => `The company is called ${name} now`,
  CompanyCnpjChanged: ({ cnpj }) => `The company has the CNPJ ${cnpj} now`,

  ResellerRegistered: ({ fullName, cpf, email }) =>
    `${said(fullName)} registered as a reseller (CPF ${said(cpf)}, ${said(email)})`,
  ResellerErased: ({ reason }) => `The reseller was erased: ${reason}`,
  PurchaseRegistered: ({ code, amountInCents, date }) =>
    `Purchase ${code} of ${reais(amountInCents)} on ${date} was registered`,
  PurchaseChanged: ({ before, after }) =>
    `The purchase was changed from ${reais(before.amountInCents)} on ${before.date} to ${reais(after.amountInCents)} on ${after.date}`,
  PurchaseWithdrawn: ({ amountInCents, date }) =>
    `The purchase of ${reais(amountInCents)} on ${date} was withdrawn`,
  PurchaseApproved: ({ amountInCents, date, by }) =>
    `The purchase of ${reais(amountInCents)} on ${date} was approved${by === undefined ? ' at once' : ''}`,
  PurchaseRejected: ({ amountInCents, date, reason }) =>
    `The purchase of ${reais(amountInCents)} on ${date} was rejected: ${reason}`,
  CashbackMonthClosed: ({ month }) => `The month ${month} was closed`,
  CashbackMonthGranted: ({ month, resellers, grantedInCents }) =>
    `The cashback of ${month} was granted: ${reais(grantedInCents)} to ${resellers} resellers`,
  CashbackGranted: ({ month, percent, purchasedInCents, grantedInCents, purchases }) =>
    `${reais(grantedInCents)} were granted for ${month}: ${percent} % on ${purchases} purchases of ${reais(purchasedInCents)} in all`,
  CashbackGrantContinued: ({ month, lines }) =>
    `The grant for ${month} has ${lines.length} more purchases`,
  CashbackAdjusted: ({ month, about, adjustmentInCents }) =>
    `${reais(adjustmentInCents)} were booked in ${month}, to put ${about} right`,

  SaleReceived: ({ name, document, totalInCents, soldOn }) =>
    `A sale of ${reais(totalInCents)} on ${soldOn} to ${said(name)} (CPF ${said(document)}) was received`,
  CashbackCalculated: ({ cashbackInCents, ruleSet }) =>
    `Its cashback is ${reais(cashbackInCents)}, by rule set ${ruleSet}`,
  SaleRefused: ({ reasons }) => `A sale was refused: ${reasons.join(', ')}`,
  SaleRefusalContinued: ({ part }) => `Part ${part} of what was refused was kept`,
  CashbackForwardAttempted: ({ attempt }) =>
    `The partner was about to be asked for the credit, attempt ${attempt}`,
  CashbackAccepted: ({ attempt, httpStatus, partnerId }) =>
    `The partner took it at attempt ${attempt}${http(httpStatus)}${partnerId === undefined ? '' : `, as ${partnerId}`}`,
  CashbackForwardFailed: ({ attempt, httpStatus, error }) =>
    `The partner did not take it at attempt ${attempt}${http(httpStatus)}: ${error}`,
  CashbackForwardUncertain: ({ attempt, httpStatus, why, error }) =>
    `Nobody knows whether the partner took it at attempt ${attempt}${http(httpStatus)}: ${why}, ${error}`,
  CashbackForwardGivenUp: ({ why, error }) => `Forwarding was given up: ${why}, ${error}`,
  SaleResendRequested: ({ reason }) => `Sending it again was asked for: ${reason}`,
  SaleSettled: ({ outcome, reason }) => `Its outcome was settled as ${outcome}: ${reason}`,
  BuyerNamed: ({ name }) => `The buyer was called ${said(name)}`,

  ConciliationStarted: ({ source, from, to, rows, sha256 }) =>
    `A statement of ${source} from ${from} to ${to} was set against the log: ${rows} rows, sha256 ${sha256}`,
  ConciliationCompleted: ({ ours, theirs, asOf }) =>
    `The conciliation balances as of position ${asOf.position}: ours ${reais(ours.amountInCents)} in ${ours.rows} rows, theirs ${reais(theirs.amountInCents)} in ${theirs.rows}`,
  ConciliationFailed: ({ why, error }) => `The conciliation came to nothing (${why}): ${error}`,
  ConciliationSettlementRequested: ({ items, reason }) =>
    `${items} sales of which nobody knew are to be settled by the statement: ${reason}`,
  ConciliationSettled: ({ settled, left }) =>
    `${settled} of the sales of which nobody knew were settled by the statement, ${left} were not`,
  FindingResolved: ({ item, resolution, amountInCents, reason }) =>
    `Item ${item}, ${reais(amountInCents)}, was resolved as ${resolution}: ${reason}`,
  WriteOffRequested: ({ item, amountInCents, reason }) =>
    `Somebody asked for ${reais(amountInCents)} of item ${item} to be written off: ${reason}`,
  WriteOffApproved: ({ item }) => `A second person allowed item ${item} to be written off`,
  ConciliationPeriodClosed: ({ month, conciliations }) =>
    `The conciliation of ${month} was closed, on ${conciliations.length} reports`,
  ConciliationPeriodReopened: ({ month, reason }) =>
    `The conciliation of ${month} was opened again: ${reason}`,

  StationRegistered: ({ description, batteryAvailable }) =>
    `The station “${description}” was registered, ${batteryAvailable ? 'with' : 'without'} a battery`,
  StationDescribed: ({ description }) => `The station is called “${description}” now`,
  BatteryAvailabilitySet: ({ batteryAvailable }) =>
    `There is ${batteryAvailable ? 'a' : 'no'} battery at the station now`,
  StationProtocolChosen: ({ protocol }) => `The equipment is spoken to as ${protocol} now`,
  StationRemoved: () => 'The station was removed',
  EquipmentCameOnline: () => 'The equipment came online',
  EquipmentWentOffline: () => 'The equipment went offline',
  SwapAdmitted: ({ swapId }) => `Transaction ${swapId} was admitted at the station`,
  SwapsSettled: ({ swapIds }) => `${swapIds.length} transactions keep the station busy no more`,
  StationVacated: () => 'Nothing will be started at the station any more',
  SwapNumbersTaken: ({ from, to }) => `The numbers ${from} to ${to} were taken`,
  SwapStarted: ({ number, stationId }) =>
    `Transaction ${number} was started at station ${stationId}`,
  SwapPublished: ({ answerBy }) => `The equipment was asked, and has until ${answerBy}`,
  SwapCompleted: ({ payload }) => `The equipment confirmed it: ${payload}`,
  SwapFailed: ({ payload }) => `The equipment reported an error: ${payload}`,
  SwapExpired: () => 'The equipment did not answer in time',
  EquipmentReplyIgnored: ({ why, payload }) => `A reply changed nothing (${why}): ${payload}`,
  EquipmentReplyUnmatched: ({ why, payload, topic }) =>
    `A reply on ${topic} belongs to no transaction (${why}): ${payload}`,

  CustomerRegistered: ({ name, email }) =>
    `${said(name)} was registered as a customer (${said(email)})`,
  CustomerRenamed: ({ name }) => `The customer is called ${said(name)} now`,
  CustomerEmailChanged: ({ email }) => `The customer has the e-mail ${said(email)} now`,
  CustomerRemoved: () => 'The customer was removed',
  FavouriteRequested: ({ productId }) => `Product ${productId} was asked to be put in the list`,
  FavouriteListed: ({ productId }) => `Product ${productId} stands in the list`,
  FavouriteRefused: ({ productId }) => `There is no product ${productId}`,
  FavouriteParked: ({ productId }) =>
    `Whether there is a product ${productId} could not be found out`,
  FavouriteCleared: ({ productId }) =>
    `Product ${productId} is in no list any more: its customer was removed`,
  FavouriteRemoved: ({ productId }) => `Product ${productId} was taken out of the list`,

  EffectParked: ({ kind, about, attempts, error }) =>
    `${kind} about ${about} was given up after ${attempts} attempts: ${error}`,
  EffectRetryRequested: ({ round }) => `Another try was asked for, round ${round}`,
  IdempotencyKeyClaimed: ({ category, id }) => `The request was about ${category}-${id}`,
  ValueReserved: ({ kind, holder }) => `${holder} claimed a ${kind} that there may be once`,
  ValueReleased: ({ kind, holder }) => `${holder} gave a ${kind} up`,
  PersonalDataErased: ({ what }) =>
    `The key to a person’s data was destroyed: ${what.join(', ')} cannot be read any more`,
  SealMade: ({ from, to, events, root }) =>
    `${events} events ${from === null ? 'from the beginning' : `behind position ${from}`} up to ${to} were sealed: ${root}`,
};
