import { expect } from 'chai';
import { addressOf } from './connection.ts';

describe('The address of a broker', () => {
  it('is told from who speaks to it', () => {
    expect(addressOf('mqtts://gate:secret@broker.example:8883/path?x=1')).to.deep.equal({
      at: 'mqtts://broker.example:8883/path?x=1',
      as: { username: 'gate', password: 'secret' },
    });
  });

  it('may have whatever is escaped in user and password', () => {
    const [user, password] = ['a@b:c', 'p:a/s?s#w%ö'].map(encodeURIComponent);
    expect(addressOf(`mqtt://${user}:${password}@broker`).as).to.deep.equal({
      username: 'a@b:c',
      password: 'p:a/s?s#w%ö',
    });
  });

  it('needs neither', () => {
    expect(addressOf('mqtt://127.0.0.1:1883')).to.deep.equal({
      at: 'mqtt://127.0.0.1:1883',
      as: {},
    });
    expect(addressOf('mqtt://gate@broker').as).to.deep.equal({ username: 'gate' });
  });
});
