import { expect } from 'chai';
import { BadConfig } from './config.ts';
import { brokerAddress } from './broker-address.ts';

describe('The address of a broker', () => {
  it('is told from who speaks to it', () => {
    expect(brokerAddress('mqtts://gate:secret@broker.example:8883/path?x=1')).to.deep.equal({
      at: 'mqtts://broker.example:8883/path?x=1',
      as: { username: 'gate', password: 'secret' },
    });
  });

  it('may have whatever is escaped in user and password', () => {
    const [user, password] = ['a@b:c', 'p:a/s?s#w%ö'].map(encodeURIComponent);
    expect(brokerAddress(`mqtt://${user}:${password}@broker`).as).to.deep.equal({
      username: 'a@b:c',
      password: 'p:a/s?s#w%ö',
    });
  });

  it('needs neither', () => {
    expect(brokerAddress('mqtt://127.0.0.1:1883')).to.deep.equal({
      at: 'mqtt://127.0.0.1:1883',
      as: {},
    });
    expect(brokerAddress('mqtt://gate@broker').as).to.deep.equal({ username: 'gate' });
  });

  it('is refused when it is none, or not escaped', () => {
    const failure = (url: string) => () => brokerAddress(url);
    expect(failure('a broker')).to.throw(BadConfig, 'MQTT_URL is no URL');
    expect(failure('mqtt://gate:50%@broker')).to.throw(BadConfig, /^((?!50).)*write %25$/);
  });
});
