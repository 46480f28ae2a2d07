import { expect } from 'chai';
import fc from 'fast-check';
import { LARGEST_NUMBER, swapIdOf } from '#shared/swap/number.ts';
import { LONGEST_REPLY_BYTES } from './replies.ts';
import { textReply, textRequest } from './text-form.ts';

const heard = (text: string) => textReply(Buffer.from(text));

describe('The text form', () => {
  it('asks in the words of the partner, braces and all', () => {
    expect(textRequest(14)).to.equal('transaction {14}');
  });

  it('understands both sentences, with or without a line’s end', () => {
    const swapId = swapIdOf(14);
    for (const end of ['', '\n', '\r\n']) {
      expect(heard(`confirm transaction {14}${end}`)).to.deep.equal({ swapId, says: 'confirm' });
      expect(heard(`error transaction {14}${end}`)).to.deep.equal({ swapId, says: 'error' });
    }
  });

  it('understands what it asked, whatever the number', () => {
    const numbers = fc.integer({ min: 1, max: LARGEST_NUMBER });
    fc.assert(
      fc.property(numbers, fc.constantFrom('confirm', 'error'), (number, says) => {
        expect(heard(`${says} ${textRequest(number)}`)).to.deep.equal({
          ...{ swapId: swapIdOf(number), says },
        });
      }),
      { seed: 1 },
    );
  });

  it('does not believe what is nearly a sentence, but knows what it is about', () => {
    for (const text of [
      ...['Confirm transaction {14}', ' confirm transaction {14}', 'confirm transaction {14} '],
      ...['confirm transaction {14}\n\n', 'confirm  transaction {14}', 'confirm {14}', '{14}'],
      ...['confirm transaction {14}\nerror', 'confirmed transaction {14}'],
    ])
      expect(heard(text), JSON.stringify(text)).to.deep.equal({
        ...{ swapId: swapIdOf(14), says: 'garbled' },
      });
  });

  it('makes nothing of what names no transaction, or two', () => {
    for (const text of [
      ...['', 'bip', 'confirm transaction 14', 'confirm transaction {}', 'transaction {0}'],
      ...['confirm transaction {014}', 'confirm transaction {-1}', 'confirm transaction {1.5}'],
      ...['confirm transaction {999999999999999}', 'confirm transaction {14} {15}'],
      `confirm transaction {14}${' '.repeat(LONGEST_REPLY_BYTES)}`,
    ])
      expect(heard(text), JSON.stringify(text)).to.equal(undefined);
  });

  it('takes no garbage for a verdict', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const said = textReply(Buffer.from(bytes))?.says;
        expect(said).to.be.oneOf([undefined, 'garbled']);
      }),
      { seed: 1 },
    );
    const nearly = fc.stringMatching(
      /^(confirm|error|konfirm)? ?transaction \{[0-9-]{0,3}\}.{0,2}$/,
    );
    fc.assert(
      fc.property(nearly, (text) => {
        const isSentence = /^(confirm|error) transaction \{[1-9]\d*\}(\r?\n)?$/.test(text);
        const said = heard(text)?.says;
        expect(said === 'confirm' || said === 'error', JSON.stringify(text)).to.equal(isSentence);
      }),
      { seed: 1 },
    );
  });
});
