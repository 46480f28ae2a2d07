import { expect } from 'chai';
import { comparableEmail } from './email.ts';

describe('An e-mail', () => {
  it('is the same in capitals, and with spaces around it', () => {
    expect(comparableEmail(' Ana@Example.COM ')).to.equal('ana@example.com');
  });

  it('is the same however an accent was typed', () => {
    expect(comparableEmail('jose\u0301@example.com')).to.equal(
      comparableEmail('jos\u00e9@example.com'),
    );
  });
});
