import { expect } from 'chai';
import {
  codesOf,
  documented,
  headersOf,
  named,
  operation,
  response,
  type Operation,
} from '#shared/testing/a-thing-document.ts';
import { route } from './route.ts';

describe('The OpenAPI document, by the conventions,', () => {
  it('shows the headers that a request may have by the conventions', () => {
    const always = ['X-Correlation-Id', 'traceparent'];
    const { parameters } = operation('post', '/v1/things/{id}/break');
    expect(named(parameters)).to.deep.equal(['id', 'Idempotency-Key', 'If-Match', ...always]);
    expect(named(operation('post', '/v1/things').parameters)).not.to.include('If-Match');
    expect(named(operation('get', '/v1/things/{id}').parameters)).to.deep.equal([
      ...['id', 'Min-Log-Position', 'Prefer', ...always],
    ]);
    expect(named(operation('post', '/v1/auth/token').parameters)).to.deep.equal(always);
  });

  it('shows the headers that an answer has by the conventions', () => {
    const [ours, command] = [['X-Correlation-Id'], ['ETag', 'Log-Position', 'Idempotent-Replayed']];
    expect(headersOf('post', '/v1/things', 201)).to.have.members([...command, 'Location', ...ours]);
    expect(headersOf('post', '/v1/things/{id}/break', 200)).to.have.members([...command, ...ours]);
    expect(headersOf('delete', '/v1/things/{id}', 204)).to.have.members([...command, ...ours]);
    expect(headersOf('get', '/v1/things/{id}', 200)).to.have.members(['ETag', ...ours]);
    expect(headersOf('get', '/v1/things', 200)).to.have.members(ours);
    expect(headersOf('get', '/v1/things/newest', 200)).to.have.members(['ETag', ...ours]);
    expect(headersOf('post', '/v1/auth/token', 200)).to.have.members(['Log-Position', ...ours]);
    expect(headersOf('post', '/v1/things', 429)).to.have.members(['Retry-After', ...ours]);
    expect(headersOf('post', '/v1/things', 401)).to.have.members(['WWW-Authenticate', ...ours]);
    expect(response('delete', '/v1/things/{id}', 204)).not.to.have.property('content');
  });

  it('shows every problem that there can be, of the conventions and of the route', () => {
    const anyRoute = { 429: ['too-many-requests'], 500: ['internal'] };
    const anyBody = {
      ...{ 400: ['malformed-json'], 413: ['body-too-large'] },
      ...{ 415: ['unsupported-media-type'] },
    };
    const anyToken = { 401: ['unauthenticated'], 403: ['forbidden'] };
    const away = ['database-unavailable', 'event-store-unavailable'];
    expect(codesOf('post', '/v1/things/{id}/break')).to.deep.equal({
      ...{ ...anyRoute, ...anyBody, ...anyToken, 503: away, 412: ['stale-revision'] },
      404: ['thing-not-found', 'thing-unknown'],
      409: ['conflict', 'thing-of-another-size'],
      422: ['idempotency-key-reused', 'invalid-request'],
    });
    expect(codesOf('get', '/v1/things/{id}')).to.deep.equal({
      ...anyRoute,
      404: ['thing-not-found', 'thing-unknown'],
      409: ['thing-of-another-size'],
      422: ['invalid-request'],
      503: ['database-unavailable', 'read-model-behind'],
    });
    expect(codesOf('post', '/v1/auth/token')).to.deep.equal({
      ...{ ...anyRoute, ...anyBody, 422: ['invalid-request'], 503: away },
      429: ['too-many-attempts', 'too-many-requests'],
    });
  });

  it('tells problems apart that share their code and not their title', () => {
    const refusing = (path: string, title: string) =>
      route({
        ...{ method: 'get', path, summary: title, access: 'anyone', answers: { 200: 'empty' } },
        refusals: { 'too-late': { status: 409, title } },
        handle: () => Promise.resolve({ status: 200 }),
      });
    const { paths } = documented([refusing('/a', 'By a day'), refusing('/b', 'By a year')]);
    const [one, other] = ['/a', '/b'].map((path) => (paths[path]?.['get'] as Operation).responses);
    expect(one?.[409]).not.to.deep.equal(other?.[409]);
    expect(one?.[500]).to.deep.equal(other?.[500]);
  });
});
