import { expect } from 'chai';
import type { Command } from 'commander';
import { companiesTable } from '#shared/company/view.ts';
import { projectionTable, troubled } from '#shared/platform/checkpoint.ts';
import { rebuildTable, type RebuildRow } from '#shared/platform/rebuild-schema.ts';
import { views } from '../projections/catalogue.ts';
import { companies } from '../projections/company/companies-view.ts';
import { emptyShadow } from '../projections/shadow.ts';
import { anInstallation, showingACompany } from '../test/support/an-installation.ts';
import { lastro } from '../test/support/lastro.ts';
import { projections } from './projections.ts';
import { replay } from './replay.ts';
import { verify } from './verify.ts';

const register = (program: Command, environment: NodeJS.ProcessEnv) => {
  for (const command of [replay, verify, projections]) command(program, environment);
};

describe('Read models at the command line', function () {
  this.timeout(180_000);
  const installation = anInstallation();
  const { db, environment } = installation;
  const run = (...args: readonly string[]) => lastro(register, environment, ...args);

  before(() => showingACompany(installation, views));

  /** As a process that was killed right after it had begun would leave it. */
  const leftBehind = async () => {
    const indexes = await db().transaction((tx) => emptyShadow(tx, companies));
    await db()(rebuildTable).insert({
      ...{ name: companies.name, version: companies.version, owner: 'gone', position: '-1' },
      indexes: JSON.stringify(indexes),
    });
  };
  const left = () => db()<RebuildRow>(rebuildTable).first();

  it('reports every read model with its position, rows, checksums and differences', async () => {
    const { code, out } = await run('verify', 'views', '--json');
    expect(code).to.equal(0);
    const report = JSON.parse(out) as { same: boolean; views: { view: string; rows: object }[] };
    expect(report.same).to.equal(true);
    expect(report.views.map(({ view }) => view)).to.deep.equal(views.map(({ name }) => name));
    const one = report.views.find(({ view }) => view === companies.name);
    expect(one).to.deep.include({ rows: { live: 1, rebuilt: 1 }, different: 0, same: true });
    expect(one)
      .to.have.nested.property('checksums.live')
      .that.matches(/^[0-9a-f]{64}$/);
    const words = (await run('verify', 'views')).out;
    expect(words).to.include('companies: as the log says').and.to.include('1 rows, 0 differences');
  });

  it('finds what was changed by hand, says what, and ends with 3', async () => {
    await db()(companiesTable).update({ name: 'Planted' });
    const { code, out } = await run('verify', 'views');
    await db()(companiesTable).update({ name: 'Aurora' });
    expect(code).to.equal(3);
    expect(out).to.include('companies: NOT AS THE LOG SAYS').and.to.include('"Planted"');
  });

  it('pauses, goes on with, and gives up what was begun', async () => {
    expect((await run('replay', 'companies', '--pause')).said).to.include('There is no rebuild');
    await leftBehind();
    expect((await run('replay', 'companies', '--pause')).out).to.include('asked to pause');
    expect(await left()).to.include({ asked: 'PAUSE' });
    const refused = await run('replay', 'companies');
    expect(refused).to.include({ code: 1 });
    expect(refused.said).to.include('--resume');
    const resumed = await run('replay', 'companies', '--resume');
    expect(resumed.out).to.include('made anew').and.to.include('1 rows, 0 differences');
    await leftBehind();
    expect((await run('replay', 'companies', '--abort')).code).to.equal(0);
    expect(await left()).to.equal(undefined);
    expect((await run('replay', 'companies', '--resume')).code).to.equal(1);
    expect((await run('replay', 'companies', '--pause', '--abort')).code).to.equal(2);
  });

  it('tells how far it has got: in words, and to programs as JSON, a line each', async () => {
    const words = (await run('replay', 'companies')).said;
    expect(words).to.match(/^companies: replaying, \d+ %, \d+ events, \d+\/s, .* left$/m);
    const { out, said } = await run('replay', 'companies', '--json');
    expect(JSON.parse(out)).to.have.nested.property('items[0].switched', true);
    const told = said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { phase: string });
    const phases = ['replaying', 'indexing', 'comparing', 'switching'];
    expect(told.map(({ phase }) => phase)).to.deep.equal(phases);
    expect(told.at(-1)).to.include({ view: 'companies', processed: 1, fraction: 1 });
  });

  it('drops the table of before when it is told to', async () => {
    await run('replay', 'companies');
    const dropped = JSON.parse((await run('replay', 'drop', 'companies', '--json')).out) as object;
    expect(dropped).to.deep.equal({ view: 'companies', dropped: true });
    expect((await run('replay', 'drop', 'companies')).out).to.include('nothing is kept');
  });

  it('lets what is parked go on', async () => {
    await troubled(db(), companies.name, { error: 'No', parked: true });
    expect((await run('projections', 'resume', 'companies')).out).to.include('goes on after');
    expect(await db()(projectionTable).where({ name: 'companies' }).pluck('status')).to.deep.equal([
      'RUNNING',
    ]);
    expect((await run('projections', 'resume', 'companies')).said).to.include('is not parked');
    expect((await run('projections', 'resume', 'nobody')).said).to.include('lastro status');
  });
});
