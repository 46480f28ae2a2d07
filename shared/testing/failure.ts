/** What a promise is rejected with; what it resolves to otherwise, which then is no error. */
export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((error: unknown) => error);
