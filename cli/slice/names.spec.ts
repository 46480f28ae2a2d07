import { expect } from 'chai';
import { filled, formsOf, isCapability } from './names.ts';

describe('The name of a capability', () => {
  it('is one or more words of small letters', () => {
    for (const name of ['voucher', 'gift-card', 'a'])
      expect(isCapability(name), name).to.equal(true);
    for (const name of ['', 'Voucher', 'gift_card', 'gift--card', '-gift', '../x', 'a'.repeat(41)])
      expect(isCapability(name), name).to.equal(false);
  });

  it('is written as each kind of place writes it', () => {
    const forms = Object.fromEntries(formsOf('loyalty-story'));
    expect(forms).to.include({
      ...{ name: 'loyalty-story', names: 'loyalty-stories' },
      ...{ camel: 'loyaltyStory', camels: 'loyaltyStories' },
      ...{ Name: 'LoyaltyStory', Names: 'LoyaltyStories' },
      ...{ snake: 'loyalty_story', snakes: 'loyalty_stories' },
      ...{ words: 'loyalty story', Words: 'Loyalty story' },
    });
    expect(formsOf('batch').get('names')).to.equal('batches');
    expect(formsOf('day').get('names')).to.equal('days');
  });

  it('fills every blank, and overlooks none', () => {
    expect(filled('{{Name}} of {{names}}', formsOf('voucher'))).to.equal('Voucher of vouchers');
    expect(() => filled('{{nmae}}', formsOf('voucher'))).to.throw('{{nmae}}');
  });
});
