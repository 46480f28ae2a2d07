import { expect } from 'chai';
import { BadConfig } from '#shared/platform/config.ts';
import { wantsDemoData } from './demo-data.ts';
import { planFor } from './plan.ts';
import { restAfter } from './supervise.ts';

const namesOf = (programs: readonly { readonly name: string }[]) =>
  programs.map(({ name }) => name);

describe('What is to be started', () => {
  it('is everything, where nothing is configured', () => {
    const plan = planFor({});
    expect(namesOf(plan.embedded)).to.deep.equal([
      'eventstore',
      'postgres',
      'mqtt',
      'mail',
      'sandbox',
      'equipment',
    ]);
    expect(namesOf(plan.background)).to.deep.equal(['projections', 'adapters']);
    expect(namesOf(plan.apis)).to.deep.equal(['command-api', 'query-api']);
    expect(plan.ports).to.include({ COMMAND_API_PORT: 8_080, EMBEDDED_POSTGRES_PORT: 5_455 });
  });

  it('leaves out the server of each kind that is somewhere else', () => {
    for (const [url, name] of [
      ['EVENTSTORE_URL', 'eventstore'],
      ['DATABASE_URL', 'postgres'],
      ['MQTT_URL', 'mqtt'],
      ['SMTP_URL', 'mail'],
    ] as const) {
      expect(namesOf(planFor({ [url]: 'x://elsewhere' }).embedded)).to.not.include(name);
      expect(namesOf(planFor({ [url]: '' }).embedded)).to.include(name);
    }
    expect(planFor({ SMTP_URL: 'smtp://elsewhere' }).ports).to.not.have.property(
      'EMBEDDED_MAIL_PORT',
    );
  });

  it('keeps simulated equipment beside a broker elsewhere only where it is asked for', () => {
    const elsewhere = { MQTT_URL: 'mqtt://elsewhere' };
    expect(namesOf(planFor(elsewhere).embedded)).to.not.include.members(['mqtt', 'equipment']);
    const asked = planFor({ ...elsewhere, EQUIPMENT_SIMULATOR: 'confirm' });
    expect(namesOf(asked.embedded)).to.include('equipment').and.to.not.include('mqtt');
  });

  it('stands in for those partners that are not configured, and for no other', () => {
    const { environment } = planFor({
      EMBEDDED_SANDBOX_PORT: '9000',
      PRODUCT_API_URL: 'http://products',
    });
    expect(environment).to.include({
      PRODUCT_API_URL: 'http://products',
      CASHBACK_API_URL: 'http://127.0.0.1:9000/cashback',
      CASHBACK_BALANCE_URL: 'http://127.0.0.1:9000',
      CASHBACK_BALANCE_TOKEN: 'sandbox-token',
    });
    const all = {
      CASHBACK_API_URL: 'http://a',
      CASHBACK_BALANCE_URL: 'http://b',
      PRODUCT_API_URL: 'http://c',
    };
    expect(namesOf(planFor(all).embedded)).to.not.include('sandbox');
    expect(planFor(all).environment).to.deep.equal(all);
  });

  it('may be some of it, by name', () => {
    const plan = planFor({}, ['mail', 'query-api']);
    expect(namesOf(plan.embedded)).to.deep.equal(['mail']);
    expect(namesOf(plan.apis)).to.deep.equal(['query-api']);
    expect(plan.background).to.deep.equal([]);
    expect(plan.ports).to.have.all.keys(
      'EMBEDDED_SMTP_PORT',
      'EMBEDDED_MAIL_PORT',
      'QUERY_API_PORT',
    );
    expect(() => planFor({}, ['mial'])).to.throw(BadConfig, 'There is no process mial');
  });

  it('names the variable of a port that is none', () => {
    expect(() => planFor({ COMMAND_API_PORT: 'http' })).to.throw(BadConfig, 'COMMAND_API_PORT');
    expect(() => planFor({ EMBEDDED_MQTT_PORT: '70000' })).to.throw(
      BadConfig,
      'EMBEDDED_MQTT_PORT',
    );
  });
});

describe('Demo data', () => {
  it('is made in development unless it is not wanted, and in production never', () => {
    expect(wantsDemoData({ LASTRO_ENV: 'development' })).to.equal(true);
    expect(wantsDemoData({ LASTRO_ENV: 'development', DEMO_DATA: false })).to.equal(false);
    expect(wantsDemoData({ LASTRO_ENV: 'production' })).to.equal(false);
    expect(() => wantsDemoData({ LASTRO_ENV: 'production', DEMO_DATA: true })).to.throw(
      BadConfig,
      'DEMO_DATA',
    );
  });
});

describe('A process that died', () => {
  it('rests a second, and twice as long each time, but never more than half a minute', () => {
    const rests: number[] = [];
    for (let life = 0; life < 8; life++) rests.push(restAfter(500, rests.at(-1) ?? 0));
    expect(rests).to.deep.equal([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('rests a second again after it has been well for a minute', () => {
    expect(restAfter(59_000, 16_000)).to.equal(30_000);
    expect(restAfter(61_000, 16_000)).to.equal(1_000);
  });
});
