import type { Acknowledgement } from '../service/model.ts';

/** Body of Create- and UpdateServiceAutoScaler; lower camel case, unlike the reply (openapi.md section 5). */
export interface AutoscalerSettings {
  min: number;
  max: number;
  scaleStrategies: ScaleStrategy[];
  behavior?: {
    scaleUp?: { stabilizationWindowSeconds?: number };
    scaleDown?: { stabilizationWindowSeconds?: number };
    onZero?: { scaleDownGracePeriodSeconds?: number; scaleUpActivationReplicas?: number };
  };
}

export interface ScaleStrategy {
  metricName: string;
  threshold: number;
  /** Service that is measured; the scaled one when absent. */
  service?: string;
}

/** Metric names come back in upper case. */
export interface Autoscaler {
  RequestId: string;
  ServiceName: string;
  MinReplica: number;
  MaxReplica: number;
  ScaleStrategies?: ScaleStrategy[];
  Behavior?: AutoscalerSettings['behavior'];
  CurrentMetrics?: { metricName: string; service?: string; value: number }[];
}

/** Body of Create- and UpdateServiceCronScaler. */
export interface CronscalerSettings {
  ExcludeDates?: string[];
  ScaleJobs: { Name?: string; Schedule: string; TargetSize: number; TimeZone?: string }[];
}

export interface Cronscaler {
  RequestId: string;
  ServiceName: string;
  ExcludeDates?: string[];
  ScaleJobs: {
    Name: string;
    Schedule: string;
    TargetSize: number;
    State?: string;
    Message?: string;
    CreateTime?: string;
    LastProbeTime?: string;
  }[];
}

/** openapi.md section 5. */
export interface ScalingApi {
  createAutoscaler(service: string, settings: AutoscalerSettings): Promise<Acknowledgement>;
  updateAutoscaler(service: string, settings: AutoscalerSettings): Promise<Acknowledgement>;
  describeAutoscaler(service: string): Promise<Autoscaler>;
  deleteAutoscaler(service: string): Promise<Acknowledgement>;
  createCronscaler(service: string, settings: CronscalerSettings): Promise<Acknowledgement>;
  updateCronscaler(service: string, settings: CronscalerSettings): Promise<Acknowledgement>;
  describeCronscaler(service: string): Promise<Cronscaler>;
  deleteCronscaler(service: string): Promise<Acknowledgement>;
}
