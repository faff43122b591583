/** What a command returns: the same result as documented text and as JSON. Views are made by one file per noun. */
export interface View {
  /** Lines without their ends, made one by one where there may be very many; a Uint8Array is written as it is. */
  text(): Iterable<string> | Uint8Array;
  json(): unknown;
  /** The text of `json()` in pieces, where it may be very long. */
  jsonText?(): Iterable<string | Uint8Array>;
}

/** `[RequestId]: …` stands before the result of the commands named in eascmd.md 2.1. */
export function requestIdLine(requestId: string | undefined): string[] {
  return requestId ? [`[RequestId]: ${requestId}`] : [];
}
