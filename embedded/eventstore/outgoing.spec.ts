import { Writable } from 'node:stream';
import { expect } from 'chai';
import { outgoing, type ReadCall } from './outgoing.ts';
import { Refused, Rejected } from './refusal.ts';

const HIGH_WATER = 4;
const MESSAGE = Buffer.from('message');

/** A call whose caller takes a message when told to. */
const aCall = () => {
  const taken: (() => void)[] = [];
  const call = new Writable({
    objectMode: true,
    highWaterMark: HIGH_WATER,
    write: (_message, _encoding, done) => taken.push(done),
  });
  return {
    call: call as unknown as ReadCall,
    /** Takes everything there is, one after the other. */
    takeAll: async () => {
      for (let done = taken.shift(); done; done = taken.shift()) {
        done();
        await new Promise(setImmediate);
      }
    },
    waiting: () => call.writableLength,
  };
};

describe('The answers to a read', () => {
  it('are held back when the caller does not take them, and go on when it does', async () => {
    const { call, takeAll, waiting } = aCall();
    const out = outgoing(call);
    let sent = 0;
    const sending = (async () => {
      while (sent < 20) {
        const full = out.send(MESSAGE);
        sent += 1;
        if (full) await full;
      }
    })();

    for (let turn = 0; turn < 5; turn += 1) {
      await new Promise(setImmediate);
      // What else rouses a reader is no reason to send more.
      out.rouse();
    }
    expect([sent, waiting()]).to.deep.equal([HIGH_WATER, HIGH_WATER]);
    await takeAll();
    await sending;
    expect(sent).to.equal(20);
  });

  it('are not waited for any more when the caller has gone', async () => {
    const { call } = aCall();
    const out = outgoing(call);
    while (!call.writableNeedDrain) void out.send(MESSAGE);
    const full = out.send(MESSAGE);
    call.emit('cancelled', 'cancelled');
    await full;
    expect(out.isOver()).to.equal(true);
  });

  it('end with what went wrong, and only once', () => {
    const { call, waiting } = aCall();
    const errors: unknown[] = [];
    call.on('error', (error) => errors.push(error));
    const out = outgoing(call);
    out.end(new Rejected({ reason: 'stopping' }));
    out.end(new Refused({ reason: 'timeout' }));
    void out.send(MESSAGE);
    expect(waiting(), 'nothing is sent after it').to.equal(0);
    expect(errors).to.deep.equal([{ code: 14, details: 'Server Is Shutting Down' }]);
  });

  it('sleep while there is nothing to do, however often they are roused', async () => {
    const out = outgoing(aCall().call);
    let [nothingToDo, awake] = [true, false];
    const sleeping = out.sleepWhile(() => nothingToDo).then(() => (awake = true));
    out.rouse();
    await new Promise(setImmediate);
    expect(awake).to.equal(false);
    nothingToDo = false;
    out.rouse();
    await sleeping;
  });
});
