import { verifyAcs3 } from './acs3.ts';
import { verifyRoa } from './roa.ts';
import { missingParameter, refuse, type SecretLookup, type SignedRequest, type Verdict } from './verdict.ts';

/**
 * Decides whether a request to the OpenAPI is signed by an AccessKey we know, in either form the SDKs use
 * (openapi.md section 2). A refusal carries the HTTP status, code and message of the cloud's gateway.
 * A security token is covered by the signature but not checked further: Local EAS issues none.
 */
export function verifyApiRequest(request: SignedRequest, lookupSecret: SecretLookup, nowMs: number): Verdict {
  const scheme = /^\S*/.exec(request.headers.get('authorization') ?? '')![0];
  switch (scheme) {
    case 'acs':
      return verifyRoa(request, lookupSecret, nowMs);
    case 'ACS3-HMAC-SHA256':
      return verifyAcs3(request, lookupSecret, nowMs);
    case '':
      return missingParameter('Authorization');
    default:
      return refuse(
        'IncompleteSignature',
        `Authorization scheme ${scheme} is not supported here: sign with "acs" (HMAC-SHA1) or ACS3-HMAC-SHA256.`,
      );
  }
}
