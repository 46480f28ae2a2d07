import { expect } from 'chai';
import { BadConfig, settingsFrom } from '../config.ts';
import { httpConfigFrom, httpSettings } from './settings.ts';

const from = (environment: NodeJS.ProcessEnv) =>
  httpConfigFrom(settingsFrom(httpSettings, environment));

describe('How an API is served', () => {
  it('is to everybody who can reach it, and to no page from elsewhere', () => {
    expect(from({})).to.deep.equal({
      host: '0.0.0.0',
      corsOrigins: [],
      requestsPerSecond: 1_000,
      proxies: 0,
    });
  });

  it('is as it is said', () => {
    const said = {
      LISTEN_HOST: '127.0.0.1',
      CORS_ORIGINS: 'https://app.example.com, http://localhost:3000,',
      RATE_LIMIT_PER_SECOND: '50',
      TRUSTED_PROXIES: '1',
    };
    expect(from(said)).to.deep.equal({
      host: '127.0.0.1',
      corsOrigins: ['https://app.example.com', 'http://localhost:3000'],
      requestsPerSecond: 50,
      proxies: 1,
    });
  });

  it('is not to what is no origin', () => {
    for (const origin of ['*', 'app.example.com', 'https://app.example.com/', 'ftp://a'])
      expect(() => from({ CORS_ORIGINS: `https://a.example,${origin}` }), origin).to.throw(
        BadConfig,
        /^CORS_ORIGINS must be origins/,
      );
  });
});
