import type { Static } from 'typebox';
import { branded } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

// Identities, told apart by the compiler. A string becomes one by being read at an edge.

const uuid = Type.String({ format: 'uuid' });
const name = Type.String({ minLength: 1, maxLength: 64 });

export type ActivationId = Static<typeof ActivationId>;
export const ActivationId = branded<'ActivationId'>(uuid);

/** Chosen by whoever opens the company; `1` to `30` in the demo data. */
export type CompanyId = Static<typeof CompanyId>;
export const CompanyId = branded<'CompanyId'>(name);

/** An account of ours; the `sub` of its tokens. */
export type AccountId = Static<typeof AccountId>;
export const AccountId = branded<'AccountId'>(uuid);

/** What a company calls its customer; we know nothing more of them. */
export type CustomerMid = Static<typeof CustomerMid>;
export const CustomerMid = branded<'CustomerMid'>(name);

export type SaleId = Static<typeof SaleId>;
export const SaleId = branded<'SaleId'>(uuid);

/** Made of the CPF, so that nobody is two resellers. The reseller's account has the same id. */
export type ResellerId = Static<typeof ResellerId>;
export const ResellerId = branded<'ResellerId'>(uuid);

/** Made of the purchase's code, so that no code is two purchases. */
export type PurchaseId = Static<typeof PurchaseId>;
export const PurchaseId = branded<'PurchaseId'>(uuid);

export type StationId = Static<typeof StationId>;
export const StationId = branded<'StationId'>(uuid);

/** Of a transaction, as everybody else calls it. Made of its number, which can be read off it. */
export type SwapId = Static<typeof SwapId>;
export const SwapId = branded<'SwapId'>(uuid);

export type CustomerId = Static<typeof CustomerId>;
export const CustomerId = branded<'CustomerId'>(uuid);

/** Made of the customer and the product, so that no product stands in a list twice. */
export type FavouriteId = Static<typeof FavouriteId>;
export const FavouriteId = branded<'FavouriteId'>(uuid);

/** What a partner calls a product; in small letters. */
export type ProductId = Static<typeof ProductId>;
export const ProductId = branded<'ProductId'>(uuid);

/** Made of the statement's source, period and SHA-256, so that no statement is run twice. */
export type ConciliationId = Static<typeof ConciliationId>;
export const ConciliationId = branded<'ConciliationId'>(uuid);

/** An item of a conciliation at which somebody has to look. Made of both. */
export type FindingId = Static<typeof FindingId>;
export const FindingId = branded<'FindingId'>(uuid);

/** What was uploaded, where it is kept until its run has ended. */
export type StatementId = Static<typeof StatementId>;
export const StatementId = branded<'StatementId'>(uuid);

/** A person whose data is encrypted under a key of their own. */
export type SubjectId = Static<typeof SubjectId>;
export const SubjectId = branded<'SubjectId'>(uuid);
