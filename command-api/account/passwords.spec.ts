import { expect } from 'chai';
import type { Rejected } from '#shared/platform/http/problem.ts';
import { passwords } from './passwords.ts';

describe('Passwords', () => {
  const { hash, isRight } = passwords();

  it('are kept as argon2id at the cost that OWASP recommends', async () => {
    expect(await hash('correct horse')).to.match(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('have a salt each', async () => {
    expect(await hash('correct horse')).not.to.equal(await hash('correct horse'));
  });

  it('are told from others', async () => {
    const kept = await hash('correct horse');
    expect(await isRight('correct horse', kept)).to.equal(true);
    expect(await isRight('Correct horse', kept)).to.equal(false);
  });

  it('are the same however their accents were typed', async () => {
    expect(
      await isRight('cora\u00e7\u00e3o azul', await hash('corac\u0327a\u0303o azul')),
    ).to.equal(true);
  });

  it('of nobody are never right', async () => {
    expect(await isRight('whatever', undefined)).to.equal(false);
  });

  it('of nobody wait their turn and are hashed, as those of somebody', async () => {
    const impatient = passwords({ mostWaiting: 1 });
    await impatient.isRight('whatever', undefined);
    const asked = Array.from({ length: 50 }, () => impatient.isRight('whatever', undefined));
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.filter(({ status }) => status === 'rejected')).not.to.have.length(0);
    expect(outcomes).to.deep.include({ status: 'fulfilled', value: false });
  });

  it('do not wait when too many are waiting', async () => {
    const impatient = passwords({ mostWaiting: 1 });
    const refused: unknown[] = [];
    const asked = Array.from({ length: 50 }, () =>
      impatient.hash('correct horse').catch((reason: unknown) => refused.push(reason)),
    );
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter((outcome) => typeof outcome === 'string')).not.to.have.length(0);
    expect(refused).not.to.have.length(0);
    for (const reason of refused)
      expect((reason as Rejected).problem).to.deep.include({ code: 'busy', status: 503 });
  });
});
