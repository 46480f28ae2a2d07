import { expect } from 'chai';
import type { IPublishPacket, MqttClient } from 'mqtt';
import { dealSideBySide } from './side-by-side.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** As much of a client as deals with messages: one after the other, the next when told to go on. */
const aClient = () => {
  const written: string[] = [];
  const connection = (name: string) => ({
    write: (bytes: Buffer) => void written.push(`${name} ${bytes.toString('hex')}`),
  });
  const fake = { connected: true, stream: connection('first'), handleMessage: undefined };
  const client = fake as unknown as MqttClient;
  const waiting: number[] = [];
  let busy = false;
  const next = () => {
    const messageId = waiting.shift();
    busy = messageId !== undefined;
    if (messageId === undefined) return;
    const packet = { cmd: 'publish', qos: 1, messageId, topic: 't', payload: '' };
    client.handleMessage(packet as IPublishPacket, (error) => {
      if (!error) throw new Error('It would have been acknowledged at once');
      next();
    });
  };
  return {
    client,
    written,
    receive: (...ids: number[]) => {
      waiting.push(...ids);
      if (!busy) next();
    },
    reconnect: () => Object.assign(fake, { stream: connection('second') }),
  };
};

const dealing = (most?: number) => {
  const all = aClient();
  const open = new Map<number, (isDealtWith: boolean) => void>();
  dealSideBySide(
    all.client,
    ({ messageId = 0 }) => new Promise((resolve) => open.set(messageId, resolve)),
    most,
  );
  return {
    ...all,
    taken: () => [...open.keys()],
    finish: async (messageId: number, isDealtWith = true) => {
      open.get(messageId)?.(isDealtWith);
      await turn();
    },
  };
};

describe('Messages', () => {
  it('are dealt with side by side, and acknowledged in the order in which they came', async () => {
    const { receive, taken, finish, written } = dealing();
    receive(1, 2, 300);
    expect(taken()).to.deep.equal([1, 2, 300]);
    await finish(300);
    await finish(2);
    expect(written).to.deep.equal([]);
    await finish(1);
    expect(written).to.deep.equal(['first 40020001', 'first 40020002', 'first 4002012c']);
  });

  it('wait when too many are not acknowledged yet', async () => {
    const { receive, taken, finish } = dealing(2);
    receive(1, 2, 3, 4);
    expect(taken()).to.deep.equal([1, 2]);
    await finish(2);
    expect(taken()).to.deep.equal([1, 2]);
    await finish(1);
    expect(taken()).to.deep.equal([1, 2, 3, 4]);
  });

  it('are not acknowledged when they are to come again, nor is any after them', async () => {
    const { receive, finish, written } = dealing();
    receive(1, 2);
    await finish(1, false);
    await finish(2);
    expect(written).to.deep.equal([]);
  });

  it('are not acknowledged on another connection than theirs', async () => {
    const { receive, finish, written, reconnect } = dealing();
    receive(1);
    reconnect();
    receive(7);
    await finish(1);
    await finish(7);
    expect(written).to.deep.equal(['second 40020007']);
  });
});
