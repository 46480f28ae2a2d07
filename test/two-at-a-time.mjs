// Runs specs in two processes side by side: they wait for servers more than they compute.
//   node test/two-at-a-time.mjs <mocha> [options] <pattern>
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { lookupFiles } from 'mocha/lib/cli/lookup-files.js';

const [mocha = '', ...rest] = process.argv.slice(2);
const files = lookupFiles(rest.at(-1) ?? '', ['.ts'], false).toSorted();
const options = rest.slice(0, -1);

/** Every other one: those of a folder are about equally slow. */
const half = (which) => files.filter((_, nth) => nth % 2 === which);
const started = (which, stdout) =>
  spawn(mocha, [...options, ...half(which)], { stdio: ['ignore', stdout, 'inherit'] });
const codeOf = async (child) => (await once(child, 'exit'))[0] ?? 1;

const [loud, quiet] = [started(0, 'inherit'), started(1, 'pipe')];
const [said, ...codes] = await Promise.all([buffer(quiet.stdout), codeOf(loud), codeOf(quiet)]);
process.stdout.write(said);
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
