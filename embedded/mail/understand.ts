import { randomUUID } from 'node:crypto';
import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser';
import type { SMTPServerSession } from 'smtp-server';
import type { Mail } from './mailbox.ts';

const addresses = (found: AddressObject | AddressObject[] | undefined): string[] =>
  (found === undefined ? [] : [found].flat())
    .flatMap(({ value }) => value.flatMap(({ address, group }) => [{ address }, ...(group ?? [])]))
    .flatMap(({ address }) => (address === undefined || address === '' ? [] : [address]));

const headersOf = ({ headerLines }: ParsedMail): Record<string, string> => {
  const headers = new Map<string, string>();
  for (const { key, line } of headerLines) {
    const value = line.slice(line.indexOf(':') + 1).trim();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}\n${value}`);
  }
  return Object.fromEntries(headers);
};

/** A mail as it came over the wire, understood. */
export const mailOf = async (
  raw: Buffer,
  { envelope: { mailFrom, rcptTo } }: SMTPServerSession,
  at: string,
): Promise<Mail> => {
  const parsed = await simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true });
  return {
    id: randomUUID(),
    receivedAt: at,
    messageId: parsed.messageId ?? '',
    from: addresses(parsed.from)[0] ?? '',
    to: addresses(parsed.to),
    subject: parsed.subject ?? '',
    text: parsed.text ?? null,
    html: parsed.html === false ? null : (parsed.html ?? null),
    date: parsed.date?.toISOString() ?? null,
    headers: headersOf(parsed),
    envelope: {
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
    },
  };
};
