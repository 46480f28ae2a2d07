import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';

type Rule = { readonly name: string; readonly comment?: string };
type Violation = { readonly rule: Rule; readonly from: string };
type Cruise = { readonly summary: { readonly violations: readonly Violation[] } };
type Import = readonly [file: string, imports: string];

const config = resolve('.dependency-cruiser.cjs');
const { forbidden } = createRequire(import.meta.url)(config) as { readonly forbidden: Rule[] };
const folders = [
  ...['command-api', 'projections', 'query-api', 'adapters', 'shared'],
  ...['embedded', 'cli', 'test', 'bench'],
];

/** For each rule, an import that breaks it. A rule nobody has seen fail is a hope. */
const planted: Readonly<Record<string, Import>> = {
  'sides-meet-only-in-shared': ['query-api/a/x.ts', '../../projections/a/v.ts'],
  'main-adds-only-adapters': ['command-api/main.ts', '../projections/a/v.ts'],
  'shared-knows-nobody': ['shared/platform/b.ts', '../../projections/a/v.ts'],
  'command-line-is-outermost': ['query-api/b/x.ts', '../../cli/c.ts'],
  'embedded-stands-outside': ['adapters/smtp/e.ts', '../../embedded/e/e.ts'],
  'embedded-knows-no-business': ['embedded/f/f.ts', '../../shared/a/events.ts'],
  'embedded-servers-stand-alone': ['embedded/g/g.ts', '../e/e.ts'],
  'adapters-do-not-know-each-other': ['adapters/smtp/x.ts', '../mqtt/x.ts'],
  'capabilities-meet-in-events': ['shared/b/decider.ts', '../a/decider.ts'],
  'slices-meet-only-in-shared': ['projections/b/w.ts', '../a/v.ts'],
  'slices-decide-for-themselves': ['command-api/b/x.ts', '../../shared/a/decider.ts'],
  'contracts-stand-alone': ['shared/b/events.ts', '../a/events.ts'],
  'engines-know-no-capability': ['projections/view.ts', './a/v.ts'],
  'kernel-is-the-bottom': ['shared/kernel/c.ts', 'node:fs'],
  'platform-has-no-domain': ['shared/platform/a.ts', '../a/events.ts'],
  'deciders-are-pure': ['shared/c/decider.ts', 'node:crypto'],
  'views-and-reactions-are-pure': ['projections/a/reactions.ts', 'node:fs'],
  'rebuilds-do-not-react': ['projections/rebuild.ts', './a/effects.ts'],
  'write-side-does-not-read-views': ['command-api/a/x.ts', '../../shared/a/view.ts'],
  'queries-read-views-only': ['query-api/a/y.ts', '../../shared/kernel/stored-log.ts'],
  'http-is-written-once': ['command-api/a/h.ts', 'express'],
  'tables-are-for-those-who-keep-them': ['command-api/a/t.ts', 'knex'],
  'each-library-has-its-place': ['projections/a/z.ts', 'mqtt'],
  'only-specs-use-testing': ['projections/a/t.ts', '../../shared/testing/t.ts'],
  'what-runs-needs-no-development-package': ['adapters/mqtt/d.ts', 'chai'],
  'every-package-is-declared': ['adapters/mqtt/u.ts', 'undeclared'],
  'no-cycles': ['shared/kernel/d.ts', './d.ts'],
  'no-orphans': ['shared/kernel/e.ts', ''],
  'no-unresolved': ['shared/kernel/f.ts', './nowhere.ts'],
};

