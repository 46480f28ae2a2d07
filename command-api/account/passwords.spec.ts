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

  it('of nobody are never right, and are hashed all the same', async () => {
    await isRight('whatever', undefined);
    const started = process.cpuUsage();
    expect(await isRight('whatever', undefined)).to.equal(false);
    // No clock on the wall: what counts is that the work of a hash is done.
    expect(process.cpuUsage(started).user).to.be.above(3_000);
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
