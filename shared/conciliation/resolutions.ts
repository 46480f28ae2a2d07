/** What can be done about a finding. */
export const RESOLUTIONS = ['RESENT', 'SETTLED', 'WRITTEN_OFF', 'EXPLAINED'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];
