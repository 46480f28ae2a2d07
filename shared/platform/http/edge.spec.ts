import { expect } from 'chai';
import supertest, { type Response } from 'supertest';
import { aThingApi } from '#shared/testing/a-thing-api.ts';
import { logger } from '../log.ts';
import { metrics } from '../metrics.ts';
import { edge, edgeApp, type Edge } from './edge.ts';
import { NotReady } from './health.ts';

const spec = (more: Partial<Edge> = {}): Edge => ({
  ...{ title: 'Things', checks: {}, metrics: metrics(), log: logger('spec', 'silent') },
  ...more,
});
const served = (more: Partial<Edge> = {}, requestsPerSecond = 1_000) => {
  const all = spec(more);
  const { observeRequest: observe } = all.metrics;
  return aThingApi({ beside: edge(all), observe, requestsPerSecond }).anybody;
};
const codeIn = ({ status, body }: Response) => [status, (body as { code: string }).code];
const missing = { database: () => Promise.reject(new NotReady('is being moved')) };

describe('Health', () => {
  it('lives, whatever is missing', async () => {
    const answer = await served({ checks: missing }).get('/health/live').expect(200);
    expect(answer.body).to.deep.equal({ status: 'live' });
    expect(answer.headers['cache-control']).to.equal('no-store');
  });

  it('is ready, or says what is missing', async () => {
    const ready = await served({ checks: { database: () => Promise.resolve() } })
      .get('/health/ready')
      .expect(200);
    expect(ready.body).to.deep.equal({ status: 'ready', checks: { database: 'ok' } });

    const answer = await served({ checks: missing }).get('/health/ready');
    expect(codeIn(answer)).to.deep.equal([503, 'not-ready']);
    expect(answer.headers['retry-after']).to.equal('1');
    expect(answer.body).to.deep.include({
      detail: 'database: is being moved',
      checks: { database: 'is being moved' },
    });
  });

  it('is for everybody, as often as they like', async () => {
    const anybody = served({}, 1);
    for (let probe = 0; probe < 5; probe++) await anybody.get('/health/ready').expect(200);
  });
});

describe('Metrics', () => {
  it('show what was counted, in the format of Prometheus', async () => {
    const anybody = served();
    await anybody.get('/v1/things/1');
    await anybody.get('/health/live');
    const answer = await anybody.get('/metrics').expect(200);
    expect(answer.headers['content-type']).to.match(/^text\/plain; version=0\.0\.4/);
    for (const [route, status] of [
      ['/v1/things/{id}', 404],
      ['/health/live', 200],
    ])
      expect(answer.text).to.include(
        `http_requests_total{method="GET",route="${route}",status="${status}"} 1`,
      );
  });
});

describe('The documentation', () => {
  it('is of the routes that are served', async () => {
    const answer = await served().get('/openapi.json').expect(200);
    expect(answer.headers['content-type']).to.match(/^application\/json/);
    expect(answer.body).to.have.nested.property('info.title', 'Things');
    expect(answer.body)
      .to.have.nested.property('info.version')
      .that.matches(/^\d+\.\d+\.\d+$/);
    const { paths } = answer.body as { paths: object };
    expect(Object.keys(paths)).to.deep.equal([
      '/v1/things',
      '/v1/things/{id}/break',
      '/v1/things/{id}',
    ]);
  });

  it('is a page whose every part is served here, and which runs no script of its own', async () => {
    const anybody = served();
    const moved = await anybody.get('/docs').expect(302);
    expect(moved.headers['location']).to.equal('docs/');
    const page = await anybody
      .get('/docs/')
      .expect(200)
      .expect('Content-Type', /^text\/html/);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).to.match(/(^|;)script-src 'self'(;|$)/);
    expect(policy).not.to.match(/script-src[^;]*unsafe|upgrade-insecure|https:/);

    expect(page.text).not.to.match(/<script(?![^>]*\ssrc=)/);
    expect(page.text).not.to.match(/(src|href)="(https?:)?\/\//);
    const parts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part]) => part);
    expect(parts).to.have.lengthOf(4);
    for (const part of parts) await anybody.get(`/docs/${String(part)}`).expect(200);
    const script = await anybody.get('/docs/page.mjs').expect('Content-Type', /javascript/);
    expect(script.text).to.include("url: '../openapi.json'");
  });

  it('serves nothing else of the package that it comes from', async () => {
    const anybody = served();
    for (const path of ['index.html', 'package.json', 'swagger-ui.js', '..%2fedge.ts', 'x/y'])
      expect(codeIn(await anybody.get(`/docs/${path}`)), path).to.deep.equal([404, 'not-found']);
  });

  it('keeps the policy of every other path as strict as it was', async () => {
    const { headers } = await served().get('/v1/things/1');
    expect(headers['content-security-policy']).to.include("default-src 'self'");
  });
});

describe('What is served beside the routes', () => {
  it('is only there to be read', async () => {
    const anybody = served();
    for (const path of ['/health/live', '/health/ready', '/metrics', '/openapi.json', '/docs']) {
      const answer = await anybody.post(path).send({});
      expect(codeIn(answer), path).to.deep.equal([405, 'method-not-allowed']);
      expect(answer.headers['allow']).to.equal('GET, HEAD, OPTIONS');
    }
  });

  it('can stand alone, and then describes no routes', async () => {
    const alone = supertest(edgeApp(spec({ checks: missing })));
    await alone.get('/health/live').expect(200);
    await alone.get('/health/ready').expect(503);
    expect((await alone.get('/metrics').expect(200)).text).to.include('route="/health/live"');
    for (const path of ['/openapi.json', '/docs', '/v1/things'])
      expect(codeIn(await alone.get(path)), path).to.deep.equal([404, 'not-found']);
  });
});
