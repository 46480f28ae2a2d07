import { pino, type Logger } from 'pino';

export type Log = Logger;

/** What must never be written down, wherever in a log line it stands. */
const SECRET = ['password', 'token', 'authorization', 'cpf', 'email', 'name', 'document'];
const HIDDEN = SECRET.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/** Query strings can hold a CPF or an e-mail, and error messages the URL that was asked for. */
const withoutQuery = (text: string) => text.replaceAll(/(https?:\/\/[^\s?]+)\?\S*/g, '$1?…');
/** Digits in the form of a CPF, and anything that looks like an e-mail address. */
const withoutPeople = (text: string) =>
  text
    .replaceAll(/\b\d{3}\.?\d{3}\.?\d{3}-?\d{2}\b/g, '[cpf]')
    .replaceAll(/[\w.+-]+@[\w-]+\.[\w.-]+/g, '[email]');

const shown = (error: unknown): object => {
  if (!(error instanceof Error)) return { message: withoutPeople(String(error)) };
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message: withoutPeople(withoutQuery(message)),
    stack: withoutPeople(withoutQuery(stack ?? '')),
    ...('code' in error && { code: error.code }),
    ...(cause !== undefined && { cause: shown(cause) }),
  };
};

/** JSON lines on standard output; no CPF, e-mail, name or token gets through. */
export const logger = (process: string, level: string): Log =>
  pino({
    level,
    base: { process },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: HIDDEN, censor: '[hidden]' },
    serializers: { err: shown, error: shown },
  });
