import { expect } from 'chai';
import { Type } from '#shared/kernel/type.ts';
import { BadConfig, commonSettings, milliseconds, port, settingsFrom } from './config.ts';

const settings = {
  ...commonSettings,
  A_PORT: port(8080),
  A_WAIT_MS: milliseconds(500, 10),
  AN_URL: Type.String({ format: 'uri' }),
  A_SWITCH: Type.Boolean({ default: true }),
};
const AN_URL = 'http://127.0.0.1';

describe('Settings', () => {
  it('are what the environment says, and otherwise the defaults', () => {
    const read = settingsFrom(settings, { AN_URL, A_PORT: '9000', A_SWITCH: 'false', OTHER: 'x' });
    expect(read).to.deep.equal({
      ...{ LASTRO_ENV: 'development', LASTRO_DATA_DIR: '.lastro', LOG_LEVEL: 'info' },
      ...{ A_PORT: 9000, A_WAIT_MS: 500, AN_URL, A_SWITCH: false },
    });
  });

  it('take a variable that is empty for one that is not set', () => {
    expect(settingsFrom(settings, { AN_URL, A_PORT: '' }).A_PORT).to.equal(8080);
  });

  it('name everything that is wrong, in one line, and show no value', () => {
    const wrong = {
      AN_URL: 'no secret url',
      A_PORT: '70000',
      A_WAIT_MS: 'soon',
      LOG_LEVEL: 'loud',
    };
    const read = () => settingsFrom(settings, wrong);
    expect(read).to.throw(BadConfig, /^[^\n]+$/);
    for (const name of Object.keys(wrong)) expect(read).to.throw(BadConfig, name);
    expect(read).not.to.throw(/secret|soon|loud|70000/);
  });

  it('say what there is to choose from', () => {
    const read = () => settingsFrom(settings, { AN_URL, LASTRO_ENV: 'prod' });
    expect(read).to.throw(BadConfig, /^LASTRO_ENV must be one of development, production$/);
  });

  it('say what is missing', () => {
    expect(() => settingsFrom(settings, {})).to.throw(BadConfig, 'AN_URL is missing');
  });

  it('have ports that there are, and times that make sense', () => {
    for (const A_PORT of ['0', '65536', '80.5', 'http', '-1'])
      expect(() => settingsFrom(settings, { AN_URL, A_PORT }), A_PORT).to.throw(
        BadConfig,
        'A_PORT',
      );
    for (const A_WAIT_MS of ['9', '2147483648', '1.5'])
      expect(() => settingsFrom(settings, { AN_URL, A_WAIT_MS }), A_WAIT_MS).to.throw(BadConfig);
  });
});
