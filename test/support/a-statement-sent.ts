import type { AUser, Reply } from './a-user.ts';

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
    },
  );
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
};

/** All of a list, read a page at a time. */
export const everyPage = async (
  user: AUser,
  path: string,
  limit: number,
): Promise<readonly unknown[]> => {
  const all: unknown[] = [];
  let cursor: string | null = '';
  do {
    const { body } = await user.get(`${path}?limit=${limit}${cursor && `&cursor=${cursor}`}`);
    const page = body as { readonly items: unknown[]; readonly nextCursor: string | null };
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
};
