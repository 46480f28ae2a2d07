import { query, type Call } from '../call.ts';

const EVENTS = 'get /v1/audit/events';
const STREAM = 'get /v1/audit/streams/{stream}';

export const audit: readonly Call[] = [
  query(EVENTS, 200, ({ auditor }) => auditor.get('/v1/audit/events?limit=5')),
  query(EVENTS, 200, ({ auditor }) =>
    auditor.get('/v1/audit/events?type=CompanyOpened', { accept: 'text/csv' }),
  ),
  query(STREAM, 200, ({ auditor }) => auditor.get('/v1/audit/streams/company-1')),
];
