/**
 * A server that is there already: the suites say of it what they say of ours. Empty or unset, they
 * start an embedded node.
 */
export const GIVEN_URL = process.env['EVENTSTORE_URL'] ?? '';