/** Imports that are how it is meant. A rule that reported these would soon be switched off. */
const allowed: readonly Import[] = [
  ['shared/a/commands.ts', '../kernel/schema.ts'],
  ['shared/a/handle.spec.ts', '../testing/t.ts'],
  ['shared/d/decider.ts', '../kernel/calendar.ts'],
  ['shared/kernel/schema.ts', 'ajv'],
  ['shared/kernel/schema.spec.ts', 'chai'],
  ['shared/platform/http/app.ts', 'express'],
  ['shared/testing/t.ts', 'chai'],
  ['command-api/a/routes.ts', '../../shared/a/decider.ts'],
  ['projections/a/a-view.ts', '../../shared/a/events.ts'],
  ['projections/a/more.ts', '../../shared/a/events.ts'],
  ['projections/main.ts', './a/v.ts'],
  ['projections/a/queue.int.spec.ts', '../../adapters/mqtt/x.ts'],
  ['projections/effect-task.ts', '../shared/effect/intent.ts'],
  ['shared/effect/intent.ts', 'knex'],
  ['shared/effect/intent.spec.ts', '../../test/support/s.ts'],
  ['query-api/a/queries.ts', '../../shared/a/view.ts'],
  ['query-api/audit/routes.ts', '../../shared/kernel/stored-log.ts'],
  ['query-api/a/people.ts', '../../shared/kernel/personal.ts'],
  ['adapters/main.ts', './mqtt/x.ts'],
  ['adapters/mqtt/client.ts', 'mqtt'],
  ['cli/audit.ts', '../projections/a/v.ts'],
  ['cli/run.ts', '../embedded/e/e.ts'],
  ['embedded/e/e.spec.ts', '../testing/t.ts'],
  ['embedded/testing/t.ts', 'chai'],
  ['test/support/s.ts', '../../embedded/e/e.ts'],
  ['bench/b.ts', '../test/support/s.ts'],
];

const there = [
  ...['projections/a/v.ts', 'projections/a/effects.ts', 'adapters/mqtt/x.ts', 'embedded/e/e.ts'],
  ...['cli/c.ts', 'shared/a/events.ts', 'shared/a/view.ts', 'shared/a/decider.ts'],
  ...['shared/kernel/personal.ts', 'shared/kernel/calendar.ts', 'shared/kernel/stored-log.ts'],
];

const packages = {
  dependencies: { ajv: '*', express: '*', knex: '*', mqtt: '*' },
  devDependencies: { chai: '*' },
};
const installed = [...Object.values(packages).flatMap((some) => Object.keys(some)), 'undeclared'];

const violationsIn = async (root: string): Promise<readonly Violation[]> => {
  const found = folders.filter((folder) => existsSync(join(root, folder)));
  const options = ['--config', config, '--output-type', 'json', ...found];
  const answer = await new Promise<string>((resolved, fail) => {
    const bin = resolve('node_modules/.bin/depcruise');
    execFile(bin, options, { cwd: root, maxBuffer: 32 * 2 ** 20 }, (error, out, err) => {
      // It ends with the number of violations; only without an answer has it failed.
      if (out === '') fail(new Error(err, { cause: error }));
      else resolved(out);
    });
  });
  return (JSON.parse(answer) as Cruise).summary.violations;
};

describe('Boundaries', function () {
  this.timeout(60_000);

  let root: string;
  let violations: readonly Violation[];

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'boundaries-'));
    const write = async (file: string, text: string) => {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), text);
    };
    for (const file of there) await write(file, 'export const a = 1;');
    for (const [file, imports] of [...allowed, ...Object.values(planted)])
      await write(file, imports ? `import '${imports}';` : 'export const a = 1;');
    for (const name of installed) {
      await write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
      await write(`node_modules/${name}/index.js`, '');
    }
    await write('package.json', JSON.stringify(packages));
    await write('tsconfig.json', '{}');
    violations = await violationsIn(root);
  });

  after(() => rm(root, { recursive: true, force: true }));

  it('are each broken by something', () => {
    const names = forbidden.map(({ name }) => name);
    const bites = (name: string) =>
      violations.some(({ rule, from }) => rule.name === name && from === planted[name]?.[0]);
    expect(Object.keys(planted)).to.have.members(names);
    expect(names.filter((name) => !bites(name))).to.deep.equal([]);
  });

  it('leave alone what is as it is meant', () => {
    const files = new Set(allowed.map(([file]) => file));
    const wronged = violations.filter(({ from }) => files.has(from));
    expect(wronged.map(({ rule, from }) => `${rule.name}: ${from}`)).to.deep.equal([]);
  });

  it('each give their reason in a sentence', () => {
    const without = forbidden.filter(({ comment }) => !/^[A-Z].*\.$/.test(comment ?? ''));
    expect(without.map(({ name }) => name)).to.deep.equal([]);
  });

  it('hold in this tree', async () => {
    const broken = await violationsIn(process.cwd());
    expect(broken.map(({ rule, from }) => `${rule.name}: ${from}`)).to.deep.equal([]);
  });
});
