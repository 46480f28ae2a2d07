import type { AccountId, ResellerId, SubjectId } from '#shared/ids.ts';
import type { Month } from '#shared/kernel/calendar.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { ResellerCommand } from './commands.ts';
import type { ResellerEvent } from './events.ts';

export const noon = '2026-01-15T12:00:00.000Z' as Instant;
export const aReseller = '5d0b2a52-3c5e-5a0e-9d0a-0000000000d1' as ResellerId;
export const anotherReseller = '5d0b2a52-3c5e-5a0e-9d0a-0000000000d2' as ResellerId;
export const aPerson = '5d0b2a52-3c5e-5a0e-9d0a-0000000000c1' as SubjectId;

const registration = {
  resellerId: aReseller,
  subjectId: aPerson,
  fullName: 'Ana de Souza',
  cpf: '52998224725' as Cpf,
  email: 'Ana@example.com',
  at: noon,
};

const erasure = {
  resellerId: aReseller,
  by: '5d0b2a52-3c5e-5a0e-9d0a-0000000000a9' as AccountId,
  reason: 'A pedido do titular',
  at: noon,
};

/** One valid example of each message; name only what the spec is about. */
export const registered = (data: Partial<typeof registration> = {}): ResellerEvent => ({
  type: 'ResellerRegistered',
  data: { ...registration, ...data },
});
export const register = (data: Partial<typeof registration> = {}): ResellerCommand => ({
  type: 'RegisterReseller',
  data: { ...registration, ...data },
});
export const erase = (openMonths: readonly Month[] = []): ResellerCommand => ({
  type: 'EraseReseller',
  data: { ...erasure, openMonths },
});
export const erased = (): ResellerEvent => ({
  type: 'ResellerErased',
  data: { ...erasure, subjectId: aPerson },
});
