import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { tagTime } from '../clock.ts';

/** Letters Kubernetes uses in generated names: no vowels, nothing that reads like another. */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';
const LOWER = '0123456789abcdefghijklmnopqrstuvwxyz';

const pick = (letters: string, length: number) =>
  Array.from({ length }, () => letters[randomInt(letters.length)]).join('');

/** `eas-m-…` (openapi.md section 3). */
export const newServiceId = () => `eas-m-${pick(LOWER, 18)}`;

/** The form of a task's id is unknown; this one follows that of services. */
export const newBenchmarkId = () => `eas-b-${pick(LOWER, 18)}`;

/** Upper-case UUID (openapi.md section 0). */
export const newRequestId = () => randomUUID().toUpperCase();

/** Base64 of 40 lower-case hex digits: 56 characters (eascmd.md 2.4). */
export const newToken = () => Buffer.from(randomBytes(20).toString('hex')).toString('base64');

/** `<service with _ as ->-<hash of the template>-<5 letters>` (eascmd.md 2.9). */
export function newInstanceName(service: string, template: string): string {
  const digest = createHash('sha256').update(`${service} ${template}`).digest();
  const hash = [...digest.subarray(0, 10)].map((byte) => SAFE[byte % SAFE.length]).join('');
  return `${podName(service)}-${hash}-${pick(SAFE, 5)}`;
}

/** Name of an instance that waits for room, the same at every look. */
export function waitingName({ id, name }: { id: string; name: string }, index: number): string {
  const digest = createHash('sha256').update(`${id} ${index}`).digest();
  const letters = [...digest.subarray(0, 15)].map((byte) => SAFE[byte % SAFE.length]).join('');
  return `${podName(name)}-${letters.slice(0, 10)}-${letters.slice(10)}`;
}

/** Name as Kubernetes sees it. */
export const podName = (service: string) => service.replaceAll('_', '-');

/** `registry-vpc.<region>.aliyuncs.com/eas/<service>_<region>:v0.0.1-<time>` (eascmd.md 2.4); no such image is built. */
export const imageName = (service: string, region: string, at: Date) =>
  `registry-vpc.${region}.aliyuncs.com/eas/${service}_${region}:v0.0.1-${tagTime(at)}`;
