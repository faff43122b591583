/** `Data` of DescribeBenchmarkTaskReport with ReportType RAW (openapi.md section 6); lists have one entry a second. */
export interface RawReport {
  /** Seconds since the epoch (a guess: the reference gives the name only). */
  TimestampList: number[];
  QPSList: number[];
  RTList: ResponseTimes[];
  /** Bytes in each second. */
  TrafficList: { Send: number; Receive: number }[];
  /** Requests by HTTP status; 512 stands for no answer in time or none at all. */
  StatusCode: Record<string, number>;
  /** Requests that have ended. */
  Count: number;
  /** Seconds that the test has taken. */
  Total: number;
  MinRT: number;
  AvgRT: number;
  MaxRT: number;
  QPS: number;
  /** Bytes. */
  TotalSend: number;
  TotalReceive: number;
  RTDistribution: { Latency: number; Percentage: number }[];
  RTHistogram: { Count: number; Mark: number; Frequency: number }[];
}

/** Milliseconds. */
export interface ResponseTimes {
  AVG: number;
  TP100: number;
  TP99: number;
  TP90: number;
  TP50: number;
  TP10: number;
}

/** What the vendor's tool counts a request as that was not answered in time (its page on stress tests). */
export const NO_ANSWER = 512;
