import type { Reply } from '../../support/a-user.ts';
import { command, left, leaving, query, type Call, type Stage } from '../call.ts';

const EVENTS = 'get /v1/audit/events';
const STREAM = 'get /v1/audit/streams/{stream}';
const SEAL = 'post /v1/seals';
const PROOF = 'get /v1/audit/seals/{id}/proof';

/** What is under every first seal: the first thing that ever happened. */
const proof = async (stage: Stage): Promise<Reply> => {
  const { auditor } = stage;
  const { body } = await auditor.get('/v1/audit/events?limit=1');
  const [event] = (body as { readonly items: readonly { readonly id: string }[] }).items;
  const id = left(stage, 'seal');
  return auditor.get(`/v1/audit/seals/${id}/proof?event=${event?.id ?? ''}`);
};

const MOST_ATTEMPTS = 20;

/** Until nothing happens between two seals: jobs have things to put on record at any time. */
const sealedAlready = async ({ operator }: Stage): Promise<Reply> => {
  let reply = await operator.post('/v1/seals');
  for (let nth = 1; reply.status !== 200 && nth < MOST_ATTEMPTS; nth++)
    reply = await operator.post('/v1/seals');
  return reply;
};

export const audit: readonly Call[] = [
  query(EVENTS, 200, ({ auditor }) => auditor.get('/v1/audit/events?limit=5')),
  query(EVENTS, 200, ({ auditor }) =>
    auditor.get('/v1/audit/events?type=CompanyOpened', { accept: 'text/csv' }),
  ),
  query(STREAM, 200, ({ auditor }) => auditor.get('/v1/audit/streams/company-1')),
  command(SEAL, 201, (stage) => leaving(stage, 'seal', stage.auditor.post('/v1/seals'))),
  command(SEAL, 200, sealedAlready),
  query('get /v1/audit/seals', 200, ({ auditor }) => auditor.get('/v1/audit/seals')),
  query('get /v1/audit/seals/{id}', 200, (stage) =>
    stage.auditor.get(`/v1/audit/seals/${left(stage, 'seal')}`),
  ),
  query(PROOF, 200, proof),
];
