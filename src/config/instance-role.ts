import http from 'node:http';
import { credentialsError } from '../core/errors.ts';
import type { Credentials } from '../core/target.ts';

const METADATA_URL = 'http://100.100.100.200';
const CREDENTIALS_PATH = '/latest/meta-data/ram/security-credentials/';
const TOKEN_TTL_SECONDS = 21_600;
const TIMEOUT_MS = 5_000;
/** Keys are renewed this long before they expire, so that no request is signed with dying ones. */
const RENEW_BEFORE_MS = 5 * 60_000;
const MAX_REPLY_BYTES = 64 * 1024;

export interface InstanceRoleOptions {
  /** Empty: the role that the instance has. */
  roleName: string;
  /** Where the role was named, for people. */
  from: string;
  /** Other address of the metadata service, for tests. */
  metadataUrl?: string;
  isV1Disabled?: boolean;
  now?: () => number;
}

interface Issued {
  credentials: Credentials;
  expiresMs: number;
}

interface Answer {
  status: number;
  body: string;
}

/**
 * STS credentials of the RAM role of the ECS instance that this runs on, from its metadata service: by session token
 * (IMDSv2), else without (v1) unless that is disabled. They are kept until shortly before they expire.
 */
export class InstanceRole {
  private issued: Issued | undefined;
  private pending: Promise<Issued> | undefined;

  constructor(private readonly options: InstanceRoleOptions) {}

  /** Credentials with `renew`, which answers those of this moment. EasError (exit 4) when there are none. */
  async credentials(): Promise<Credentials> {
    const now = (this.options.now ?? Date.now)();
    if (!this.issued || this.issued.expiresMs - now < RENEW_BEFORE_MS) await this.renew(now);
    return { ...this.issued!.credentials, renew: () => this.credentials() };
  }

  private async renew(nowMs: number): Promise<void> {
    this.pending ??= this.ask().finally(() => {
      this.pending = undefined;
    });
    try {
      this.issued = await this.pending;
    } catch (error) {
      // A hiccup of the metadata service is no reason to stop while the old ones still work.
      if (!this.issued || this.issued.expiresMs <= nowMs) throw error;
    }
  }

  private async ask(): Promise<Issued> {
    const headers = await this.sessionHeaders();
    const role = this.options.roleName || (await this.roleOfInstance(headers));
    const answer = await this.get(CREDENTIALS_PATH + encodeURIComponent(role), headers);
    if (answer.status === 404)
      throw this.refuse(
        `this instance has no RAM role "${role}"`,
        'Check the name, and attach the role to the instance.',
      );
    return this.read(answer, role);
  }

  private async sessionHeaders(): Promise<Record<string, string>> {
    const lifetime = { 'x-aliyun-ecs-metadata-token-ttl-seconds': String(TOKEN_TTL_SECONDS) };
    const answer = await this.exchange('PUT', '/latest/api/token', lifetime);
    if (answer.status === 200 && answer.body) return { 'x-aliyun-ecs-metadata-token': answer.body.trim() };
    if (this.options.isV1Disabled)
      throw this.refuse(
        `the metadata service gave no session token (status ${answer.status}), and ALIBABA_CLOUD_IMDSV1_DISABLED forbids to go on without`,
      );
    return {};
  }

  private async roleOfInstance(headers: Record<string, string>): Promise<string> {
    const answer = await this.get(CREDENTIALS_PATH, headers);
    const [role = ''] = answer.status === 200 ? answer.body.trim().split('\n') : [];
    if (!role)
      throw this.refuse(
        'this instance has no RAM role',
        'Attach one in the ECS console, or use an AccessKey.',
      );
    return role.trim();
  }

  private read({ status, body }: Answer, role: string): Issued {
    let reply: Record<string, unknown> = {};
    try {
      reply = JSON.parse(body);
    } catch {
      // Told below with everything else that is no answer.
    }
    const { AccessKeyId, AccessKeySecret, SecurityToken, Expiration, Code } = reply ?? {};
    const expiresMs = Date.parse(String(Expiration));
    const texts = [AccessKeyId, AccessKeySecret, SecurityToken];
    if (status !== 200 || Code !== 'Success' || texts.some((text) => !text) || Number.isNaN(expiresMs))
      throw this.refuse(
        `the metadata service gave no keys for the RAM role "${role}": status ${status}, Code ${String(Code ?? 'missing')}`,
      );
    return {
      credentials: {
        accessKeyId: String(AccessKeyId),
        accessKeySecret: String(AccessKeySecret),
        securityToken: String(SecurityToken),
      },
      expiresMs,
    };
  }

  private async get(path: string, headers: Record<string, string>): Promise<Answer> {
    return this.exchange('GET', path, headers);
  }

  /** Never through a proxy: the address is link-local. */
  private exchange(method: string, path: string, headers: Record<string, string>): Promise<Answer> {
    const base = this.options.metadataUrl ?? METADATA_URL;
    return new Promise((resolve, reject) => {
      const fail = (what: string) =>
        reject(
          this.refuse(
            `the metadata service ${base} ${what}`,
            'A RAM role works on an ECS instance only; elsewhere use an AccessKey.',
          ),
        );
      const request = http.request(`${base}${path}`, { method, headers, timeout: TIMEOUT_MS, agent: false });
      request.on('timeout', () => {
        fail('does not answer');
        request.destroy();
      });
      request.on('error', (error: NodeJS.ErrnoException) =>
        fail(`cannot be reached: ${error.code ?? error.message}`),
      );
      request.on('response', (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('error', () => fail('broke off its answer'));
        response.on('data', (chunk: string) => {
          body += chunk;
          if (body.length > MAX_REPLY_BYTES) request.destroy(new Error('an answer without end'));
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      request.end();
    });
  }

  private refuse(message: string, hint?: string) {
    return credentialsError(
      'NoRoleCredentials',
      `${message} (asked because of ${this.options.from})`,
      hint ?? 'Try again, or use an AccessKey.',
    );
  }
}
