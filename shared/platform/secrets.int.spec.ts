import { execFile } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { BadConfig } from './config.ts';
import { jwkOf } from './http/token.ts';
import { dataSecretsFrom, signingSecretsFrom, verifyingSecretsFrom } from './secrets.ts';

const pairOn = (namedCurve: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return {
    publicKey,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sec1: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
  };
};
const one = pairOn('P-256');
const other = pairOn('P-256');
const onAnotherCurve = pairOn('P-384');

const kids = (keys: readonly KeyObject[]) => keys.map((key) => jwkOf(key).kid);
const base64 = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64');

const flawOf = async (reading: Promise<unknown>): Promise<string> => {
  try {
    await reading;
  } catch (error) {
    if (error instanceof BadConfig) return error.message;
    throw error;
  }
  throw new Error('Nothing was found to be wrong');
};

describe('Secrets', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-secrets-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const development = (settings: object = {}) => ({
    LASTRO_ENV: 'development' as const,
    LASTRO_DATA_DIR: directory,
    ...settings,
  });
  const withoutTokens = (settings: object = {}) => ({
    LASTRO_ENV: 'production' as const,
    LASTRO_DATA_DIR: directory,
    LASTRO_MASTER_KEY: base64(32),
    LASTRO_HASH_KEY: base64(32),
    ...settings,
  });
  const production = (settings: object = {}) =>
    withoutTokens({ JWT_PRIVATE_KEY: one.privatePem, ...settings });

  it('are made in development, and are the same ever after', async () => {
    const first = await signingSecretsFrom(development());
    const second = await signingSecretsFrom(development());
    expect(first.masterKey).to.have.length(32);
    expect(first.masterKey).not.to.deep.equal(first.hashKey);
    expect(second.masterKey).to.deep.equal(first.masterKey);
    expect(second.hashKey).to.deep.equal(first.hashKey);
    expect(kids([second.signingKey])).to.deep.equal(kids([first.signingKey]));
  });

  it('are for nobody else to read, and leave no drafts behind', async () => {
    await signingSecretsFrom(development());
    const keys = join(directory, 'keys');
    const files = await readdir(keys);
    expect(files).to.have.members(['master.key', 'hash.key', 'jwt-private.pem']);
    const modes = await Promise.all(files.map(async (file) => (await stat(join(keys, file))).mode));
    for (const mode of modes) expect(mode & 0o777).to.equal(0o600);
    expect((await stat(keys)).mode & 0o777).to.equal(0o700);
  });

  it('are agreed on by processes that start at the same moment', async function () {
    this.timeout(180_000);
    const script = `
      import { signingSecretsFrom } from ${JSON.stringify(new URL('secrets.ts', import.meta.url).href)};
      const { masterKey, hashKey, signingKey } = await signingSecretsFrom(${JSON.stringify(development())});
      const pem = signingKey.export({ type: 'pkcs8', format: 'pem' });
      process.stdout.write(masterKey.toString('hex') + hashKey.toString('hex') + pem);`;
    const start = () =>
      promisify(execFile)(process.execPath, [
        ...['--import', 'tsx', '--input-type', 'module', '--eval', script],
      ]);
    const said = await Promise.all(Array.from({ length: 4 }, start));
    expect(new Set(said.map(({ stdout }) => stdout))).to.have.length(1);
    expect(said[0]?.stdout).to.include('BEGIN PRIVATE KEY');
  });

  it('are taken from the environment where they are given, and not made then', async () => {
    const given = { LASTRO_MASTER_KEY: base64(32), LASTRO_HASH_KEY: base64(32) };
    const { masterKey } = await dataSecretsFrom(development(given));
    expect(masterKey).to.deep.equal(Buffer.alloc(32, 7));
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it('are all missed in production, by name, and none is made', async () => {
    const bare = { LASTRO_ENV: 'production' as const, LASTRO_DATA_DIR: directory };
    expect(await flawOf(signingSecretsFrom(bare))).to.equal(
      'LASTRO_MASTER_KEY is missing; LASTRO_HASH_KEY is missing; JWT_PRIVATE_KEY is missing',
    );
    expect(await flawOf(verifyingSecretsFrom(bare))).to.include('JWT_PRIVATE_KEY is missing');
    expect(await flawOf(dataSecretsFrom(bare))).not.to.include('JWT');
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it('are of the right length, in base64', async () => {
    for (const LASTRO_HASH_KEY of [base64(31), base64(33), 'x'.repeat(44), base64(32).slice(0, 40)])
      expect(await flawOf(dataSecretsFrom(production({ LASTRO_HASH_KEY })))).to.match(
        /^LASTRO_HASH_KEY must be 32 bytes in base64/,
      );
  });

  it('sign with a key on the one curve, in the one format', async () => {
    const flawWith = (JWT_PRIVATE_KEY: string) =>
      flawOf(signingSecretsFrom(production({ JWT_PRIVATE_KEY })));
    expect(await flawWith(onAnotherCurve.privatePem)).to.match(/^JWT_PRIVATE_KEY .*P-256/);
    expect(await flawWith(one.sec1)).to.match(/^JWT_PRIVATE_KEY .*PKCS#8/);
    expect(await flawWith(one.publicPem)).to.match(/^JWT_PRIVATE_KEY .*PKCS#8/);
    expect(await flawWith(one.privatePem.replace(/\n..../, '\n!!!!'))).to.match(
      /^JWT_PRIVATE_KEY .*cannot be read$/,
    );
  });

  it('never show in what is said about them', async () => {
    const broken = one.privatePem.replace(/\n..../, '\n!!!!');
    const flaw = await flawOf(signingSecretsFrom(production({ JWT_PRIVATE_KEY: broken })));
    expect(flaw).not.to.include(broken.split('\n')[1]);
    expect(flaw).not.to.include('\n');
  });

  it('are read from PEMs that stand in one line', async () => {
    const JWT_PRIVATE_KEY = one.privatePem.replaceAll('\n', '\\n');
    const { publicKeys } = await signingSecretsFrom(production({ JWT_PRIVATE_KEY }));
    expect(kids(publicKeys)).to.deep.equal(kids([one.publicKey]));
  });

  it('accept the signing key’s own public key and all that are given', async () => {
    const JWT_PUBLIC_KEYS = other.publicPem + one.publicPem.replaceAll('\n', '\\n');
    const { publicKeys } = await signingSecretsFrom(production({ JWT_PUBLIC_KEYS }));
    expect(new Set(kids(publicKeys))).to.deep.equal(
      new Set(kids([one.publicKey, other.publicKey])),
    );
    expect(kids(publicKeys)[0]).to.equal(kids([one.publicKey])[0]);
  });

  it('accept nothing but public keys beside it', async () => {
    const flawWith = (JWT_PUBLIC_KEYS: string) =>
      flawOf(signingSecretsFrom(production({ JWT_PUBLIC_KEYS })));
    for (const pems of [other.privatePem, `${other.publicPem}x`, 'none'])
      expect(await flawWith(pems)).to.match(/^JWT_PUBLIC_KEYS must be PEMs of public keys/);
    expect(await flawWith(onAnotherCurve.publicPem)).to.match(/^JWT_PUBLIC_KEYS .*P-256/);
  });

  it('do without the signing key where tokens are only checked', async () => {
    const settings = withoutTokens({ JWT_PUBLIC_KEYS: other.publicPem });
    const { publicKeys } = await verifyingSecretsFrom(settings);
    expect(kids(publicKeys)).to.deep.equal(kids([other.publicKey]));
    expect(await flawOf(signingSecretsFrom(settings))).to.equal('JWT_PRIVATE_KEY is missing');
  });

  it('say so in one line when they cannot be kept', async () => {
    const file = join(directory, 'a-file');
    await writeFile(file, '');
    const flaw = await flawOf(dataSecretsFrom(development({ LASTRO_DATA_DIR: file })));
    expect(flaw).to.match(/^Keys cannot be kept below LASTRO_DATA_DIR: /);
    expect(await readFile(file, 'utf8')).to.equal('');
  });
});
