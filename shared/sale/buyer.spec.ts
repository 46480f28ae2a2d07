import { expect } from 'chai';
import { specFor } from '#shared/testing/spec-for.ts';
import { buyer, MOST_NAMES, otherwiseCalledIn, type BuyerCommand } from './buyer.ts';
import { aBuyer, anotherSale, aSale, buyerNamed, noon } from './examples.ts';
import type { BuyerEvent } from './events.ts';

const { given } = specFor(buyer);
const nameBuyer = (name = 'JOSE DA SILVA', saleId = aSale): BuyerCommand => ({
  type: 'NameBuyer',
  data: { subjectId: aBuyer, saleId, name, at: noon },
});
const known = (...events: BuyerEvent[]) => events.reduce(buyer.evolve, buyer.initialState);

describe('A buyer', () => {
  it('is called what their first sale says, and whatever else later ones say', () => {
    given().when(nameBuyer()).then(buyerNamed());
    given(buyerNamed())
      .when(nameBuyer('MARIA', anotherSale))
      .then(buyerNamed('MARIA', anotherSale));
  });

  it('is called the same however it is written', () => {
    for (const name of ['José da Silva', 'jose  da silva ', 'JOSE\u0301 DA SILVA'])
      given(buyerNamed()).when(nameBuyer(name)).then();
  });

  it('has no end of names, of which no more are kept than make sense', () => {
    const names = Array.from({ length: MOST_NAMES }, (_, nth) => buyerNamed(`NAME ${nth}`));
    given(...names)
      .when(nameBuyer('ONE MORE'))
      .then();
  });

  it('known by another name is noticed, when the name is new', () => {
    const two = known(buyerNamed(), buyerNamed('MARIA', anotherSale));
    expect(otherwiseCalledIn(known(), { name: 'JOSE', saleId: aSale })).to.equal(undefined);
    expect(otherwiseCalledIn(two, { name: 'MARIA', saleId: anotherSale })).to.equal(aSale);
    const third = '5d0b2a52-3c5e-5a0e-9d0a-000000000503' as typeof aSale;
    expect(otherwiseCalledIn(two, { name: 'Maria', saleId: third })).to.equal(undefined);
    expect(otherwiseCalledIn(two, { name: 'ANA', saleId: third })).to.equal(aSale);
  });

  it('does not contradict the sale that first called them so, when that comes again', () => {
    expect(
      otherwiseCalledIn(known(buyerNamed()), { name: 'JOSE DA SILVA', saleId: aSale }),
    ).to.equal(undefined);
  });

  it('who was erased is called nothing', () => {
    const erased = { type: 'BuyerNamed', data: { ...buyerNamed().data, name: null } } as const;
    expect(known(erased)).to.deep.equal({ names: [] });
  });
});
