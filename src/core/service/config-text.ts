import type { ServiceDocument } from './model.ts';

/** The service JSON as user code finds it in SERVICE_CONFIG (serving.md d.1): all but the token and logins. */
export function serviceConfigText({
  token: _token,
  dockerAuth: _login,
  ...document
}: ServiceDocument): string {
  return JSON.stringify(document);
}
