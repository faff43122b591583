/** The nouns of the EAS API, as read by people and tools (openapi.md section 3). Times are RFC 3339 in UTC. */

export interface Service {
  ServiceName: string;
  ServiceId?: string;
  ServiceUid?: string;
  Region: string;
  Status: string;
  Message?: string;
  Reason?: string;
  CreateTime?: string;
  UpdateTime?: string;
  AccessToken?: string;
  TotalInstance: number;
  RunningInstance: number;
  PendingInstance: number;
  Cpu?: number;
  Gpu?: number;
  /** MB */
  Memory?: number;
  Image?: string;
  Weight?: number;
  LatestVersion?: number;
  CurrentVersion?: number;
  InternetEndpoint?: string;
  IntranetEndpoint?: string;
  /** A JSON document, as text. */
  ServiceConfig?: string;
  /** A JSON document, as text; blue-green pairs stand here. */
  ExtraData?: string;
  Resource?: string;
  SafetyLock?: string;
  AutoscalerEnabled?: boolean;
  CronscalerEnabled?: boolean;
  Labels?: { LabelKey: string; LabelValue: string }[];
  RequestId?: string;
}

export interface Instance {
  InstanceName: string;
  InnerIP?: string;
  HostIP?: string;
  InstancePort?: number;
  StartTime?: string;
  StartAt?: string;
  RestartCount: number;
  Status: string;
  ReadyProcesses: number;
  TotalProcesses: number;
  Reason?: string;
  LastState?: Record<string, unknown>[];
  IsLatest?: boolean;
}

export interface Page {
  PageNumber: number;
  PageSize: number;
  TotalCount: number;
  RequestId: string;
}

export interface CreateServiceReply {
  RequestId: string;
  ServiceId: string;
  ServiceName: string;
  Region: string;
  Status: string;
  InternetEndpoint?: string;
  IntranetEndpoint?: string;
}

export interface Acknowledgement {
  RequestId: string;
  Message: string;
}

export interface ServiceVersion {
  /** The version number. */
  ImageId: number;
  BuildTime?: string;
  Message?: string;
  ServiceConfig?: string;
  ServiceRunnable?: string;
  ImageAvailable?: string;
}

export interface ServiceEvent {
  Time: string;
  Type: string;
  Reason: string;
  Resource?: string;
  Message: string;
}

/** One way in to a service (openapi.md, DescribeServiceEndpoints). */
export interface ServiceEndpoint {
  /** `default`, or the id of a gateway, NLB or Nacos. */
  BackendId?: string;
  EndpointType: string;
  PathType?: string;
  InternetEndpoints?: string[];
  IntranetEndpoints?: string[];
  Port?: number;
}

/** What a lock forbids: every change, deletion and stopping, or nothing. */
export type SafetyLock = 'all' | 'dangerous' | 'none';

export interface Region {
  RegionId: string;
  RegionName?: string;
}

/** A parsed JSON document of a service: what `create` and `modify -s` send. */
export type ServiceDocument = Record<string, unknown>;
