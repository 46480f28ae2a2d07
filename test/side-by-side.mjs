// Runs specs in some processes side by side: they wait for servers more than they compute.
//   node test/side-by-side.mjs <how many at once> <mocha> [options] <pattern>
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { lookupFiles } from 'mocha/lib/cli/lookup-files.js';
import pLimit from 'p-limit';

/** Of a folder all are about equally slow; who is done early takes the next part. */
const PARTS_FOR_EACH = 2;

const [howMany = '1', mocha = '', ...rest] = process.argv.slice(2);
const files = lookupFiles(rest.at(-1) ?? '', ['.ts'], false).toSorted();
const options = rest.slice(0, -1);
const atOnce = pLimit(Number(howMany));

const count = Math.min(files.length, Number(howMany) * PARTS_FOR_EACH);
const parts = Array.from({ length: count }, (_, part) =>
  files.filter((_, nth) => nth % count === part),
);

const run = async (part) => {
  const child = spawn(mocha, [...options, ...part], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const [said, troubles, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    closed,
  ]);
  const isGreen = code === 0;
  const tell = () => {
    process.stdout.write(said);
    process.stderr.write(troubles);
  };
  if (isGreen) tell();
  return { isGreen, tell };
};

// What failed is told last: that is where one looks, and what is left of an output that is cut.
const ended = await Promise.all(parts.map((part) => atOnce(run, part)));
const failed = ended.filter(({ isGreen }) => !isGreen);
for (const { tell } of failed) tell();
process.exitCode = ended.length > 0 && failed.length === 0 ? 0 : 1;
