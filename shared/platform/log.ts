import { pino, type DestinationStream, type Logger } from 'pino';

/** What a child is bound to would be written without being looked at, so there are none. */
export type Log = Pick<Logger, 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'level'>;

/** What must never be written down, wherever in a log line it stands. */
const SECRET: ReadonlySet<string> = new Set([
  ...['password', 'token', 'authorization', 'cpf', 'email', 'name', 'document'],
]);
const HIDDEN = '[hidden]';
const DEEPEST_FIELD = 6;

/** Query strings can hold a CPF or an e-mail, and error messages the URL that was asked for. */
const withoutQuery = (text: string) => text.replaceAll(/(https?:\/\/[^\s?]+)\?\S*/g, '$1?…');
/** Digits in the form of a CPF, and whatever looks like an e-mail address or a JWT. */
const withoutPeople = (text: string) =>
  text
    .replaceAll(/\b\d{3}\.?\d{3}\.?\d{3}-?\d{2}\b/g, '[cpf]')
    .replaceAll(/[\w.+-]+@[\w-]+\.[\w.-]+/g, '[email]')
    .replaceAll(/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '[token]');

/** What an error says, as it may be kept and shown to operators: in one piece, naming nobody. */
export const saidBy = (error: unknown): string =>
  withoutPeople(withoutQuery(error instanceof Error ? error.message : String(error)));

const shown = (error: unknown): object => {
  if (!(error instanceof Error)) return { message: saidBy(error) };
  const { name, stack, cause } = error;
  return {
    type: name,
    message: saidBy(error),
    stack: withoutPeople(withoutQuery(stack ?? '')),
    ...('code' in error && { code: error.code }),
    ...(cause !== undefined && { cause: shown(cause) }),
  };
};

const hasToJson = (value: object): value is { toJSON: () => unknown } =>
  'toJSON' in value && typeof value.toJSON === 'function';

/** A field as it may be written down. Errors have a form of their own. */
const harmless = (value: unknown, levels = DEEPEST_FIELD): unknown => {
  if (typeof value === 'string') return withoutPeople(withoutQuery(value));
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (levels === 0) return '…';
  if (hasToJson(value)) return harmless(value.toJSON(), levels - 1);
  if (Array.isArray(value)) return value.map((one) => harmless(one, levels - 1));
  return harmlessFields(value, levels);
};

const harmlessFields = (fields: object, levels = DEEPEST_FIELD): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      SECRET.has(name) ? HIDDEN : harmless(value, levels - 1),
    ]),
  );

const errorIn = (said: unknown): Error | undefined => {
  if (said instanceof Error) return said;
  if (typeof said !== 'object' || said === null || !('err' in said)) return undefined;
  return said.err instanceof Error ? said.err : undefined;
};

/** An error without a word about it would be quoted in full. */
const inWords = (said: readonly unknown[]): unknown[] => {
  const error = said.length === 1 ? errorIn(said[0]) : undefined;
  return [...said, ...(error ? [saidBy(error)] : [])].map((one) =>
    typeof one === 'string' ? withoutPeople(withoutQuery(one)) : one,
  );
};

/**
 * Written at once. What is still to be written when a process ends would be tried again for ever,
 * by a process that does nothing else any more, if nobody reads: its supervisor was killed.
 */
const standardOutput = () => pino.destination({ dest: 1, sync: true });

/** JSON lines, to standard output if nowhere else; no CPF, e-mail, name or token gets through. */
export const logger = (process: string, level: string, to?: DestinationStream): Log =>
  pino(
    {
      level,
      base: { process },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: harmlessFields,
      },
      serializers: { err: shown, error: shown },
      hooks: {
        logMethod(said, method) {
          method.apply(this, inWords(said) as Parameters<typeof method>);
        },
      },
    },
    to ?? standardOutput(),
  );
