import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { accountFor } from './account.ts';
import { binariesFor, packageDirectory } from './binaries.ts';

const run = promisify(execFile);

describe('The programs of Postgres', function () {
  this.timeout(180_000);

  it('are those of the package, for whoever can reach it', async () => {
    const { postgres, initdb } = await binariesFor(undefined);
    expect(postgres).to.equal(join(packageDirectory(), 'native', 'bin', 'postgres'));
    for (const program of [postgres, initdb])
      expect((await run(program, ['--version'])).stdout).to.match(/PostgreSQL\) 18\./);
  });

  // Only root may become somebody who cannot reach what root can.
  if (process.getuid?.() === 0)
    it('are copied for an account that has no way to them, once', async () => {
      const home = await mkdtemp(join(tmpdir(), 'lastro-spec-'));
      try {
        await chmod(home, 0o755);
        const [closed, copies] = [join(home, 'closed'), join(home, 'copies')];
        await mkdir(closed, { mode: 0o700 });
        const hidden = join(closed, 'package');
        await cp(packageDirectory(), hidden, { recursive: true, verbatimSymlinks: true });
        // As a strict umask would have left it.
        await chmod(join(hidden, 'native', 'share', 'postgresql', 'postgres.bki'), 0o600);

        const account = await accountFor(join(home, 'data'));
        const { postgres, initdb } = await binariesFor(account, hidden, copies);
        expect(postgres.startsWith(copies)).to.equal(true);
        for (const program of [postgres, initdb])
          await run(program, ['--version'], { ...account, cwd: '/' });
        const tables = join(postgres, '..', '..', 'share', 'postgresql', 'postgres.bki');
        expect((await stat(tables)).mode & 0o777).to.equal(0o644);

        const { ino } = await stat(postgres);
        expect((await binariesFor(account, hidden, copies)).postgres).to.equal(postgres);
        expect((await stat(postgres)).ino).to.equal(ino);
      } finally {
        await rm(home, { recursive: true, force: true });
      }
    });
});
