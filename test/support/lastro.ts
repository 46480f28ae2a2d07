import { Command, CommanderError } from 'commander';

type Register = (program: Command, environment: NodeJS.ProcessEnv) => void;
export type Said = { readonly code: number; readonly out: string; readonly said: string };

/** What is written to a stream while something is done. */
const captured = async (stream: NodeJS.WriteStream, work: () => Promise<void>): Promise<string> => {
  const written: string[] = [];
  const write = stream.write.bind(stream);
  stream.write = (chunk: string | Uint8Array) => {
    written.push(String(chunk));
    return true;
  };
  try {
    await work();
  } finally {
    stream.write = write;
  }
  return written.join('');
};

/**
 * Runs a command of ours in this process: what it prints, and what its exit code would be. A
 * process for each would take seconds to start, and says nothing more.
 */
export const lastro = async (
  register: Register,
  environment: NodeJS.ProcessEnv,
  ...args: readonly string[]
): Promise<Said> => {
  const program = new Command('lastro').exitOverride();
  register(program, environment);
  let out = '';
  process.exitCode = 0;
  const run = async () => {
    try {
      await program.parseAsync([...args], { from: 'user' });
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      process.exitCode = 2;
    }
  };
  const said = await captured(process.stderr, async () => {
    out = await captured(process.stdout, run);
  });
  const code = process.exitCode;
  process.exitCode = 0;
  return { code, out, said };
};
