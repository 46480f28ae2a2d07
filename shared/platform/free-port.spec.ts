import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { expect } from 'chai';
import { freePort, freePorts } from './free-port.ts';
import { listen, shut } from './listen.ts';

const OTHER_PROCESS = `
  import { freePorts } from './shared/platform/free-port.ts';
  console.log(JSON.stringify(await freePorts(40)));
  process.exit();
`;

describe('A free port', () => {
  it('can be listened on', async () => {
    const port = await freePort();
    const server = createServer(() => undefined);
    expect(await listen(server, port, 'A_PORT')).to.equal(port);
    await shut(server);
  });

  it('is given once, and to no other process while this one lives', async () => {
    const [ours, others] = [
      await freePorts(40),
      JSON.parse(
        execFileSync(
          process.execPath,
          ['--import', 'tsx', '--input-type=module', '-e', OTHER_PROCESS],
          { encoding: 'utf8' },
        ),
      ) as number[],
    ];
    const more = await freePorts(40);
    const all = [...ours, ...others, ...more];
    expect(new Set(all)).to.have.lengthOf(all.length);
  });

  it('is below those that systems give to connections', async () => {
    expect((await freePorts(40)).filter((port) => port >= 32_768)).to.be.empty;
  });
});
