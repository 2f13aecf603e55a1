import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { paint } from './terminal.ts';

/** Lines that wrangler prints about itself; the Worker's own lines are what a developer reads. */
const chatter =
  /^(\[wrangler:info\]|⎔|Your Worker has access|Binding\s+Resource|env\.[A-Z_]+ |\s*$|─+$| ?⛅️|Cloudflare collects anonymous|🪵)/u;

/** How wrangler shows what a Worker wrote with console.error. */
const errorLine = /^✘ \[ERROR\] (.*)$/u;

const requestLine = /^\d\d:\d\d:\d\d [A-Z]+ .+ (\d)\d\d \d+ ms$/;

const keptLines = 200;

/**
 * Reads what a wrangler child prints. Keeps it back until `show`, so that starting and seeding stay quiet; `flush`
 * prints what was kept back, for when something went wrong.
 */
export const requestLines = (child: ChildProcess): { show(): void; flush(): void } => {
  let shown = false;
  let kept: string[] = [];
  const take = (raw: string, print: (text: string) => void): void => {
    const line = stripVTControlCharacters(raw);
    if (!shown) kept = [...kept, line].slice(-keptLines);
    else if (!chatter.test(line)) print(coloured(line));
  };
  if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => take(line, console.log));
  if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => take(line, console.error));
  return {
    show: () => {
      shown = true;
      kept = [];
    },
    flush: () => {
      for (const line of kept) console.error(line);
      kept = [];
    },
  };
};

const coloured = (line: string): string => {
  const error = errorLine.exec(line)?.[1];
  if (error !== undefined) return paint('red', error);
  const hundreds = requestLine.exec(line)?.[1];
  if (hundreds === '5') return paint('red', line);
  return hundreds === '4' ? paint('yellow', line) : line;
};
