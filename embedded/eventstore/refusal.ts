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
  | { readonly reason: 'not-writable'; readonly detail: string };

/** Ends the handling of a request that makes no sense, wherever that shows. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

export type Endpoint = { readonly host: string; readonly port: number };

/** Why a call is not taken, whatever it asks for. */
export type Rejection =
  /** The caller is not who it says it is. */
  | { readonly reason: 'unauthenticated' }
  /** It does not say who it is, and one has to. */
  | { readonly reason: 'anonymous' }
  /** Another node leads, and that one is to be asked. */
  | { readonly reason: 'not-leader'; readonly leader: Endpoint }
  | { readonly reason: 'busy' }
  | { readonly reason: 'stopping' };

/** Ends a call, however far it has got. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
  readonly rejection: Rejection;
  constructor(rejection: Rejection) {
    super(rejection.reason);
    this.rejection = rejection;
  }
}

/** Whether it was the caller's doing, or is as it should be; anything else is a fault. */
export const isForeseen = (error: unknown): boolean =>
  error instanceof Refused || error instanceof Rejected;

export const badRequest = (detail: string): Refused =>
  new Refused({ reason: 'bad-request', detail });
