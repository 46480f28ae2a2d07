import { expect } from 'chai';
import { maskedName, maskedPointer, maskedReceived, maskedText } from './masking.ts';

describe('What is said of somebody, for those who may not know who it is,', () => {
  it('shows how a name begins', () => {
    const names = { 'JOSE DA SILVA': 'J***', ' Ângela': 'Â***', '🎉': '🎉***', '': '***' };
    for (const [name, masked] of Object.entries(names)) expect(maskedName(name)).to.equal(masked);
  });

  it('shows the middle of a CPF wherever it stands in a text, and no name', () => {
    const text = '{"document":"52998224725","cpf":"529.982.247-25","name":"JOSE (JOSE)"}';
    expect(maskedText(text, 'JOSE')).to.equal(
      '{"document":"***.982.247-**","cpf":"***.982.247-**","name":"J*** (J***)"}',
    );
    expect(maskedText('{"id":"77","cashback":"14.00"}', null)).to.equal(
      '{"id":"77","cashback":"14.00"}',
    );
    expect(maskedText('nothing', '')).to.equal('nothing');
  });

  it('shows of what was sent only what is in its place and form', () => {
    const sent = {
      sold_at: '2026-01-02 00:00:00',
      customer: { document: '529.982.247-25', name: 'JOSE', email: 'jose@example.com' },
      total: '10,00',
      products: [
        { type: 'A', value: '10.00', qty: 1, note: 'for JOSE' },
        { type: 'JOSE DA SILVA', value: '52998224725', qty: 52998224725 },
        'JOSE',
      ],
      JOSE: 1,
    };
    expect(maskedReceived(sent)).to.deep.equal({
      sold_at: '2026-01-02 00:00:00',
      customer: { document: '***.982.247-**', name: 'J***' },
      total: '10,00',
      products: [
        { type: 'A', value: '10.00', qty: 1 },
        { type: '***', value: '***', qty: '***' },
        {},
      ],
    });
  });

  it('shows nothing of what is no sale', () => {
    for (const sent of [null, 7, 'JOSE', ['JOSE'], { JOSE: 'JOSE' }])
      expect(maskedReceived(sent)).to.deep.equal({});
    expect(
      maskedReceived({ customer: 'JOSE', total: { JOSE: 1 }, products: 'JOSE' }),
    ).to.deep.equal({
      customer: {},
      total: '***',
      products: '***',
    });
    expect(maskedReceived({ customer: { document: 'JOSE', name: 1 } })).to.deep.equal({
      customer: { document: '***', name: '***' },
    });
  });

  it('points at no name that somebody chose', () => {
    expect(maskedPointer('/customer/JOSE', 'additional-properties')).to.equal('/customer/***');
    expect(maskedPointer('/products/0/qty', 'minimum')).to.equal('/products/0/qty');
  });
});
