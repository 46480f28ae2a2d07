import { expect } from 'chai';
import { keyedHash } from '#shared/kernel/personal.ts';
import { refreshTokens } from './refresh-tokens.ts';

const session = '5d0b2a52-3c5e-5a0e-9d0a-0000000000d1';
const other = '5d0b2a52-3c5e-5a0e-9d0a-0000000000d2';
const tokens = refreshTokens(keyedHash(Buffer.alloc(32, 1)));

describe('A refresh token', () => {
  it('says which session it is for, and has the hash that it was made with', () => {
    const { token, hash } = tokens.make(session);
    expect(tokens.read(token)).to.deep.equal({ sessionId: session, hash });
  });

  it('is never the same twice', () => {
    expect(tokens.make(session).token).not.to.equal(tokens.make(session).token);
  });

  it('is not what is kept of it', () => {
    const { token, hash } = tokens.make(session);
    for (const part of token.split('.')) expect(hash).not.to.include(part);
  });

  it('is none of ours when anything in it was altered', () => {
    const { token } = tokens.make(session);
    const [, secret = '', seal = ''] = token.split('.');
    const altered = [
      `${other}.${secret}.${seal}`,
      `${session}.${secret.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}.${seal}`,
      `${session}.${secret}.${'0'.repeat(64)}`,
      `${session}.${secret}`,
      `${token}0`,
      '',
    ];
    for (const text of altered) expect(tokens.read(text), text).to.equal(undefined);
  });

  it('is none of ours when somebody else made it', () => {
    const { token } = refreshTokens(keyedHash(Buffer.alloc(32, 2))).make(session);
    expect(tokens.read(token)).to.equal(undefined);
  });
});
