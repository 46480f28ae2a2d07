import { expect } from 'chai';
import type { Reply } from './a-user.ts';

export type Body = Readonly<Record<string, unknown>>;

/** The body, if the status is the one that is meant. */
export const read = ({ status, body }: Reply, expected = 200): Body => {
  expect(status, JSON.stringify(body)).to.equal(expected);
  return body as Body;
};

/** Asks for an answer that knows of this one; without a position of its own, it is refused. */
export const upTo = ({ headers }: Reply) => ({
  'Min-Log-Position': headers.get('log-position') ?? 'none',
});
