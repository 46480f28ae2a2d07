import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import { PortInUse } from './lifecycle.ts';
import { listen, LOOPBACK, shut } from './listen.ts';

const silent = () => createServer(() => undefined);

describe('Listening', () => {
  it('takes any free port for 0, and says which', async () => {
    const server = silent();
    const port = await listen(server, 0, 'A_PORT');
    expect(port).to.be.within(1_024, 65_535);
    expect(server.address()).to.include({ port, address: LOOPBACK });
    await shut(server);
  });

  it('names a port that is taken, and the variable that moves it', async () => {
    const first = silent();
    const port = await listen(first, 0, 'A_PORT');
    const error: unknown = await listen(silent(), port, 'A_PORT').catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(PortInUse);
    expect(String(error)).to.match(new RegExp(`Port ${port} is in use: .*A_PORT`));
    await shut(first);
  });
});

describe('Shutting', () => {
  it('ends who is still connected, and leaves the port to others', async () => {
    const server = silent();
    const port = await listen(server, 0, 'A_PORT');
    const caller = connect(port, LOOPBACK);
    await once(caller, 'connect');
    caller.on('error', () => undefined).resume();
    const ended = once(caller, 'close');
    await Promise.all([shut(server), ended]);

    const next = silent();
    expect(await listen(next, port, 'A_PORT')).to.equal(port);
    await shut(next);
  });

  it('is nothing to do where nobody listens', async () => {
    await shut(silent());
  });
});
