import { expect } from 'chai';
import type { ProductAnswer } from '#shared/favourite/ports.ts';
import type { ProductId } from '#shared/ids.ts';
import { sharing } from './sharing.ts';

const [one, other] = ['one', 'other'] as [ProductId, ProductId];
const unknown: ProductAnswer = { outcome: 'unknown' };

/** A partner that answers when it is told to. */
const aPartner = () => {
  const calls: { readonly id: ProductId; answer: () => void; cut: boolean }[] = [];
  const ask = sharing(
    (id, signal) =>
      new Promise((resolve, reject) => {
        const call = {
          id,
          answer: () => {
            resolve(unknown);
          },
          cut: false,
        };
        calls.push(call);
        signal?.addEventListener('abort', () => {
          call.cut = true;
          reject(new Error('cut off'));
        });
      }),
  );
  return { calls, ask };
};
const failed = (asked: Promise<unknown>) =>
  asked.then(
    () => 'no',
    (error: unknown) => error,
  );

describe('A call about a product', () => {
  it('is one for all who ask at the same moment, and another afterwards', async () => {
    const { calls, ask } = aPartner();
    const answers = Array.from({ length: 50 }, () => ask(one));
    const another = ask(other);
    expect(calls.map(({ id }) => id)).to.deep.equal([one, other]);
    for (const { answer } of calls) answer();
    expect(new Set(await Promise.all([...answers, another]))).to.deep.equal(new Set([unknown]));
    void ask(one);
    expect(calls).to.have.length(3);
  });

  it('goes on for the others when one of them stops, and is cut off when all have', async () => {
    const { calls, ask } = aPartner();
    const [first, second] = [new AbortController(), new AbortController()];
    const asked = [ask(one, first.signal), ask(one, second.signal)] as const;
    first.abort();
    expect(await failed(asked[0])).to.have.property('name', 'AbortError');
    expect(calls[0]?.cut).to.equal(false);
    second.abort();
    expect(await failed(asked[1])).to.have.property('name', 'AbortError');
    expect(calls[0]?.cut).to.equal(true);
    void ask(one);
    expect(calls).to.have.length(2);
  });

  it('is not begun for whoever has stopped before', async () => {
    const { calls, ask } = aPartner();
    expect(await failed(ask(one, AbortSignal.abort()))).to.have.property('name', 'AbortError');
    expect(calls).to.deep.equal([]);
  });
});
