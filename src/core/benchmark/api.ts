import type { Acknowledgement, Page } from '../service/model.ts';
import type { RawReport } from './report.ts';

/** A benchmark task as lists have it (openapi.md section 6). */
export interface BenchmarkTask {
  TaskName: string;
  TaskId?: string;
  ServiceName?: string;
  Region?: string;
  Status: string;
  Message?: string;
  AvailableAgent?: number;
  CreateTime?: string;
  UpdateTime?: string;
}

export interface BenchmarkTaskDetail extends BenchmarkTask {
  RequestId: string;
  DesiredAgent?: number;
  Reason?: string;
  Endpoint?: string;
  Token?: string;
  /** The stored document, as text or as an object. `bench desc` shows it; the SDK's model has no such field. */
  Config?: string | Record<string, unknown>;
}

export interface BenchmarkReport {
  RequestId: string;
  ReportUrl?: string;
  Data?: RawReport;
}

/** A benchmark JSON, or the part of one that UpdateBenchmarkTask takes (eascmd.md 3.6). */
export type BenchmarkDocument = Record<string, unknown>;

/** openapi.md section 6. */
export interface BenchmarkApi {
  createBenchmarkTask(
    document: BenchmarkDocument,
  ): Promise<Acknowledgement & { TaskName: string; Region?: string }>;
  listBenchmarkTasks(query: {
    pageNumber: number;
    pageSize: number;
    filter?: string;
  }): Promise<Page & { Tasks: BenchmarkTask[] }>;
  describeBenchmarkTask(task: string): Promise<BenchmarkTaskDetail>;
  updateBenchmarkTask(task: string, change: BenchmarkDocument): Promise<Acknowledgement>;
  startBenchmarkTask(task: string): Promise<Acknowledgement>;
  stopBenchmarkTask(task: string): Promise<Acknowledgement>;
  deleteBenchmarkTask(task: string): Promise<Acknowledgement>;
  describeBenchmarkTaskReport(task: string, type: 'RAW' | 'Report'): Promise<BenchmarkReport>;
}
