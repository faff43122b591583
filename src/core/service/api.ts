import type { BenchmarkApi } from '../benchmark/api.ts';
import type { ResourceApi } from '../resource/api.ts';
import type { ScalingApi } from '../scaling/api.ts';
import type {
  Acknowledgement,
  CreateServiceReply,
  Instance,
  Page,
  Region,
  SafetyLock,
  Service,
  ServiceDocument,
  ServiceEndpoint,
  ServiceEvent,
  ServiceVersion,
} from './model.ts';

/**
 * The EAS OpenAPI as commands see it (openapi.md section 4). Errors are EasError with the API's Code, HTTP status
 * and RequestId. The region is that of the target. Reads are retried on throttling, 5xx and dropped connections;
 * changes only where repeating is safe.
 */
export interface EasApi extends ResourceApi, ScalingApi, BenchmarkApi {
  createService(
    document: ServiceDocument,
    options?: { labels?: Record<string, string>; isAssociated?: boolean },
  ): Promise<CreateServiceReply>;
  updateService(
    name: string,
    document: ServiceDocument,
    updateType?: 'merge' | 'replace',
  ): Promise<Acknowledgement>;
  describeService(name: string): Promise<Service>;
  /** One page; `listAllServices` in cloud/paging.ts walks them. */
  listServices(query: {
    pageNumber: number;
    pageSize: number;
    filter?: string;
  }): Promise<Page & { Services: Service[] }>;
  deleteService(name: string): Promise<Acknowledgement>;
  startService(name: string): Promise<Acknowledgement>;
  stopService(name: string): Promise<Acknowledgement>;
  scaleService(name: string, instance: number): Promise<Acknowledgement>;
  /** `weight` percent of the pair's traffic go to this service. */
  releaseService(name: string, weight: number): Promise<Acknowledgement>;
  updateServiceVersion(name: string, version: number): Promise<Acknowledgement>;
  listServiceVersions(
    name: string,
    query: { pageNumber: number; pageSize: number },
  ): Promise<Page & { Versions: ServiceVersion[] }>;
  listServiceInstances(
    name: string,
    query: { pageNumber: number; pageSize: number },
  ): Promise<Page & { Instances: Instance[] }>;
  /** Deleting an instance is a restart by re-creation. */
  deleteServiceInstances(name: string, instances: string[]): Promise<Acknowledgement>;
  describeServiceLog(
    name: string,
    query: {
      instanceName?: string;
      pageNum?: number;
      pageSize?: number;
      /** `YYYY-MM-DD HH:MM:SS` in UTC, as `endTime` and those of events. */
      startTime?: string;
      endTime?: string;
      previous?: boolean;
      keyword?: string;
    },
  ): Promise<{
    RequestId: string;
    Logs: string[];
    PageNum: number;
    TotalCount: number;
    TotalPageNum: number;
  }>;
  describeServiceEvent(
    name: string,
    query?: {
      instanceName?: string;
      pageNum?: string;
      pageSize?: string;
      startTime?: string;
      endTime?: string;
      eventType?: string;
    },
  ): Promise<{ RequestId: string; Events: ServiceEvent[]; TotalCount: number }>;
  restartService(name: string): Promise<Acknowledgement>;
  describeServiceEndpoints(
    name: string,
  ): Promise<{ RequestId: string; AccessToken?: string; Endpoints: ServiceEndpoint[] }>;
  updateServiceLabel(name: string, labels: Record<string, string>): Promise<Acknowledgement>;
  deleteServiceLabel(name: string, keys: string[]): Promise<Acknowledgement>;
  updateServiceSafetyLock(name: string, lock: SafetyLock): Promise<Acknowledgement>;
  /** `overrides` is merged into the document of the service; it names the new one. */
  cloneService(name: string, overrides: ServiceDocument): Promise<CreateServiceReply>;
  describeRegions(): Promise<{ RequestId: string; Regions: Region[] }>;
  /** Releases sockets; a command that forgets this keeps the process alive. */
  close(): void;
}
