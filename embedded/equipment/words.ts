import { chance, type Said } from './answers.ts';

/** A request, as far as equipment cares: what it is about, and how it is answered. */
export type Request = {
  readonly transaction: string;
  readonly reply: (says: Said['says'], seed: string) => string;
};

const TEXT = /^transaction \{(\d+)\}\s*$/;

/** The old sentences; some equipment ends them with a line, and some does not. */
export const textRequest = (payload: string): Request | undefined => {
  const number = TEXT.exec(payload)?.[1];
  if (number === undefined) return undefined;
  return {
    transaction: number,
    reply: (says, seed) => {
      if (says === 'garbled') return `c0nf#rm trans {${number}`;
      const newline = chance(seed, number, 'newline') < 0.5 ? '\n' : '';
      return `${says} transaction {${number}}${newline}`;
    },
  };
};

type Asked = { readonly correlationId?: unknown; readonly number?: unknown; station?: unknown };

export const jsonRequest = (payload: string): Request | undefined => {
  try {
    const { correlationId, number, station } = JSON.parse(payload) as Asked;
    if (typeof number !== 'number') return undefined;
    return {
      transaction: String(number),
      reply: (says) =>
        says === 'garbled'
          ? '{"correlationId":'
          : JSON.stringify({ correlationId, number, station, verdict: says }),
    };
  } catch {
    return undefined;
  }
};
