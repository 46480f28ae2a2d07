import { expect } from 'chai';
import { BadConfig, settingsFrom } from './config.ts';
import { serverSettings, serversFrom } from './servers.ts';

const from = (environment: NodeJS.ProcessEnv) =>
  serversFrom(settingsFrom(serverSettings, environment));

describe('The servers of a process', () => {
  it('are the embedded ones on a laptop', () => {
    expect(from({})).to.deep.equal({
      eventStoreUrl: 'esdb://127.0.0.1:2113?tls=false',
      databaseUrl: 'postgres://lastro:lastro@127.0.0.1:5455/lastro',
      databaseReadUrl: 'postgres://lastro:lastro@127.0.0.1:5455/lastro',
    });
  });

  it('are where the embedded ones were moved to', () => {
    const moved = from({ EMBEDDED_EVENTSTORE_PORT: '3001', EMBEDDED_POSTGRES_PORT: '3002' });
    expect(moved.eventStoreUrl).to.equal('esdb://127.0.0.1:3001?tls=false');
    expect(moved.databaseUrl).to.equal('postgres://lastro:lastro@127.0.0.1:3002/lastro');
  });

  it('are the ones that are named, and are read from a replica if there is one', () => {
    const named = {
      EVENTSTORE_URL: 'esdb+discover://cluster:2113',
      DATABASE_URL: 'postgresql://primary/lastro',
    };
    const databases = { databaseUrl: 'postgresql://primary/lastro' };
    expect(from(named)).to.deep.equal({
      eventStoreUrl: 'esdb+discover://cluster:2113',
      ...databases,
      databaseReadUrl: 'postgresql://primary/lastro',
    });
    expect(from({ ...named, DATABASE_READ_URL: 'postgres://replica/lastro' })).to.include({
      ...databases,
      databaseReadUrl: 'postgres://replica/lastro',
    });
  });

  it('have to be named in production, all of them', () => {
    expect(() => from({ LASTRO_ENV: 'production' })).to.throw(
      BadConfig,
      'EVENTSTORE_URL is missing; DATABASE_URL is missing',
    );
    expect(() => from({ LASTRO_ENV: 'production', EVENTSTORE_URL: 'esdb://a' })).to.throw(
      BadConfig,
      /^DATABASE_URL is missing$/,
    );
  });

  it('are not of another kind', () => {
    expect(() => from({ EVENTSTORE_URL: 'http://127.0.0.1' })).to.throw(
      BadConfig,
      'EVENTSTORE_URL',
    );
    expect(() => from({ DATABASE_URL: 'mysql://127.0.0.1' })).to.throw(BadConfig, 'DATABASE_URL');
  });
});
