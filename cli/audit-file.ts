import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { manifestFrom, type Manifest } from '#shared/audit/manifest.ts';
import { fromLine, isSeal, type Seal } from '#shared/audit/stored.ts';
import { readableSeal, verifying, type Verified } from '#shared/audit/verifying.ts';
import { Unreadable } from '#shared/kernel/schema.ts';
import type { StoredEvent } from '#shared/kernel/stored-log.ts';
import { Failed, type Output } from './outcome.ts';
import { telling } from './telling.ts';

/** What no event of ours comes near. */
const LONGEST_LINE = 64 * 1024 * 1024;
const NEWLINE = 10;

/** Lines with what ends them, as bytes: a hash is over those. */
const linesOf = async function* (file: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let size = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    const bytes = chunk as Buffer;
    let from = 0;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
      yield Buffer.concat([...rest, bytes.subarray(from, at + 1)]);
      [rest, size, from] = [[], 0, at + 1];
    }
    rest.push(bytes.subarray(from));
    size += bytes.length - from;
    if (size > LONGEST_LINE) throw new Failed(`A line of ${file} is longer than any event can be`);
  }
  if (size > 0) yield Buffer.concat(rest);
};

type Line = { readonly nth: number; readonly text: string; readonly isLast: boolean };

/** Each line but the last goes into the hash that the last one, the manifest, has to give. */
const numbered = async function* (
  file: string,
  hash: { readonly update: (bytes: Buffer) => unknown },
): AsyncGenerator<Line> {
  let before: Buffer | undefined;
  let nth = 0;
  for await (const line of linesOf(file)) {
    if (before) {
      hash.update(before);
      yield { nth: (nth += 1), text: before.toString(), isLast: false };
    }
    before = line;
  }
  if (before) yield { nth: nth + 1, text: before.toString(), isLast: true };
};

type Tell = (flaw: string) => void;

const understood = <T>(read: () => T, { nth }: Line, tell: Tell): T | undefined => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof SyntaxError)) throw error;
    tell(`line ${nth} cannot be read: ${error.message}`);
    return undefined;
  }
};

const read = async (file: string, onEvent: (event: StoredEvent) => void, tell: Tell) => {
  const hash = createHash('sha256');
  let rows = 0;
  let manifest: Manifest | undefined;
  for await (const line of numbered(file, hash)) {
    if (line.isLast) manifest = understood(() => manifestFrom(line.text), line, tell);
    else {
      rows += 1;
      const event = understood(() => fromLine(line.text), line, tell);
      if (event) onEvent(event);
    }
  }
  return { manifest, rows, sha256: hash.digest('hex') };
};

/** A first pass: what seals there are, before what they cover comes by. */
const chainIn = async (
  file: string,
): Promise<{ seals: Seal[]; manifest: Manifest | undefined }> => {
  const seals: Seal[] = [];
  const ignore = () => undefined;
  const { manifest } = await read(
    file,
    (event) => {
      const seal = isSeal(event) ? readableSeal(event, ignore) : undefined;
      if (seal) seals.push(seal);
    },
    ignore,
  );
  return { seals, manifest };
};

/**
 * Holds an export to the seals in it. No server is asked.
 * @throws {Failed} when it is not an export of everything as it is stored, or cannot be read.
 */
export const verifyExport = async (file: string, output: Output): Promise<Verified> => {
  try {
    const { seals, manifest: claimed } = await chainIn(file);
    if (claimed && Object.keys(claimed.query).length > 0)
      throw new Failed(
        `${file} holds only ${JSON.stringify(claimed.query)}; seals are over everything: export it with "lastro audit export --format ndjson", and no other option`,
      );
    const verification = verifying(seals);
    const progress = telling('verified', output);
    const add = (event: StoredEvent) => {
      verification.add(event);
      progress.add(1);
    };
    const { manifest, rows, sha256 } = await read(file, add, verification.tell);
    progress.end();
    if (!manifest) verification.tell('the export breaks off: its last line is no manifest');
    else {
      if (manifest.rows !== rows)
        verification.tell(`the manifest counts ${manifest.rows} rows, there are ${rows}`);
      if (manifest.sha256 !== sha256)
        verification.tell(`the manifest has sha256 ${manifest.sha256}, the rows have ${sha256}`);
    }
    return verification.close();
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'syscall' in error)
      throw new Failed(`${file} cannot be read: ${error.message}`, { cause: error });
    throw error;
  }
};
