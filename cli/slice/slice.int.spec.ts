import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { failureOf } from '../../embedded/testing/eventually.ts';
import { begin } from './slice.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COPIED = ['shared', 'projections', 'package.json', 'tsconfig.json'];

describe('A capability that has just begun', function () {
  this.timeout(240_000);

  let root: string;
  let files: readonly string[];
  const bin = (name: string, ...args: string[]) =>
    run(process.execPath, [join(ROOT, 'node_modules', '.bin', name), ...args], { cwd: root });
  const text = (file: string) => readFile(join(root, file), 'utf8');

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'lastro-spec-'));
    for (const path of COPIED) await cp(join(ROOT, path), join(root, path), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    ({ files } = await begin('gift-card', root));
    await bin('prettier', '--write', '--log-level', 'silent', ...files);
  });
  after(() => rm(root, { recursive: true, force: true }));

  it('has all that a capability has, on each side', () => {
    expect(files).to.have.members([
      'command-api/gift-card/routes.spec.ts',
      'command-api/gift-card/routes.ts',
      'projections/gift-card/gift-cards-view.spec.ts',
      'projections/gift-card/gift-cards-view.ts',
      'query-api/gift-card/queries.ts',
      'query-api/gift-card/routes.ts',
      'shared/gift-card/commands.ts',
      'shared/gift-card/decider.spec.ts',
      'shared/gift-card/decider.ts',
      'shared/gift-card/events.ts',
      'shared/gift-card/examples.ts',
      'shared/gift-card/view.ts',
      'shared/ids.ts',
    ]);
  });

  it('writes its name as each place wants it', async () => {
    const ids = await text('shared/ids.ts');
    expect(ids).to.contain("export const GiftCardId = branded<'GiftCardId'>(uuid);");
    expect(await text('shared/gift-card/events.ts')).to.contain("contract('giftCard', {");
    expect(await text('shared/gift-card/view.ts')).to.contain("'gift_cards_view'");
    expect(await text('command-api/gift-card/routes.ts')).to.contain("path: '/v1/gift-cards'");
    for (const file of files) expect(await text(file)).to.not.match(/\{\{/);
  });

  it('is understood by the compiler, and its specs hold', async () => {
    const sources = files.filter((file) => file !== 'shared/ids.ts');
    const project = JSON.stringify({
      extends: './tsconfig.json',
      compilerOptions: { incremental: false },
      include: sources,
    });
    await writeFile(join(root, 'tsconfig.slice.json'), project);
    const work = [
      bin('tsc', '--noEmit', '--project', 'tsconfig.slice.json'),
      bin('mocha', '--timeout', '60000', ...sources.filter((file) => file.endsWith('.spec.ts'))),
    ];
    const outcomes = await Promise.allSettled(work);
    const failures = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [(outcome.reason as { stdout?: string }).stdout ?? ''] : [],
    );
    expect(failures.join('\n')).to.equal('');
  });

  it('is begun once', async () => {
    const before = await text('shared/gift-card/events.ts');
    expect((await failureOf(begin('gift-card', root))).message).to.contain(
      'shared/gift-card already',
    );
    expect(await text('shared/gift-card/events.ts')).to.equal(before);
  });
});
