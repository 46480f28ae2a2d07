import { expect } from 'chai';
import {
  anActivation,
  approved,
  cancelled,
  rejected,
  submitted,
} from '#shared/activation/examples.ts';
import { letterAbout } from './mail.ts';

describe('A letter about an activation', () => {
  it('says what happened, in Portuguese', () => {
    const subjects = [submitted(), approved(), rejected(), cancelled()].map(
      (event) => letterAbout(event, 'direct-debit').subject,
    );
    expect(subjects).to.deep.equal([
      'Recebemos o seu pedido de ativação de débito automático',
      'A sua ativação de débito automático foi aprovada',
      'A sua ativação de débito automático não foi aprovada',
      'O pedido de ativação de débito automático foi cancelado',
    ]);
  });

  it('says the same as text and as HTML, and what to refer to', () => {
    const { text, html } = letterAbout(approved(), 'direct-debit');
    for (const said of ['débito automático foi aprovada', `Protocolo: ${anActivation}`]) {
      expect(text).to.include(said);
      expect(html).to.include(said);
    }
  });

  it('gives the reason of a rejection', () => {
    expect(letterAbout(rejected(), 'direct-debit').text).to.include(
      'Motivo informado: No contract',
    );
  });

  it('shows what people wrote, and lets none of it become markup or a header', () => {
    const { subject, text, html } = letterAbout(approved(), '<b>\r\nBcc: eve@example.com');
    expect(html).to.include('&lt;b&gt;').and.not.include('<b>');
    expect(text).to.include('<b>');
    expect(subject).to.not.match(/[\r\n]/);
  });
});
