import type { AUser, Reply } from '../support/a-user.ts';

/** Who calls, and what earlier calls have left for later ones. */
export type Stage = {
  readonly commandApi: string;
  readonly queryApi: string;
  /** Where mails are caught. */
  readonly mail: string;
  /** What stands in for partners. */
  readonly sandbox: string;
  readonly admin: AUser;
  readonly analyst: AUser;
  readonly partner: AUser;
  readonly reseller: AUser;
  readonly operator: AUser;
  readonly erp: AUser;
  readonly auditor: AUser;
  /** What customers use. */
  readonly app: AUser;
  readonly left: Map<string, string>;
};

export type Call = {
  readonly api: 'command' | 'query';
  /** Method and path, as the document has them. */
  readonly route: string;
  readonly status: number;
  readonly ask: (stage: Stage) => Promise<Reply>;
};

const call = (api: Call['api'], route: string, status: number, how: Call['ask']): Call => ({
  ...{ api, route, status, ask: how },
});
export const command = (route: string, status: number, how: Call['ask']) =>
  call('command', route, status, how);
export const query = (route: string, status: number, how: Call['ask']) =>
  call('query', route, status, how);

export const left = ({ left: all }: Stage, name: string): string => {
  const value = all.get(name);
  if (value === undefined) throw new Error(`No earlier call has left ${name}`);
  return value;
};

/** Remembers what was made, and how far the log had got by then. */
export const leaving = async (
  stage: Stage,
  name: string,
  asked: Promise<Reply>,
): Promise<Reply> => {
  const reply = await asked;
  const { id, refresh_token: token } = reply.body as { id?: string; refresh_token?: string };
  stage.left.set(name, id ?? token ?? '');
  const position = reply.headers.get('log-position');
  if (position !== null) stage.left.set('position', position);
  return reply;
};

/** Reads what was just written, however far behind the views are. */
export const seen = (stage: Stage) => ({ 'Min-Log-Position': left(stage, 'position') });
