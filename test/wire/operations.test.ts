import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { operations } from '../../src/local/api/table.ts';
import { readLocalCredentials } from '../../src/local/launch.ts';
import { LocalUnderTest } from '../local/support.ts';
import {
  type Access,
  openApiClient,
  popCoreClient,
  type Reply,
  type WireClient,
} from './operations/clients.ts';
import {
  instanceShape,
  misfits,
  resourceInstanceShape,
  resourceShape,
  type Shape,
} from './operations/shapes.ts';
import type { Names, Step } from './operations/step.ts';
import { steps } from './operations/steps.ts';

/** Every operation that Local EAS claims, driven by clients that nobody here wrote, and held against openapi.md. */
const LIMIT_MS = 60_000;
let local: LocalUnderTest;
let access: Access;
beforeAll(async () => {
  local = await new LocalUnderTest().start();
  access = { apiUrl: local.info.apiUrl, ...(await readLocalCredentials(local.dataDir))! };
});
afterAll(() => local?.end());

describe('the table of operations', () => {
  const written = new Map(
    steps.map(({ operation, method, path }) => [
      operation,
      `${method} ${path
        .replace('/local/', '/{ClusterId}/')
        .replace(/\{(service|twin|copy)\}/, '{ServiceName}')
        .replace('{task}', '{TaskName}')
        .replace('{resource}', '{ResourceId}')
        .replace('{machine}', '{InstanceName}')}`,
    ]),
  );

  test.each(operations.map(({ name, method, path }) => [name, `${method} ${path}`]))(
    '%s has a step here, with method and path of the reference',
    (name, claimed) => expect(written.get(name)).toBe(claimed),
  );
});

const clients: [string, string, () => WireClient][] = [
  ['pop-core (acs)', 'pop', () => popCoreClient(access)],
  ['openapi-core (ACS3-HMAC-SHA256)', 'acs3', () => openApiClient(access)],
  ['openapi-core v2 (acs)', 'v2', () => openApiClient(access, 'v2')],
];

// proves: create, modify, list, desc, showworkers, deleteworkers, start, stop, version, release, delete (wire, pop-core)
// proves: wait, restart, scale, clone, logs, events, endpoints, versions, labels, lock, regions (wire, pop-core)
// proves: autoscale, cronscale (wire, pop-core)
// proves: resource list, resource desc, resource list_instance, resource network (wire, pop-core)
// proves: bench create, bench list, bench desc, bench visualize, bench stop, bench start, bench delete, bench report, bench update (wire, pop-core)
// proves: create, modify, list, desc, showworkers, deleteworkers, start, stop, version, release, delete (wire, openapi-core (ACS3))
// proves: wait, restart, scale, clone, logs, events, endpoints, versions, labels, lock, regions (wire, openapi-core (ACS3))
// proves: autoscale, cronscale (wire, openapi-core (ACS3))
// proves: resource list, resource desc, resource list_instance, resource network (wire, openapi-core (ACS3))
// proves: bench create, bench list, bench desc, bench visualize, bench stop, bench start, bench delete, bench report, bench update (wire, openapi-core (ACS3))
describe.each(clients)('%s', (_title, prefix, connect) => {
  const names: Names = {
    service: `${prefix}_wire`,
    copy: `${prefix}_copy`,
    twin: '',
    instance: '',
    task: '',
    resource: '',
    machine: '',
  };
  let call: WireClient;
  beforeAll(() => {
    call = connect();
  });
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: keyof Names) => names[name]);
  const textOf = (text: Step['message']) => (typeof text === 'function' ? text(names) : text);

  const claimed = steps.filter(({ operation }) => operations.some(({ name }) => name === operation));
  test.each(claimed.map((step, index) => [`${index + 1} ${step.operation}`, step] as const))(
    '%s',
    async (_name, step) => {
      const query = Object.entries(step.query ?? {}).map(([name, text]) => [name, textOf(text)!]);
      const body = step.body?.(names);
      const { RequestId, ...reply } = await call({
        operation: step.operation,
        method: step.method,
        path: fill(step.path),
        query: Object.fromEntries(query),
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      expect(RequestId).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
      expect(misfits(reply, step.reply, step.isPartial ?? false)).toEqual([]);
      if (step.inner) expect(misfits(reply[step.inner.of], step.inner.shape, false)).toEqual([]);
      if (step.operation === 'CreateBenchmarkTask') names.task = reply.TaskName;
      if (step.message) expect(reply.Message).toBe(textOf(step.message));
      if (step.members) checkMembers(reply, step.members);
      await settle(step, reply);
    },
    LIMIT_MS,
  );

  function checkMembers(reply: Reply, members: { of: string; shape: Shape; isPartial?: boolean }) {
    const list = reply[members.of] as Reply[];
    expect(list.length).toBeGreaterThan(0);
    for (const member of list) expect(misfits(member, members.shape, members.isPartial ?? false)).toEqual([]);
    if (members.shape === instanceShape) names.instance = list[0]!.InstanceName;
    if (members.shape === resourceInstanceShape) names.machine = list[0]!.InstanceName;
    if (members.shape === resourceShape) names.resource = list[0]!.ResourceId;
  }

  /** Asks until the task has that status, or is gone. */
  async function untilTask(status: string): Promise<void> {
    for (;;) {
      const path = `benchmark-tasks/local/${names.task}`;
      const task = await local.call('GET', path).catch((): Reply => ({ Status: 'gone' }));
      if (task.Status === status) return;
      if (/Failed|Error/.test(task.Status)) throw new Error(`${task.Status}: ${task.Message}`);
      await Bun.sleep(20);
    }
  }

  async function settle({ reaches, taskReaches, who = 'service' }: Step, reply: Reply): Promise<void> {
    if (taskReaches) await untilTask(taskReaches);
    if (who === 'twin') names.twin = reply.ServiceName;
    if (reaches === 'gone') await local.gone(names[who]);
    else if (reaches) await local.until(names[who], reaches);
  }
});
