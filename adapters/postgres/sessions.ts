import type { Knex } from 'knex';
import type {
  Holder,
  Revocation,
  RevokedSession,
  Rotation,
  Session,
  Sessions,
} from '#shared/account/ports.ts';
import type { AccountId, CompanyId } from '#shared/ids.ts';
import type { Instant, Meta } from '#shared/kernel/message.ts';

const SESSION = 'vault.session';

/** A session that is not used ends after this time, and one that is after the other. */
const LONGEST_PAUSE = '14 days';
const LONGEST_SESSION = '90 days';

type SessionRow = {
  readonly id: string;
  readonly account_id: AccountId;
  readonly device: string;
  readonly created_at: Date;
  readonly last_used_at: Date;
  readonly expires_at: Date;
  readonly reason: Revocation;
  readonly revoked_by: Meta;
};

const sessionOf = (row: SessionRow): Session => ({
  id: row.id,
  device: row.device,
  createdAt: row.created_at.toISOString() as Instant,
  lastUsedAt: row.last_used_at.toISOString() as Instant,
  expiresAt: row.expires_at.toISOString() as Instant,
});

const revokedOf = (row: SessionRow): RevokedSession => ({
  id: row.id,
  accountId: row.account_id,
  reason: row.reason,
  meta: row.revoked_by,
});

const revocation = (reason: Revocation, meta: Meta) => ({
  revoked_at: meta.at,
  reason,
  revoked_by: meta,
});

/** All that are still good, as part of what ends them. */
export const revokeSessionsOf = async (
  tx: Knex,
  accountId: AccountId,
  reason: Revocation,
  meta: Meta,
): Promise<void> => {
  await tx(SESSION)
    .where({ account_id: accountId, revoked_at: null })
    .update(revocation(reason, meta));
};

/** Locks the credential, so that whoever disables the account meanwhile finds the session. */
const open =
  (db: Knex): Sessions['open'] =>
  async ({ id, tokenHash, device, at }, checked) => {
    const { rows } = await db.raw<{ readonly rows: readonly unknown[] }>(
      `insert into vault.session
       (id, account_id, token_hash, device, created_at, last_used_at, expires_at)
     select :id, account_id, :tokenHash, :device, :at, :at,
            :at::timestamptz + interval '${LONGEST_PAUSE}'
       from vault.credentials
      where account_id = :accountId and password_hash = :passwordHash and disabled_at is null
        for share
     returning id`,
      {
        id,
        tokenHash,
        device,
        at,
        accountId: checked.accountId,
        passwordHash: checked.passwordHash,
      },
    );
    return rows.length > 0;
  };

type HolderRow = {
  readonly account_id: AccountId;
  readonly role: string;
  readonly company_id: CompanyId | null;
};

const turned = async (db: Knex, rotation: Rotation): Promise<Holder | undefined> => {
  const { id, presentedHash, nextHash, meta } = rotation;
  const { rows } = await db.raw<{ readonly rows: readonly HolderRow[] }>(
    `update vault.session as session
        set token_hash = :nextHash,
            last_used_at = :at,
            expires_at = least(:at::timestamptz + interval '${LONGEST_PAUSE}',
                               created_at + interval '${LONGEST_SESSION}')
       from vault.credentials as credentials
      where session.id = :id and token_hash = :presentedHash
        and revoked_at is null and expires_at > :at
        and credentials.account_id = session.account_id and disabled_at is null
     returning credentials.account_id, role, company_id`,
    { id, presentedHash, nextHash, at: meta.at },
  );
  const [row] = rows;
  return (
    row && {
      accountId: row.account_id,
      role: row.role,
      ...(row.company_id !== null && { companyId: row.company_id }),
    }
  );
};

const rotate =
  (db: Knex): Sessions['rotate'] =>
  async (rotation) => {
    const holder = await turned(db, rotation);
    if (holder) return holder;
    const { id, presentedHash, meta } = rotation;
    const reused = await db(SESSION)
      .where({ id, revoked_at: null })
      .whereNot({ token_hash: presentedHash })
      .where('expires_at', '>', meta.at)
      .update(revocation('token-reused', meta));
    return reused > 0 ? 'reused' : 'ended';
  };

const active =
  (db: Knex): Sessions['active'] =>
  async (accountId, at, { limit, before }) => {
    const rows = db(SESSION)
      .where({ account_id: accountId, revoked_at: null })
      .where('expires_at', '>', at);
    if (before) void rows.whereRaw('(created_at, id) < (?, ?)', [before.createdAt, before.id]);
    const found = await rows
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(limit)
      .select<SessionRow[]>('*');
    return found.map(sessionOf);
  };

const unrecorded =
  (db: Knex): Sessions['unrecorded'] =>
  async (limit, of) => {
    const rows = db(SESSION).whereNotNull('revoked_at').where({ recorded: false });
    if (of) void rows.where('id' in of ? { id: of.id } : { account_id: of.accountId });
    const found = await rows.orderBy('revoked_at').limit(limit).select<SessionRow[]>('*');
    return found.map(revokedOf);
  };

export const sessionsIn = (db: Knex): Sessions => ({
  open: open(db),
  discard: async (id) => {
    await db(SESSION).where({ id }).delete();
  },
  rotate: rotate(db),
  revoke: async (id, reason, meta) => {
    await db(SESSION)
      .where({ id, revoked_at: null })
      .where('expires_at', '>', meta.at)
      .update(revocation(reason, meta));
  },
  active: active(db),
  unrecorded: unrecorded(db),
  recorded: async (ids) => {
    await db(SESSION).whereIn('id', ids).update({ recorded: true });
  },
  purge: async (endedBefore, limit) => {
    const ended = db(SESSION)
      .select('id')
      .where('expires_at', '<', endedBefore)
      .where((row) => void row.whereNull('revoked_at').orWhere({ recorded: true }))
      .limit(limit);
    await db(SESSION).whereIn('id', ended).delete();
  },
});
