import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { expect } from 'chai';
import type { Command } from 'commander';
import { companiesTable } from '#shared/company/view.ts';
import { effectEvents } from '#shared/effect/events.ts';
import { parked } from '#shared/effect/examples.ts';
import { intentTable, type IntentRow } from '#shared/effect/intent.ts';
import { meta } from '#shared/testing/recorded.ts';
import { companies } from '../projections/company/companies-view.ts';
import { anInstallation, showingACompany } from '../test/support/an-installation.ts';
import { lastro } from '../test/support/lastro.ts';
import { effects } from './effects.ts';
import { replay } from './replay.ts';
import { status } from './status.ts';

const register = (program: Command, environment: NodeJS.ProcessEnv) => {
  for (const command of [status, effects, replay]) command(program, environment);
};

describe('Operators at the command line', function () {
  this.timeout(180_000);
  const installation = anInstallation();
  const { db, environment, on } = installation;

  const run = (...args: readonly string[]) => lastro(register, environment, ...args);
  const facts = async <T>(...args: readonly string[]): Promise<T> => {
    const { code, out, said } = await run(...args, '--json');
    expect({ code, said }).to.deep.equal({ code: 0, said: '' });
    return JSON.parse(out) as T;
  };
  const anIntent = async (changes: Partial<IntentRow> = {}): Promise<string> => {
    const id = randomUUID();
    await db()<IntentRow>(intentTable).insert({
      ...{ id, reaction: 'tell', kind: 'tell-customer', event_id: randomUUID() },
      ...{ correlation_id: 'c', stream: 'activation-1', data: {} },
      ...changes,
    });
    return id;
  };

  before(() => showingACompany(installation));

  it('see how far all has got', async () => {
    await anIntent();
    type Status = { readonly projections: readonly object[]; readonly effects: readonly object[] };
    const shown = await facts<Status>('status');
    const { projections } = shown;
    expect(projections).to.have.length(1);
    expect(projections[0]).to.deep.include({
      ...{ name: companies.name, kind: 'view', status: 'LIVE', rows: 1 },
      lag: { positions: 0, seconds: 0 },
    });
    expect(shown.effects).to.deep.equal([{ kind: 'tell-customer', status: 'WAITING', count: 1 }]);
    const { code, out } = await run('status');
    expect(code).to.equal(0);
    expect(out)
      .to.match(/companies\s.*view\s.*LIVE/)
      .and.match(/tell-customer\s.*WAITING\s.*1/);
  });

  it('see what is done outside, and have it tried afresh under their own name', async () => {
    const id = await anIntent({ status: 'PARKED', attempts: 30, last_error: 'No answer' });
    const stream = `effect-${id}`;
    const event = parked();
    const given = { ...event, data: { ...event.data, effectId: id } } as typeof event;
    await on(({ eventStore }) =>
      eventStore.append(stream, effectEvents, [given], { expected: 'no-stream', meta }),
    );
    type Effects = { readonly items: readonly { readonly id: string }[] };
    const { items } = await facts<Effects>('effects', '--status', 'PARKED');
    expect(items.map((one) => one.id)).to.deep.equal([id]);
    expect((await run('effects')).out)
      .to.include(id)
      .and.include('No answer');

    expect(await facts('effects', 'retry', id)).to.deep.equal({ id, status: 'WAITING' });
    const { events } = await on(({ eventStore }) => eventStore.read(stream, effectEvents));
    expect(events.at(-1)?.type).to.equal('EffectRetryRequested');
    const actor = { id: userInfo().username, role: 'operator' };
    expect(events.at(-1)?.meta.actor).to.deep.equal(actor);

    const again = await run('effects', 'retry', id);
    expect(again).to.include({ code: 1 });
    expect(again.said).to.include('has not been given up');
    expect((await run('effects', 'retry', randomUUID())).said).to.include('There is no effect');
    expect(await run('effects', 'retry', 'seven')).to.include({ code: 2 });
    expect(await run('effects', '--status', 'LOST')).to.include({ code: 2 });
  });

  it('hold a read model against the log, and mend it', async () => {
    await db()(companiesTable).update({ name: 'Nobody' });
    const { code, out } = await run('replay', companies.name, '--compare-only');
    expect(code).to.equal(3);
    expect(out).to.include('Nobody').and.include('Aurora');
    expect(await run('replay', companies.name)).to.include({ code: 0 });
    expect(await db()(companiesTable).pluck('name')).to.deep.equal(['Aurora']);
    expect((await run('replay', companies.name, '--compare-only')).out).to.include('0 differences');
    const unknown = await run('replay', 'unknown');
    expect(unknown).to.include({ code: 1 });
    expect(unknown.said).to.include(companies.name);
  });
});
