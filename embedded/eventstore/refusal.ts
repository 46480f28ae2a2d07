import type { Expected } from './expected-revision.ts';

/** Why a request is not carried out. `errors.ts` says each in the words of the protocol. */
export type Refusal =
  | {
      readonly reason: 'wrong-revision';
      readonly stream: string;
      readonly expected: Expected;
      /** -1 when there is no such stream. */
      readonly current: number;
    }
  | { readonly reason: 'stream-deleted'; readonly stream: string }
  | { readonly reason: 'access-denied' }
  | { readonly reason: 'append-too-large'; readonly limit: number }
  | { readonly reason: 'metadata-missing' }
  | { readonly reason: 'bad-request'; readonly detail: string }
  | { readonly reason: 'timeout' }
  /** Nothing was written, and nothing will be until an operator has seen to the disk. */
  | { readonly reason: 'not-writable'; readonly detail: string }
  | { readonly reason: 'stopping' };

/** Ends the handling of a request that makes no sense, wherever that shows. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

export const badRequest = (detail: string): Refused =>
  new Refused({ reason: 'bad-request', detail });
