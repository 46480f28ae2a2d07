import type { Sentences } from '../vocabulary.ts';
import { because, emReais } from './words.ts';

const dito = (text: string | null | undefined): string => text ?? '[eliminado]';
const http = (status: number | undefined): string =>
  status === undefined ? '' : `, HTTP ${status}`;

/** Uma frase para cada evento, em português do Brasil. */
export const portuguese: Sentences = {
  AccountOpened: ({ username, role }) => `A conta ${dito(username)} foi aberta, como ${role}`,
  PasswordChanged: () => 'A senha foi alterada',
  AccountDisabled: () => 'A conta foi desativada',
  AccountEnabled: () => 'A conta foi reativada',
  SignedIn: ({ accountId, role }) => `A conta ${accountId} acessou o sistema, como ${role}`,
  SignInFailed: () => 'Um acesso falhou: usuário ou senha incorretos',
  AccountLocked: ({ until }) => `O acesso foi bloqueado até ${until}, após falhas demais`,
  SessionRevoked: ({ reason }) => `A sessão foi encerrada: ${reason}`,

  ActivationSubmitted: ({ product, companyId, customerMid, customerEmail }) =>
    `${product} foi solicitado à empresa ${companyId}, para o cliente ${customerMid} (${dito(customerEmail)})`,
  ActivationApproved: () => 'A ativação foi aprovada',
  ActivationRejected: ({ reason }) => `A ativação foi rejeitada: ${reason}`,
  ActivationCancelled: ({ reason }) => `A ativação foi cancelada${because(reason)}`,
  CustomerNotified: ({ about }) => `O cliente foi avisado por e-mail (${about})`,
  CustomerNotificationFailed: ({ about, why, attempts }) =>
    `O e-mail (${about}) não saiu após ${attempts} tentativas: ${why}`,

  CompanyOpened: ({ name, cnpj }) =>
    `A empresa ${name} foi cadastrada${cnpj === undefined ? '' : `, CNPJ ${cnpj}`}`,
  CompanyRenamed: ({ name }) => `A empresa passou a se chamar ${name}`,
  CompanyCnpjChanged: ({ cnpj }) => `A empresa passou a ter o CNPJ ${cnpj}`,

  ResellerRegistered: ({ fullName, cpf, email }) =>
    `${dito(fullName)} cadastrou-se como revendedor (CPF ${dito(cpf)}, ${dito(email)})`,
  ResellerErased: ({ reason }) => `O revendedor foi eliminado: ${reason}`,
  PurchaseRegistered: ({ code, amountInCents, date }) =>
    `A compra ${code}, de ${emReais(amountInCents)} em ${date}, foi cadastrada`,
  PurchaseChanged: ({ before, after }) =>
    `A compra passou de ${emReais(before.amountInCents)} em ${before.date} para ${emReais(after.amountInCents)} em ${after.date}`,
  PurchaseWithdrawn: ({ amountInCents, date }) =>
    `A compra de ${emReais(amountInCents)} em ${date} foi retirada`,
  PurchaseApproved: ({ amountInCents, date, by }) =>
    `A compra de ${emReais(amountInCents)} em ${date} foi aprovada${by === undefined ? ' de imediato' : ''}`,
  PurchaseRejected: ({ amountInCents, date, reason }) =>
    `A compra de ${emReais(amountInCents)} em ${date} foi reprovada: ${reason}`,
  CashbackMonthClosed: ({ month }) => `O mês ${month} foi fechado`,
  CashbackMonthGranted: ({ month, resellers, grantedInCents }) =>
    `O cashback de ${month} foi concedido: ${emReais(grantedInCents)} a ${resellers} revendedores`,
  CashbackGranted: ({ month, percent, purchasedInCents, grantedInCents, purchases }) =>
    `${emReais(grantedInCents)} foram concedidos por ${month}: ${percent} % sobre ${purchases} compras, ${emReais(purchasedInCents)} ao todo`,
  CashbackGrantContinued: ({ month, lines }) =>
    `A concessão de ${month} tem mais ${lines.length} compras`,
  CashbackAdjusted: ({ month, about, adjustmentInCents }) =>
    `${emReais(adjustmentInCents)} foram lançados em ${month}, para acertar ${about}`,

  SaleReceived: ({ name, document, totalInCents, soldOn }) =>
    `Foi recebida uma venda de ${emReais(totalInCents)} em ${soldOn} a ${dito(name)} (CPF ${dito(document)})`,
  CashbackCalculated: ({ cashbackInCents, ruleSet }) =>
    `O cashback é de ${emReais(cashbackInCents)}, pela tabela ${ruleSet}`,
  SaleRefused: ({ reasons }) => `Uma venda foi recusada: ${reasons.join(', ')}`,
  SaleRefusalContinued: ({ part }) => `A parte ${part} do que foi recusado foi guardada`,
  CashbackForwardAttempted: ({ attempt }) =>
    `O crédito ia ser pedido ao parceiro, tentativa ${attempt}`,
  CashbackAccepted: ({ attempt, httpStatus, partnerId }) =>
    `O parceiro aceitou na tentativa ${attempt}${http(httpStatus)}${partnerId === undefined ? '' : `, com o id ${partnerId}`}`,
  CashbackForwardFailed: ({ attempt, httpStatus, error }) =>
    `O parceiro não aceitou na tentativa ${attempt}${http(httpStatus)}: ${error}`,
  CashbackForwardUncertain: ({ attempt, httpStatus, why, error }) =>
    `Não se sabe se o parceiro aceitou na tentativa ${attempt}${http(httpStatus)}: ${why}, ${error}`,
  CashbackForwardGivenUp: ({ why, error }) => `O repasse foi abandonado: ${why}, ${error}`,
  SaleResendRequested: ({ reason }) => `Pediu-se o reenvio: ${reason}`,
  SaleSettled: ({ outcome, reason }) => `O resultado foi definido como ${outcome}: ${reason}`,
  BuyerNamed: ({ name }) => `O comprador foi chamado de ${dito(name)}`,

  ConciliationStarted: ({ source, from, to, rows, sha256 }) =>
    `Um extrato de ${source}, de ${from} a ${to}, foi confrontado com o registro: ${rows} linhas, sha256 ${sha256}`,
  ConciliationCompleted: ({ ours, theirs, asOf }) =>
    `A conciliação fecha na posição ${asOf.position}: nosso lado ${emReais(ours.amountInCents)} em ${ours.rows} linhas, o deles ${emReais(theirs.amountInCents)} em ${theirs.rows}`,
  ConciliationFailed: ({ why, error }) => `A conciliação não chegou ao fim (${why}): ${error}`,
  ConciliationSettlementRequested: ({ items, reason }) =>
    `${items} vendas de repasse incerto serão definidas pelo extrato: ${reason}`,
  ConciliationSettled: ({ settled, left }) =>
    `${settled} vendas de repasse incerto foram definidas pelo extrato; ${left} não foram`,
  FindingResolved: ({ item, resolution, amountInCents, reason }) =>
    `O item ${item}, de ${emReais(amountInCents)}, foi resolvido como ${resolution}: ${reason}`,
  WriteOffRequested: ({ item, amountInCents, reason }) =>
    `Foi solicitada a baixa de ${emReais(amountInCents)} do item ${item}: ${reason}`,
  WriteOffApproved: ({ item }) => `Uma segunda pessoa aprovou a baixa do item ${item}`,
  ConciliationPeriodClosed: ({ month, conciliations }) =>
    `A conciliação de ${month} foi encerrada, com base em ${conciliations.length} relatórios`,
  ConciliationPeriodReopened: ({ month, reason }) =>
    `A conciliação de ${month} foi reaberta: ${reason}`,

  StationRegistered: ({ description, batteryAvailable }) =>
    `A estação “${description}” foi cadastrada, ${batteryAvailable ? 'com' : 'sem'} bateria`,
  StationDescribed: ({ description }) => `A estação passou a se chamar “${description}”`,
  BatteryAvailabilitySet: ({ batteryAvailable }) =>
    `A estação passou a estar ${batteryAvailable ? 'com' : 'sem'} bateria`,
  StationProtocolChosen: ({ protocol }) => `O equipamento passou a ser tratado em ${protocol}`,
  StationRemoved: () => 'A estação foi removida',
  EquipmentCameOnline: () => 'O equipamento conectou-se',
  EquipmentWentOffline: () => 'O equipamento desconectou-se',
  SwapAdmitted: ({ swapId }) => `A transação ${swapId} foi admitida na estação`,
  SwapsSettled: ({ swapIds }) => `${swapIds.length} transações deixaram de ocupar a estação`,
  StationVacated: () => 'Nada mais será iniciado na estação',
  SwapNumbersTaken: ({ from, to }) => `Os números de ${from} a ${to} foram reservados`,
  SwapStarted: ({ number, stationId }) =>
    `A transação ${number} foi iniciada na estação ${stationId}`,
  SwapPublished: ({ answerBy }) => `O equipamento foi consultado, e tem até ${answerBy}`,
  SwapCompleted: ({ payload }) => `O equipamento confirmou: ${payload}`,
  SwapFailed: ({ payload }) => `O equipamento informou um erro: ${payload}`,
  SwapExpired: () => 'O equipamento não respondeu a tempo',
  EquipmentReplyIgnored: ({ why, payload }) => `Uma resposta nada mudou (${why}): ${payload}`,
  EquipmentReplyUnmatched: ({ why, payload, topic }) =>
    `Uma resposta em ${topic} não é de transação alguma (${why}): ${payload}`,

  CustomerRegistered: ({ name, email }) =>
    `${dito(name)} foi cadastrado como cliente (${dito(email)})`,
  CustomerRenamed: ({ name }) => `O cliente passou a se chamar ${dito(name)}`,
  CustomerEmailChanged: ({ email }) => `O cliente passou a ter o e-mail ${dito(email)}`,
  CustomerRemoved: () => 'O cliente foi removido',
  FavouriteRequested: ({ productId }) => `Pediu-se a inclusão do produto ${productId} na lista`,
  FavouriteListed: ({ productId }) => `O produto ${productId} está na lista`,
  FavouriteRefused: ({ productId }) => `Não existe o produto ${productId}`,
  FavouriteParked: ({ productId }) => `Não foi possível saber se o produto ${productId} existe`,
  FavouriteCleared: ({ productId }) =>
    `O produto ${productId} não está mais em lista alguma: seu cliente foi removido`,
  FavouriteRemoved: ({ productId }) => `O produto ${productId} saiu da lista`,

  EffectParked: ({ kind, about, attempts, error }) =>
    `${kind} sobre ${about} foi abandonado após ${attempts} tentativas: ${error}`,
  EffectRetryRequested: ({ round }) => `Pediu-se nova tentativa, rodada ${round}`,
  IdempotencyKeyClaimed: ({ category, id }) => `A requisição tratava de ${category}-${id}`,
  ValueReserved: ({ kind, holder }) => `${holder} reservou um valor único (${kind})`,
  ValueReleased: ({ kind, holder }) => `${holder} liberou um valor único (${kind})`,
  PersonalDataErased: ({ what }) =>
    `A chave dos dados de uma pessoa foi destruída: ${what.join(', ')} não se lê mais`,
  SealMade: ({ from, to, events, root }) =>
    `${events} eventos ${from === null ? 'desde o início' : `após a posição ${from}`} até ${to} foram lacrados: ${root}`,
};
