import { BadConfig } from './config.ts';

export type BrokerAddress = {
  /** Without user and password. */
  readonly at: string;
  readonly as: { readonly username?: string; readonly password?: string };
};

const unescaped = (escaped: string): string => {
  try {
    return decodeURIComponent(escaped);
  } catch {
    throw new BadConfig(
      'MQTT_URL has a user or a password with a % that escapes nothing: write %25',
    );
  }
};

/**
 * Of `MQTT_URL`, who is meant to speak apart from where: MQTT clients end a user's name at the last
 * colon, and that may be one in the password.
 * @throws {BadConfig} if it is no URL, or not escaped as URLs are; it does not repeat what was given.
 */
export const brokerAddress = (url: string): BrokerAddress => {
  if (!URL.canParse(url)) throw new BadConfig('MQTT_URL is no URL');
  const address = new URL(url);
  const [username, password] = [address.username, address.password].map(unescaped);
  [address.username, address.password] = ['', ''];
  return { at: address.href, as: { ...(username && { username, ...(password && { password }) }) } };
};
