/** The stream of everything, in the order of commits. Nobody writes to it. */
export const ALL = '$all';

const METASTREAM = '$$';
export const METADATA_TYPE = '$metadata';

export const isMetastream = (stream: string): boolean => stream.startsWith(METASTREAM);
export const metastreamOf = (stream: string): string => `${METASTREAM}${stream}`;
export const originalOf = (metastream: string): string => metastream.slice(METASTREAM.length);
