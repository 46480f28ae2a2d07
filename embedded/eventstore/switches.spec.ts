import { expect } from 'chai';
import { BadConfig } from '#shared/platform/config.ts';
import { switchesFrom } from './switches.ts';

describe('The switches of the event store', () => {
  it('say nothing unless they are set', () => {
    expect(switchesFrom([])).to.deep.equal({});
  });

  it('say how production behaves', () => {
    const args = ['--max-append-size=2048', '--write-timeout', '500', '--max-concurrent-streams=7'];
    expect(switchesFrom([...args, '--id-cache=volatile', '--leader=other:2114'])).to.deep.equal({
      maxAppendSize: 2_048,
      writeTimeoutMs: 500,
      maxConcurrentStreams: 7,
      idCache: 'volatile',
      leader: { host: 'other', port: 2_114 },
    });
  });

  it('name what goes wrong, one thing or several', () => {
    expect(switchesFrom(['--chaos=unavailable,not-leader'])).to.deep.equal({
      chaos: ['unavailable', 'not-leader'],
    });
  });

  it('of the command line count more than those before them', () => {
    expect(switchesFrom(['--write-timeout=1', '--write-timeout=2'])).to.deep.equal({
      writeTimeoutMs: 2,
    });
  });

  for (const [args, why] of [
    [['--chaos=fire'], '--chaos=fire is none of unavailable'],
    [['--write-timeout=0'], '--write-timeout is a whole number from 1'],
    [['--max-append-size=1MiB'], '--max-append-size is a whole number'],
    [['--id-cache=off'], '--id-cache is durable or volatile'],
    [['--leader=elsewhere'], '--leader is HOST:PORT'],
    [['--tls-cert=a.pem'], '--tls-cert and --tls-key go together'],
    [['--tls-cert=/none.pem', '--tls-key=/none.pem'], '--tls-cert=/none.pem cannot be read'],
    [['--fast'], "Unknown option '--fast'"],
    [['fast'], 'Unexpected argument'],
  ] as const)
    it(`are refused when they are ${args.join(' ')}`, () => {
      expect(() => switchesFrom(args)).to.throw(BadConfig, why);
    });
});
