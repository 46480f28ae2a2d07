import escapeHtml from 'escape-html';
import type { ActivationEvent } from '#shared/activation/events.ts';

/** What a customer is told, in Portuguese: they are in Brazil. */
export type Letter = { readonly subject: string; readonly text: string; readonly html: string };

type Content = {
  readonly subject: string;
  readonly paragraphs: readonly string[];
};

const names: Readonly<Record<string, string>> = { 'direct-debit': 'débito automático' };
const nameOf = (product: string) => names[product] ?? product;

const because = (reason: string | undefined) =>
  reason === undefined ? [] : [`Motivo informado: ${reason}`];

const contentOf = ({ type, data }: ActivationEvent, product: string): Content => {
  switch (type) {
    case 'ActivationSubmitted':
      return {
        subject: `Recebemos o seu pedido de ativação de ${product}`,
        paragraphs: [
          `Recebemos o pedido de ativação de ${product} em seu nome.`,
          'O pedido está em análise. Avisaremos por aqui assim que houver uma decisão.',
        ],
      };
    case 'ActivationApproved':
      return {
        subject: `A sua ativação de ${product} foi aprovada`,
        paragraphs: [`A ativação de ${product} foi aprovada e já está valendo.`],
      };
    case 'ActivationRejected':
      return {
        subject: `A sua ativação de ${product} não foi aprovada`,
        paragraphs: [`A ativação de ${product} não foi aprovada.`, ...because(data.reason)],
      };
    case 'ActivationCancelled':
      return {
        subject: `O pedido de ativação de ${product} foi cancelado`,
        paragraphs: [
          `O pedido de ativação de ${product} foi cancelado por quem o fez.`,
          ...because(data.reason),
        ],
      };
  }
};

const GREETING = 'Olá!';
const CLOSING = 'Esta mensagem é automática; não é preciso responder.';
const protocol = (activationId: string) => `Protocolo: ${activationId}`;

const page = (subject: string, paragraphs: readonly string[]) => `<!doctype html>
<html lang="pt-BR">
  <head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>
  <body style="font-family: sans-serif; line-height: 1.5; color: #222; max-width: 40em">
${paragraphs.map((text) => `    <p>${escapeHtml(text)}</p>`).join('\n')}
  </body>
</html>
`;

/** The same content as text and as HTML; what people wrote is escaped. */
export const letterAbout = (event: ActivationEvent, product: string): Letter => {
  const { subject, paragraphs } = contentOf(event, nameOf(product));
  const all = [GREETING, ...paragraphs, protocol(event.data.activationId), CLOSING];
  // A line break in a subject would begin a header of somebody else's choosing.
  const line = subject.replaceAll(/\s+/g, ' ');
  return { subject: line, text: `${all.join('\n\n')}\n`, html: page(line, all) };
};
