import { expect } from 'chai';
import { categoryOf, UnknownEvent } from './event-store.ts';

describe('The category of a stream', () => {
  it('is what stands before the first dash', () => {
    expect(categoryOf('activation-0190a1de-0000')).to.equal('activation');
  });

  it('is its whole name when there is no dash', () => {
    expect(categoryOf('seals')).to.equal('seals');
    expect(categoryOf('$settings')).to.equal('$settings');
  });

  it('is not that of the stream that some metadata is about', () => {
    expect(categoryOf('$$activation-1')).not.to.equal('activation');
  });
});

describe('An unknown event', () => {
  it('says which, where, and whether it was declared at all', () => {
    const where = { type: 'ThingLost', stream: 'thing-1', position: 7n };
    expect(new UnknownEvent(where).message).to.equal(
      'ThingLost at position 7 in thing-1 is declared by nobody',
    );
    const unlike = new UnknownEvent(where, { cause: new Error('size') });
    expect(unlike.message).to.equal(
      'ThingLost at position 7 in thing-1 is not what it is declared',
    );
    expect(unlike.position).to.equal(7n);
  });
});
