export interface SignedRequest {
  method: string;
  /** Raw request target as sent, path[?query]; `requestTarget` gets it from a request of Bun.serve. */
  target: string;
  headers: Headers;
  body: Uint8Array;
}

export type Refusal = { ok: false; status: number; code: string; message: string };
export type Verdict = { ok: true; accessKeyId: string } | Refusal;

export type SecretLookup = (accessKeyId: string) => string | undefined;

/** A refusal with the gateway's own code (openapi.md section 1, generic gateway codes). */
export function refuse(code: string, message: string, status = 400): Refusal {
  return { ok: false, status, code, message };
}

export function missingParameter(name: string): Refusal {
  return refuse(
    'MissingParameter',
    `The input parameter "${name}" that is mandatory for processing this request is not supplied.`,
  );
}

export function unknownAccessKey(): Refusal {
  return refuse('InvalidAccessKeyId.NotFound', 'Specified access key is not found.', 404);
}

export function signatureMismatch(): Refusal {
  return refuse('SignatureDoesNotMatch', 'Specified signature is not matched with our calculation.');
}
