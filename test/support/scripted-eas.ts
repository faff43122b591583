import { runCli } from '../../src/cli/run.ts';
import type { Clients } from '../../src/commands/clients.ts';
import type { Host } from '../../src/core/host.ts';
import type { EasApi } from '../../src/core/service/api.ts';
import type { Service } from '../../src/core/service/model.ts';
import { type FakeIo, type FakeIoOptions, fakeIo } from './fake-io.ts';

export function hostOf(argv: string[], more: Partial<Host> = {}): Host {
  return {
    argv,
    env: {},
    cwd: '/',
    platform: process.platform,
    homeDir: '/nowhere',
    selfCommand: [],
    ...more,
  };
}

/** An API that answers what the test scripted; every other call is a failure of the test. */
export function scriptedApi(script: Partial<EasApi>): EasApi {
  return new Proxy({ close() {}, ...script } as EasApi, {
    get(api, name) {
      const known = Reflect.get(api, name);
      if (known !== undefined || typeof name === 'symbol' || name === 'then') return known;
      return () => Promise.reject(new Error(`the test did not expect a call of ${name}`));
    },
  });
}

/** Runs the program against a scripted API in the region cn-shanghai. */
export async function runScripted(
  argv: string[],
  script: Partial<EasApi>,
  options: FakeIoOptions & { host?: Partial<Host>; io?: FakeIo; clients?: Partial<Clients> } = {},
) {
  const io = options.io ?? fakeIo(options);
  const api = scriptedApi(script);
  const target = {
    kind: 'cloud' as const,
    apiUrl: 'https://pai-eas.cn-shanghai.aliyuncs.com',
    region: 'cn-shanghai',
    objectStoreUrl: 'http://oss-cn-shanghai.aliyuncs.com',
  };
  const unexpected = () => Promise.reject(new Error('the test did not expect this client'));
  const code = await runCli(hostOf(argv, options.host), io, ({ flags }) => ({
    flags,
    settings: unexpected,
    target: async () => target,
    api: async () => api,
    objectStore: unexpected,
    uid: unexpected,
    predictor: unexpected,
    close() {},
    ...options.clients,
  }));
  return { code, io, out: io.out(), err: io.err() };
}

export function serviceOf(Status: string, more: Partial<Service> = {}): Service {
  const isRunning = Status === 'Running';
  return {
    ServiceName: 'savedmodel_example',
    Region: 'cn-shanghai',
    Status,
    TotalInstance: 1,
    RunningInstance: isRunning ? 1 : 0,
    PendingInstance: isRunning ? 0 : 1,
    CurrentVersion: 1,
    LatestVersion: 1,
    ...more,
  };
}

/** Answers the looks one after the other; the last one stays. An undefined look means the service is gone. */
export function looks<T>(...sequence: (T | Error)[]): () => Promise<T> {
  let at = 0;
  return async () => {
    const look = sequence[Math.min(at++, sequence.length - 1)]!;
    if (look instanceof Error) throw look;
    return look;
  };
}
