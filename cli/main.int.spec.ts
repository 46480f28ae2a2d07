import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';

describe('The command line', function () {
  this.timeout(180_000);

  const begun = (...args: readonly string[]) =>
    spawn(process.execPath, ['cli/lastro.mjs', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

  it('ends quietly when nobody reads on', async () => {
    const child = begun('--help');
    child.stdout.destroy();
    const said = text(child.stderr);
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(await said).to.equal('');
    expect(code).to.equal(0);
  });

  it('says what there is when it is asked for something else', async () => {
    const child = begun('replace');
    const said = text(child.stderr);
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).to.equal(2);
    expect(await said).to.match(/unknown command 'replace'.*replay/s);
  });
});
