import { randomUUID } from 'node:crypto';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { Now } from './writer.ts';

const TICKS_PER_MILLISECOND = 10_000n;

/** A cluster of one, which leads itself, and is where it was asked: `host:port`. */
export const clusterOfOne = (now: Now): ((authority: string) => gossip.ClusterInfo) => {
  const instance = new shared.UUID().setString(randomUUID());
  return (authority) => {
    const { hostname, port } = new URL(`http://${authority}`);
    return new gossip.ClusterInfo().setMembersList([
      new gossip.MemberInfo()
        .setInstanceId(instance)
        .setTimeStamp(String(BigInt(Math.trunc(now())) * TICKS_PER_MILLISECOND))
        .setState(gossip.MemberInfo.VNodeState.LEADER)
        .setIsAlive(true)
        .setHttpEndPoint(new gossip.EndPoint().setAddress(hostname).setPort(Number(port))),
    ]);
  };
};
