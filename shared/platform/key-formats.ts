import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { BadConfig } from './config.ts';

export const KEY_BYTES = 32;
export const CURVE = 'prime256v1';

/** @throws {BadConfig} when it is not 32 bytes in base64. */
export const keyFrom = (name: string, text: string): Buffer => {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== KEY_BYTES || key.toString('base64') !== text.trim())
    throw new BadConfig(
      `${name} must be ${KEY_BYTES} bytes in base64: make one with "openssl rand -base64 ${KEY_BYTES}"`,
    );
  return key;
};

/** A PEM in one line, as compose files and secret stores give it, has its `\n` written out. */
const unfolded = (pem: string) => pem.replaceAll('\\r', '').replaceAll('\\n', '\n').trim();

const onCurve = (name: string, pem: string, read: (pem: string) => KeyObject): KeyObject => {
  const key = (() => {
    try {
      return read(pem);
    } catch (cause) {
      throw new BadConfig(`${name} holds a PEM that cannot be read`, { cause });
    }
  })();
  if (key.asymmetricKeyDetails?.namedCurve !== CURVE)
    throw new BadConfig(`${name} must be of the curve P-256 (${CURVE})`);
  return key;
};

const PRIVATE_PEM = /^-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----$/;
const PUBLIC_PEM = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

/** @throws {BadConfig} when it is not a private key of P-256 in PKCS#8. */
export const privateKeyFrom = (name: string, text: string): KeyObject => {
  const pem = unfolded(text);
  if (!PRIVATE_PEM.test(pem))
    throw new BadConfig(
      `${name} must be one PEM in PKCS#8 ("BEGIN PRIVATE KEY"): make one with "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"`,
    );
  return onCurve(name, pem, createPrivateKey);
};

/** @throws {BadConfig} when it is anything else than public keys of P-256. */
export const publicKeysFrom = (name: string, text: string): readonly KeyObject[] => {
  const pems = unfolded(text);
  if (pems.replaceAll(PUBLIC_PEM, '').trim() !== '')
    throw new BadConfig(
      `${name} must be PEMs of public keys ("BEGIN PUBLIC KEY"), one after the other, and nothing else`,
    );
  return (pems.match(PUBLIC_PEM) ?? []).map((pem) => onCurve(name, pem, createPublicKey));
};
