import canonicalize from 'canonicalize';
import { expect } from 'chai';
import type { StoredEvent } from '#shared/kernel/stored-log.ts';
import { canonicalJson, hashOfLeaf } from '../../test/support/rfc6962.ts';
import { leafOf, leafText } from './leaf.ts';

const event: StoredEvent = {
  position: 12_345_678_901_234_567n,
  stream: 'sale-1',
  revision: 3n,
  id: '0190a1de-0000-5000-8000-0000000000e1',
  type: 'SaleReceived',
  data: { name: 'sealed:1:abc', lines: [{ qty: 1, value: 1e21 }], é: true, a: null },
  metadata: { actor: { role: 'erp', id: 'shop' }, $correlationId: 'c' },
};

describe('Canonical JSON', () => {
  it('is that of the example of RFC 8785, 3.2.2', () => {
    const input: unknown = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
        '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    expect(canonicalize(input)).to.equal(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts names as RFC 8785, 3.2.3 does', () => {
    const input = {
      '€': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      1: 'One',
      '😀': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      ö: 'Latin Small Letter O With Diaeresis',
    };
    const sorted = JSON.parse(
      `[${(canonicalize(input) ?? '').slice(1, -1).replaceAll(/("[^"]*"):"[^"]*"/g, '$1')}]`,
    ) as unknown;
    expect(sorted).to.deep.equal(['\r', '1', '\u0080', 'ö', '€', '😀', '\ufb33']);
  });

  it('writes numbers as RFC 8785, appendix B does', () => {
    const numbers: readonly (readonly [bits: string, text: string])[] = [
      ['0000000000000000', '0'],
      ['8000000000000000', '0'],
      ['0000000000000001', '5e-324'],
      ['7fefffffffffffff', '1.7976931348623157e+308'],
      ['4340000000000000', '9007199254740992'],
      ['44b52d02c7e14af6', '1e+23'],
      ['444b1ae4d6e2ef50', '1e+21'],
      ['3eb0c6f7a0b5ed8d', '0.000001'],
      ['41b3de4355555553', '333333333.3333332'],
      ['becbf647612f3696', '-0.0000033333333333333333'],
    ];
    for (const [bits, text] of numbers)
      expect(canonicalize(Buffer.from(bits, 'hex').readDoubleBE())).to.equal(text);
  });
});

describe('The leaf of an event', () => {
  it('is canonical JSON of all that is stored of it, its numbers as decimal strings', () => {
    expect(leafText(event)).to.equal(
      '{"data":{"a":null,"lines":[{"qty":1,"value":1e+21}],"name":"sealed:1:abc","é":true},' +
        '"id":"0190a1de-0000-5000-8000-0000000000e1",' +
        '"metadata":{"$correlationId":"c","actor":{"id":"shop","role":"erp"}},' +
        '"position":"12345678901234567","revision":"3","stream":"sale-1","type":"SaleReceived"}',
    );
  });

  it('is hashed as another implementation does', () => {
    const { position, revision, ...rest } = event;
    const plain = { ...rest, position: String(position), revision: String(revision) };
    expect(leafOf(event)).to.deep.equal(hashOfLeaf(Buffer.from(canonicalJson(plain))));
  });

  it('changes with whatever is changed', () => {
    const changes: readonly Partial<StoredEvent>[] = [
      ...[{ position: 1n }, { stream: 'sale-2' }, { revision: 4n }, { id: 'another' }],
      ...[{ type: 'SaleRefused' }, { data: {} }, { metadata: {} }, { data: null }],
    ];
    const leaves = changes.map((change) => leafText({ ...event, ...change }));
    expect(new Set([leafText(event), ...leaves]).size).to.equal(changes.length + 1);
  });

  it('can be had of what is no text in Unicode, too', () => {
    const half = { ...event, data: { text: 'a\ud800', list: ['\udfff'] } };
    expect(leafText(half)).to.include('"list":["\ufffd"],"text":"a\ufffd"');
  });
});
