import { expect } from 'chai';
import type { Report } from '#shared/conciliation/report.ts';
import type { AUser, Reply } from './a-user.ts';
import { waitUntil } from './wait-until.ts';

const LONGEST_WAIT_MS = 60_000;

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

/** A body whose sender goes away after this much of it. */
export const brokenOff = (text: string): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>({
    start: (stream) => {
      stream.enqueue(Buffer.from(text));
    },
    pull: (stream) => {
      stream.error(new Error('The sender went away'));
    },
  });

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

/** Of a statement that was sent, once there is one. */
export const reportOf = async (user: AUser, sent: Reply): Promise<Report> => {
  const { id } = sent.body as { readonly id: string };
  const headers = { 'Min-Log-Position': sent.headers.get('log-position') ?? '' };
  let report: Report | undefined;
  await waitUntil(
    'there is a report',
    async () => {
      const { status, body } = await user.get(`/v1/conciliations/${id}`, headers);
      report = status === 200 ? (body as Report) : undefined;
      return report?.status === 'COMPLETED';
    },
    LONGEST_WAIT_MS,
  );
  return report ?? expect.fail('There is no report');
};

/** Says of each item at which somebody has to look that it is explained. */
export const explainAll = async (user: AUser, id: string): Promise<void> => {
  const path = `/v1/conciliations/${id}/items`;
  const items = (await everyPage(user, path, 200)) as readonly { readonly id: string }[];
  const said = { resolution: 'EXPLAINED', reason: 'It was looked at' };
  for (const { id: item } of items) await user.post(`${path}/${item}/resolve`, said);
};
