import { expect } from 'chai';
import { balance, credit, productById, productPage } from './partners.ts';

type Product = { readonly id: string; readonly price: number; readonly reviewScore?: number };
type Page = { readonly meta: object; readonly products: readonly Product[] };

const noon = '2026-01-15T12:00:00Z';
const page = (n?: unknown) => productPage(n).body as Page;

describe('The balance API', () => {
  it('tells the same credit for the same digits, whatever the check digits', () => {
    const answer = balance('12312312323', 'token', 'token');
    expect(answer).to.deep.equal({
      status: 200,
      body: { statusCode: 200, body: { credit: 2_323 } },
    });
    expect(balance('12312312323', 'token', 'token')).to.deep.equal(answer);
  });

  it('refuses in the inner status only', () => {
    for (const [cpf, token, statusCode] of [
      ['12312312323', 'wrong', 401],
      ['12312312323', undefined, 401],
      ['123.123.123-23', 'token', 400],
      [undefined, 'token', 400],
    ] as const) {
      const { status, body } = balance(cpf, token, 'token');
      expect(status).to.equal(200);
      expect(body).to.have.property('statusCode', statusCode);
      expect(body).to.have.nested.property('body.message');
    }
  });
});

describe('The cashback API', () => {
  it('says what it has credited, and under which id', () => {
    const asked = { document: '52998224725', cashback: '14.00' };
    expect(credit(asked, '7', noon)).to.deep.equal({
      status: 201,
      body: { createdAt: noon, message: 'Cashback criado com sucesso!', id: '7', ...asked },
    });
  });

  it('refuses what names nobody or no amount', () => {
    for (const body of [undefined, {}, { document: '52998224725' }, { document: 1, cashback: '1' }])
      expect(credit(body, '7', noon).status).to.equal(400);
  });
});

describe('The product API', () => {
  it('has a catalogue in pages of a hundred, counted from 1, no product in two of them', () => {
    const ids = new Set<string>();
    for (let n = 1; n <= 25; n++) {
      expect(page(String(n)).meta).to.deep.equal({ page_number: n, page_size: 100 });
      for (const { id } of page(String(n)).products) ids.add(id);
    }
    expect(ids.size).to.equal(2_500);
    expect(page('26').products).to.deep.equal([]);
    expect(page()).to.deep.equal(page('1'));
    for (const wrong of ['0', '-1', 'x', '1.5']) expect(productPage(wrong).status).to.equal(400);
  });

  it('has the same products today and after a restart, some without a review', () => {
    const [first] = page('1').products;
    expect(first).to.deep.include({
      id: 'fe54a1e5-e3e9-5242-a3c9-a39fb2413322',
      title: 'Cafeteira clássica 1',
      price: 99.09,
    });
    const { products } = page('1');
    expect(products.filter((product) => 'reviewScore' in product).length).to.equal(80);
    for (const { reviewScore = 1 } of products) expect(reviewScore).to.be.within(1, 5);
    for (const { price } of products) expect(price).to.equal(Number(price.toFixed(2)));
  });

  it('finds a product by its id, and says which it has not', () => {
    const [first] = page('1').products;
    expect(productById(first?.id ?? '')).to.deep.equal({ status: 200, body: first });
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect(productById(unknown)).to.deep.equal({
      status: 404,
      body: { error_message: `Product ${unknown} not found`, code: 'not_found' },
    });
  });
});
