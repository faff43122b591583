import type { BenchmarkApi } from '../../core/benchmark/api.ts';
import type { ResourceApi } from '../../core/resource/api.ts';
import type { ScalingApi } from '../../core/scaling/api.ts';
import type { EasApi } from '../../core/service/api.ts';
import { classifyChange } from '../../core/service/document.ts';
import type { Credentials, Target } from '../../core/target.ts';
import { associatedQuery } from './associated.ts';
import { benchmarkOperations } from './benchmarks.ts';
import { ApiCaller, type Call, type CallOptions } from './caller.ts';
import { deleteOnce } from './deletion.ts';
import { encode } from './path.ts';
import { resourceOperations } from './resources.ts';
import { scalingOperations } from './scaling.ts';

export type { CallOptions } from './caller.ts';

/** The EAS OpenAPI 2021-07-01 over pop-core (openapi.md section 4). Nothing is sent before the first call. */
export function createEasApi(target: Target, credentials: Credentials, options: CallOptions = {}): EasApi {
  const caller = new ApiCaller(target, credentials, options);
  const { region } = target;
  return Object.assign(
    new ServiceOperations(caller, region),
    resourceOperations(caller, region),
    scalingOperations(caller, region),
    benchmarkOperations(caller, region),
  );
}

type Query = Call['query'];

class ServiceOperations implements Omit<EasApi, keyof ResourceApi | keyof ScalingApi | keyof BenchmarkApi> {
  constructor(
    private readonly caller: ApiCaller,
    private readonly region: string,
  ) {}

  createService: EasApi['createService'] = (document, options = {}) =>
    this.send({
      action: 'CreateService',
      method: 'POST',
      path: '/api/v2/services',
      query: {
        Labels: options.labels && JSON.stringify(options.labels),
        ...associatedQuery(options.isAssociated),
      },
      body: JSON.stringify(document),
      isRepeatable: false,
    });

  updateService: EasApi['updateService'] = (name, document, updateType) =>
    this.send({
      action: 'UpdateService',
      method: 'PUT',
      path: this.path(name),
      query: { UpdateType: updateType },
      body: JSON.stringify(document),
      // Model or processor information makes a new version each time it arrives (eascmd.md 1.3).
      isRepeatable: classifyChange(document) !== 'version',
    });

  describeService: EasApi['describeService'] = (name) => this.get('DescribeService', this.path(name));

  listServices: EasApi['listServices'] = ({ pageNumber, pageSize, filter }) =>
    this.get('ListServices', '/api/v2/services', {
      Filter: filter,
      PageNumber: pageNumber,
      PageSize: pageSize,
    });

  deleteService: EasApi['deleteService'] = (name) =>
    deleteOnce(
      this.caller,
      { action: 'DeleteService', path: this.path(name) },
      {
        isGone: ({ code }) => code === 'InvalidService.NotFound',
        message: `Service [${name}] in region [${this.region}] is terminating`,
      },
    );

  startService: EasApi['startService'] = (name) => this.put('StartService', this.path(name, 'start'));

  stopService: EasApi['stopService'] = (name) => this.put('StopService', this.path(name, 'stop'));

  scaleService: EasApi['scaleService'] = (name, instance) =>
    this.put('ScaleService', this.path(name, 'scale'), { Instance: instance });

  releaseService: EasApi['releaseService'] = (name, weight) =>
    this.put('ReleaseService', this.path(name, 'release'), { Weight: weight });

  updateServiceVersion: EasApi['updateServiceVersion'] = (name, version) =>
    this.put('UpdateServiceVersion', this.path(name, 'version'), { Version: version });

  listServiceVersions: EasApi['listServiceVersions'] = (name, query) =>
    this.get('ListServiceVersions', this.path(name, 'versions'), page(query));

  listServiceInstances: EasApi['listServiceInstances'] = (name, query) =>
    this.get('ListServiceInstances', this.path(name, 'instances'), page(query));

  deleteServiceInstances: EasApi['deleteServiceInstances'] = (name, instances) =>
    this.send({
      action: 'DeleteServiceInstances',
      method: 'DELETE',
      path: this.path(name, 'instances'),
      query: { InstanceList: instances.join(',') },
      // Sent twice it names instances that are gone, which is an error.
      isRepeatable: false,
    });

  describeServiceLog: EasApi['describeServiceLog'] = (name, query) =>
    this.get('DescribeServiceLog', this.path(name, 'logs'), {
      InstanceName: query.instanceName,
      PageNum: query.pageNum,
      PageSize: query.pageSize,
      Previous: query.previous,
      StartTime: query.startTime,
      EndTime: query.endTime,
      Keyword: query.keyword,
    });

  describeServiceEvent: EasApi['describeServiceEvent'] = (name, query = {}) =>
    this.get('DescribeServiceEvent', this.path(name, 'events'), {
      InstanceName: query.instanceName,
      PageNum: query.pageNum,
      PageSize: query.pageSize,
      StartTime: query.startTime,
      EndTime: query.endTime,
      EventType: query.eventType,
    });

  // Sent twice it would replace the instances twice.
  restartService: EasApi['restartService'] = (name) =>
    this.send({
      action: 'RestartService',
      method: 'PUT',
      path: this.path(name, 'restart'),
      isRepeatable: false,
    });

  describeServiceEndpoints: EasApi['describeServiceEndpoints'] = (name) =>
    this.get('DescribeServiceEndpoints', this.path(name, 'endpoints'));

  updateServiceLabel: EasApi['updateServiceLabel'] = (name, labels) =>
    this.put('UpdateServiceLabel', this.path(name, 'label'), { Labels: labels });

  deleteServiceLabel: EasApi['deleteServiceLabel'] = (name, keys) =>
    this.send({
      action: 'DeleteServiceLabel',
      method: 'DELETE',
      path: this.path(name, 'label'),
      query: { LabelKeys: JSON.stringify(keys) },
      isRepeatable: true,
    });

  updateServiceSafetyLock: EasApi['updateServiceSafetyLock'] = (name, lock) =>
    this.put('UpdateServiceSafetyLock', this.path(name, 'lock'), { Lock: lock });

  cloneService: EasApi['cloneService'] = (name, overrides) =>
    this.send({
      action: 'CloneService',
      method: 'POST',
      path: this.path(name, 'clone'),
      body: JSON.stringify(overrides),
      isRepeatable: false,
    });

  describeRegions: EasApi['describeRegions'] = () => this.get('DescribeRegions', '/api/v2/regions');

  close(): void {
    this.caller.close();
  }

  private path(name: string, rest?: string): string {
    const base = `/api/v2/services/${encode(this.region)}/${encode(name)}`;
    return rest ? `${base}/${rest}` : base;
  }

  private get<T>(action: string, path: string, query?: Query): Promise<T> {
    return this.send({ action, method: 'GET', path, query, isRepeatable: true });
  }

  private put<T>(action: string, path: string, body?: object): Promise<T> {
    return this.send({ action, method: 'PUT', path, body: body && JSON.stringify(body), isRepeatable: true });
  }

  /** Field names are the API's own (core/service/model.ts), so an answer is taken as it comes. */
  private async send<T>(call: Call): Promise<T> {
    return (await this.caller.call(call)) as T;
  }
}

const page = ({ pageNumber, pageSize }: { pageNumber: number; pageSize: number }): Query => ({
  PageNumber: pageNumber,
  PageSize: pageSize,
});
