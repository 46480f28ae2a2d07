import type { SaleId, SubjectId } from '#shared/ids.ts';
import { accept, type Decider } from '#shared/kernel/decider.ts';
import type { Instant, Message } from '#shared/kernel/message.ts';
import type { BuyerEvent } from './events.ts';

/** Further ones of the same person are not kept: they would be somebody's mistake, or worse. */
export const MOST_NAMES = 50;

type Known = { readonly name: string; readonly saleId: SaleId };

/** What a person has been called, in the order in which it became known. */
export type Buyer = { readonly names: readonly Known[] };

export type BuyerCommand = Message<
  'NameBuyer',
  {
    readonly subjectId: SubjectId;
    readonly saleId: SaleId;
    readonly name: string;
    readonly at: Instant;
  }
>;

/** `José  da Silva` and `JOSE DA SILVA` are the same name. */
const folded = (name: string): string =>
  name.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll(/\s+/g, ' ').trim().toUpperCase();

const isCalled = ({ names }: Buyer, name: string): boolean =>
  names.some((known) => folded(known.name) === folded(name));

/** Nobody is refused for their name, so there is no reason to refuse. */
export const buyer: Decider<Buyer, BuyerCommand, BuyerEvent, never> = {
  initialState: { names: [] },
  decide: ({ data }, known) =>
    isCalled(known, data.name) || known.names.length >= MOST_NAMES
      ? accept()
      : accept({ type: 'BuyerNamed', data }),
  evolve: ({ names }, { data: { name, saleId } }) =>
    // The names of whoever was erased are nobody's any more.
    ({ names: name === null ? names : [...names, { name, saleId }] }),
};

/** The first sale that called them otherwise, if this name is new for somebody who had one. */
export const otherwiseCalledIn = (
  { names }: Buyer,
  { name, saleId }: Known,
): SaleId | undefined => {
  const earlier = names.filter((known) => known.saleId !== saleId);
  return isCalled({ names: earlier }, name) ? undefined : earlier[0]?.saleId;
};
