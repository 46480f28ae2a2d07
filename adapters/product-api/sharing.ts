import type { AskForProduct, ProductAnswer } from '#shared/favourite/ports.ts';
import type { ProductId } from '#shared/ids.ts';

type Call = {
  readonly answer: Promise<ProductAnswer>;
  readonly cut: AbortController;
  waiting: number;
};

/**
 * One call for each product, however many ask at the same moment. Whoever stops leaves the others
 * waiting; the call is cut off when all who asked have stopped.
 */
export const sharing = (ask: AskForProduct): AskForProduct => {
  const underWay = new Map<ProductId, Call>();

  const begin = (id: ProductId): Call => {
    const cut = new AbortController();
    const forget = () => {
      if (underWay.get(id) === call) underWay.delete(id);
    };
    const answer = ask(id, cut.signal).finally(forget);
    const call = { answer, cut, waiting: 0 };
    underWay.set(id, call);
    return call;
  };

  return (id, signal) => {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const call = underWay.get(id) ?? begin(id);
    call.waiting += 1;
    return new Promise((resolve, reject) => {
      const leave = () => {
        reject(signal?.reason as Error);
        call.waiting -= 1;
        if (call.waiting > 0) return;
        underWay.delete(id);
        call.cut.abort();
      };
      signal?.addEventListener('abort', leave, { once: true });
      call.answer.then(resolve, reject).finally(() => {
        signal?.removeEventListener('abort', leave);
      });
    });
  };
};
