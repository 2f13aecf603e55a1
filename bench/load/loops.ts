import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from './connection.ts';
import type { Task } from './task.ts';
import { type Run, type Visit, visits } from './visit.ts';

/** Connections of an open loop: enough that none is waited for below saturation. */
const openConnections = 256;

type Note = (visit: Visit, latenessMs: number) => void;

/** Every client visits again as soon as it is answered. */
export const closedLoop = async (task: Task, run: Run, note: Note): Promise<void> => {
  const connections = await connect(task, task.clients);
  const untilMs = performance.now() + task.durationMs;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < untilMs) {
        const visit = await visits[task.workload](run, connection);
        if (visit === null) return;
        note(visit, 0);
      }
    }),
  );
  await close(connections);
};

/**
 * Visits begin at a steady rate, whatever the answers take. A visit that could not begin in time because the server
 * was slow counts from when it was meant to begin: nothing is omitted in a coordinated way.
 */
export const openLoop = async (task: Task, rate: number, run: Run, note: Note): Promise<void> => {
  const connections = await connect(task, openConnections);
  const free = [...connections];
  const waiting: number[] = [];
  const under: Promise<void>[] = [];
  const startMs = performance.now();
  const total = Math.floor((task.durationMs / 1000) * rate);

  const serve = async (connection: Connection, intendedMs: number): Promise<void> => {
    let next: number | undefined = intendedMs;
    while (next !== undefined) {
      const lateMs = performance.now() - next;
      const visit = await visits[task.workload](run, connection);
      if (visit !== null) note(visit, lateMs);
      next = waiting.shift();
    }
    free.push(connection);
  };
  for (let sent = 0; sent < total; ) {
    const dueMs = startMs + (sent * 1000) / rate;
    const aheadMs = dueMs - performance.now();
    if (aheadMs > 0) {
      await sleep(aheadMs);
      continue;
    }
    sent += 1;
    const connection = free.pop();
    if (connection === undefined) waiting.push(dueMs);
    else under.push(serve(connection, dueMs));
  }
  await Promise.all(under);
  await close(connections);
};

/** Everybody visits once, at the same moment, on connections that are open already. */
export const burst = async (task: Task, run: Run, note: Note): Promise<void> => {
  const connections = await connect(task, task.clients);
  await Promise.all(
    connections.map(async (connection) => {
      const visit = await visits[task.workload](run, connection);
      if (visit !== null) note(visit, 0);
    }),
  );
  await close(connections);
};

const connect = async (task: Task, count: number): Promise<Connection[]> => {
  const connections = Array.from({ length: count }, () => new Connection(task.url));
  for (let i = 0; i < count; i += 100) {
    await Promise.all(connections.slice(i, i + 100).map((one) => one.ask({ method: 'GET', path: '/health' })));
  }
  return connections;
};

const close = async (connections: readonly Connection[]): Promise<void> => {
  await Promise.all(connections.map((connection) => connection.close()));
};
