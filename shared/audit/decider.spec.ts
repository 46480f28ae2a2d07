import { specFor } from '#shared/testing/spec-for.ts';
import { sealChain } from './decider.ts';
import { anotherRoot, aRoot, makeSeal, sealMade } from './examples.ts';

describe('Seals', () => {
  it('begin with one that covers the log from its beginning', () => {
    specFor(sealChain)
      .given()
      .when(makeSeal())
      .thenOnce(sealMade())
      .thenRefused('seal-out-of-line');
  });

  it('are a chain: each begins where the last one ends, and holds its root', () => {
    specFor(sealChain)
      .given(sealMade())
      .when(makeSeal({ from: '900', to: '1700', root: anotherRoot }))
      .thenOnce(sealMade({ from: '900', to: '1700', root: anotherRoot, previous: aRoot }))
      .thenRefused('seal-out-of-line');
  });

  it('leave no gap and no overlap', () => {
    for (const from of [null, '899', '901'])
      specFor(sealChain)
        .given(sealMade())
        .when(makeSeal({ from, to: '1700' }))
        .thenRefused('seal-out-of-line');
  });

  it('are of something', () => {
    specFor(sealChain)
      .given()
      .when(makeSeal({ events: 0 }))
      .thenRefused('nothing-to-seal');
  });
});
