export type Json = Readonly<Record<string, unknown>>;

export const ref = (kind: string, name: string): Json => ({
  $ref: `#/components/${kind}/${name}`,
});

const text = (description: string, schema: Json, more: Json = {}): Json => ({
  ...{ description, schema: { type: 'string', ...schema }, ...more },
});

/** What answers say beside their bodies. */
export const headers: Readonly<Record<string, Json>> = {
  ETag: text('The revision of the thing: send it back in `If-Match`.', {}, { required: true }),
  'ETag-of-one': text('The revision of the thing, where it is one thing.', {}),
  'Log-Position': text(
    'Where this stands in the log: send it to the query API in `Min-Log-Position`.',
    { pattern: '^\\d{1,19}$' },
  ),
  Location: text('Where the thing is read.', { format: 'uri-reference' }, { required: true }),
  'Idempotent-Replayed': text('Accepted before, under the same key: nothing was added now.', {
    const: 'true',
  }),
  'X-Correlation-Id': text('The one of the request, or one of ours.', {}, { required: true }),
  'WWW-Authenticate': text('How to say who you are.', {}, { required: true }),
  'Retry-After': text(
    'Seconds after which to ask again.',
    { pattern: '^\\d+$' },
    { required: true },
  ),
};

const given = (name: string, description: string, schema: Json): Json => ({
  ...{ name, in: 'header', required: false, description, schema: { type: 'string', ...schema } },
});

/** What requests may say by the conventions, whatever they are about. */
export const parameters: Readonly<Record<string, Json>> = {
  'Idempotency-Key': given(
    'Idempotency-Key',
    'Names the request. Sent again with the same body it is answered as it was the first time, and adds nothing.',
    { pattern: '^[\\x20-\\x7e]{1,255}$' },
  ),
  'If-Match': given(
    'If-Match',
    'The `ETag` that was read. Something else happened since: 412 `stale-revision`.',
    { maxLength: 1_024, examples: ['"3"'] },
  ),
  'Min-Log-Position': given(
    'Min-Log-Position',
    'Waits until the answer shows everything up to this position; at most five seconds.',
    { pattern: '^\\d{1,19}$' },
  ),
  Prefer: given('Prefer', '`wait=S` waits no longer than S seconds (RFC 7240).', {
    maxLength: 1_024,
    examples: ['wait=2'],
  }),
  'X-Correlation-Id': given(
    'X-Correlation-Id',
    'Goes with the request through every log line and event that follows from it.',
    { maxLength: 128 },
  ),
  traceparent: given('traceparent', 'W3C trace context.', {}),
};
