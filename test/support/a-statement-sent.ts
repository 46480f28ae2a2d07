import type { Reply } from './a-user.ts';

/** Sends a statement as a client does, and reads the answer. */
export const sendStatement = async (
  commandApi: string,
  query: Readonly<Record<string, string>>,
  body: string | ReadableStream<Uint8Array>,
  headers: Readonly<Record<string, string>>,
): Promise<Reply> => {
  const answer = await fetch(
    `${commandApi}/v1/conciliations?${String(new URLSearchParams(query))}`,
    {
      method: 'POST',
      headers: { 'content-type': 'text/csv', ...headers },
      body,
      duplex: 'half',
    } as RequestInit,
  );
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
};
