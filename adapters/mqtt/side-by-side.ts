import type { IPublishPacket, MqttClient } from 'mqtt';

/** Of one connection. Beyond that none is taken before the first of them are acknowledged. */
export const MOST_UNACKNOWLEDGED = 64;

type Taken = { readonly acknowledge: () => void; dealtWith: boolean };

/** Told of an error, the client goes on to the next message, and does not acknowledge this one. */
const NOT_YET = new Error('Acknowledged when it has been dealt with');

/** PUBACK, the same in MQTT 3.1.1 and 5 where there is nothing more to say. */
const acknowledgement = (messageId: number): Buffer =>
  Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff]);

const takenFrom = (client: MqttClient, { messageId }: IPublishPacket): Taken => {
  const connection = client.stream;
  return {
    dealtWith: false,
    acknowledge: () => {
      // On another connection the same number may stand for another message.
      if (messageId === undefined || !client.connected || client.stream !== connection) return;
      connection.write(acknowledgement(messageId));
    },
  };
};

/**
 * Deals with messages side by side, and acknowledges each when it has been dealt with, in the order
 * in which they came, as the protocol has it. The client by itself takes one after the other.
 * `deal` says no when a message is to be sent again; then none after it is acknowledged either.
 */
export const dealSideBySide = (
  client: MqttClient,
  deal: (packet: IPublishPacket) => Promise<boolean>,
  most = MOST_UNACKNOWLEDGED,
): void => {
  const order: Taken[] = [];
  let goOn: () => void = () => undefined;

  const settle = () => {
    while (order[0]?.dealtWith) order.shift()?.acknowledge();
    if (order.length >= most) return;
    const next = goOn;
    goOn = () => undefined;
    next();
  };

  client.handleMessage = (packet, done) => {
    const taken = takenFrom(client, packet);
    order.push(taken);
    goOn = () => {
      done(NOT_YET);
    };
    void deal(packet).then((isDealtWith) => {
      taken.dealtWith = isDealtWith;
      settle();
    });
    settle();
  };
};
