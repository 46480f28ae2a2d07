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

export const audit: readonly Call[] = [
  query(EVENTS, 200, ({ auditor }) => auditor.get('/v1/audit/events?limit=5')),
  query(EVENTS, 200, ({ auditor }) =>
    auditor.get('/v1/audit/events?type=CompanyOpened', { accept: 'text/csv' }),
  ),
  query(STREAM, 200, ({ auditor }) => auditor.get('/v1/audit/streams/company-1')),
  command(SEAL, 201, (stage) => leaving(stage, 'seal', stage.auditor.post('/v1/seals'))),
  command(SEAL, 200, ({ operator }) => operator.post('/v1/seals')),
  query('get /v1/audit/seals', 200, ({ auditor }) => auditor.get('/v1/audit/seals')),
  query('get /v1/audit/seals/{id}', 200, (stage) =>
    stage.auditor.get(`/v1/audit/seals/${left(stage, 'seal')}`),
  ),
  query(PROOF, 200, proof),
];
