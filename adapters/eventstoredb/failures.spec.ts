import {
  AccessDeniedError,
  CancelledError,
  DeadlineExceededError,
  StreamNotFoundError,
  TimeoutError,
  UnavailableError,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { expect } from 'chai';
import { StoreAway } from '#shared/kernel/event-store.ts';
import { isBroken, isPassing, isStreamNotFound, isWrongExpectedVersion } from './failures.ts';

const bare = (code: number | string) => Object.assign(new Error('bare'), { code });
const versions = { streamName: 'thing-1', current: 1n, expected: 0n } as const;
const wrongVersion = new WrongExpectedVersionError(undefined, versions);
const notFound = new StreamNotFoundError(undefined, 'thing-1');

describe('Failures of the event store', () => {
  it('pass when they are about the connection or the server', () => {
    const passing = [
      new UnavailableError(),
      new CancelledError(),
      new TimeoutError(),
      new DeadlineExceededError(),
      new UnknownError(bare(13) as never),
      bare(14),
      bare('ERR_STREAM_PREMATURE_CLOSE'),
      new Error('Failed to discover after 10 attempts.'),
      new StoreAway('away'),
    ];
    expect(passing.filter((error) => !isPassing(error))).to.deep.equal([]);
  });

  it('stay when they are about what was asked', () => {
    const staying = [
      wrongVersion,
      notFound,
      new AccessDeniedError(),
      new UnknownError(bare(3) as never),
      bare(16),
      new TypeError('ours'),
      'text',
      undefined,
    ];
    expect(staying.filter(isPassing)).to.deep.equal([]);
  });

  it('call for a new connection when the client would keep to the old one', () => {
    expect(isBroken(bare(13))).to.equal(true);
    expect(isBroken(new DeadlineExceededError())).to.equal(true);
    expect(isBroken(new UnavailableError())).to.equal(false);
    expect(isBroken(new AccessDeniedError())).to.equal(false);
  });

  it('tell a stream that is not there, and one that has moved on', () => {
    expect([isStreamNotFound(notFound), isStreamNotFound(wrongVersion)]).to.deep.equal([
      true,
      false,
    ]);
    expect([isWrongExpectedVersion(wrongVersion), isWrongExpectedVersion(notFound)]).to.deep.equal([
      true,
      false,
    ]);
  });
});
