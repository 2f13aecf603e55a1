import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimFolder, localUrl, releaseFolder, runningOn } from '../src/cli/data-folder.ts';

let folder = '';
const servers: Server[] = [];
const now = Date.now();
const longAgo = now - 86_400_000;
const note = (of: object): void => writeFileSync(join(folder, 'daybook.json'), JSON.stringify(of));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-folder-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A server that is well. */
const healthy = async (): Promise<string> => {
  const server = createServer((request, response) => response.writeHead(request.url === '/health' ? 200 : 404).end());
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** The number of a process that has ended. */
const ended = async (): Promise<number> => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
};

test('a folder belongs to one server, and is given back', async () => {
  expect(await claimFolder(folder, 'http://localhost:1', now)).toBeNull();
  expect(JSON.parse(readFileSync(join(folder, 'daybook.json'), 'utf8')).pid).toBe(process.pid);
  releaseFolder(folder);
  expect(await runningOn(folder)).toBeNull();
});

test('a server that answers, or is starting, keeps others out', async () => {
  const answering = { pid: process.ppid, url: await healthy(), sinceMs: longAgo };
  note(answering);
  expect(await claimFolder(folder, 'http://localhost:1', now)).toEqual(answering);
  const starting = { pid: process.ppid, url: 'http://127.0.0.1:1', sinceMs: now };
  note(starting);
  expect(await claimFolder(folder, 'http://localhost:2', now)).toEqual(starting);
  releaseFolder(folder);
  expect(await runningOn(folder)).toEqual(starting);
});

test('what a killed server left keeps nobody out', async () => {
  note({ pid: await ended(), url: await healthy(), sinceMs: now });
  expect(await claimFolder(folder, 'http://localhost:1', now)).toBeNull();
  note({ pid: process.ppid, url: 'http://127.0.0.1:1', sinceMs: longAgo });
  expect(await claimFolder(folder, 'http://localhost:1', now)).toBeNull();
  writeFileSync(join(folder, 'daybook.json'), '{"pid":');
  expect(await claimFolder(folder, 'http://localhost:1', now)).toBeNull();
});

test('commands find the server on the folder, unless they are told another address', async () => {
  expect(await localUrl({ folder })).toBe('http://localhost:8787');
  const url = await healthy();
  note({ pid: process.ppid, url, sinceMs: longAgo });
  expect(await localUrl({ folder })).toBe(url);
  expect(await localUrl({ folder, port: 9000 })).toBe('http://localhost:9000');
  expect(await localUrl({ folder, url: 'https://daybook.example/' })).toBe('https://daybook.example');
});
