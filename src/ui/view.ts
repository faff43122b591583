/** What a command returns: the same result as documented text and as JSON. Views are made by one file per noun. */
export interface View {
  /** Lines without their ends; a Uint8Array is written as it is. */
  text(): string[] | Uint8Array;
  json(): unknown;
}

/** `[RequestId]: …` stands before the result of the commands named in eascmd.md 2.1. */
export function requestIdLine(requestId: string | undefined): string[] {
  return requestId ? [`[RequestId]: ${requestId}`] : [];
}
