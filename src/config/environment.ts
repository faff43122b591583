/** Every environment variable the program reads for its configuration, and what it means. Read here and nowhere else. */
export const ENVIRONMENT = {
  accessKeyId: {
    names: ['EAS_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_ID'],
    meaning: 'AccessKey ID',
  },
  accessKeySecret: {
    names: ['EAS_ACCESS_KEY_SECRET', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
    meaning: 'AccessKey secret',
  },
  securityToken: {
    names: ['EAS_SECURITY_TOKEN', 'ALIBABA_CLOUD_SECURITY_TOKEN'],
    meaning: 'STS security token that belongs to the AccessKey',
  },
  ramRole: {
    names: ['ALIBABA_CLOUD_ECS_METADATA'],
    meaning: 'RAM role of the ECS instance this runs on, whose metadata service gives the keys',
  },
  imdsV1Disabled: {
    names: ['ALIBABA_CLOUD_IMDSV1_DISABLED'],
    meaning: '"true": the metadata service is only used with session tokens (IMDSv2)',
  },
  metadataUrl: {
    names: ['EAS_ECS_METADATA_URL'],
    meaning: 'address of the metadata service, for tests only (http://100.100.100.200)',
  },
  aliyunProfile: {
    names: ['ALIBABA_CLOUD_PROFILE'],
    meaning: 'profile of ~/.aliyun/config.json used instead of its current one',
  },
  endpoint: { names: ['EAS_ENDPOINT'], meaning: 'region id, host or URL of EAS, or "local"' },
  region: { names: ['EAS_REGION'], meaning: 'region id, for an endpoint that does not tell it' },
  ossEndpoint: {
    names: ['EAS_OSS_ENDPOINT'],
    meaning: 'host or URL of the object store that upload writes to',
  },
  ossBucket: { names: ['EAS_OSS_BUCKET'], meaning: 'bucket that upload writes to' },
  configFile: { names: ['EAS_CONFIG'], meaning: 'configuration file used instead of ~/.eas/config' },
  localDataDir: { names: ['EAS_LOCAL_DATA_DIR'], meaning: 'where Local EAS keeps its state (~/.eas/local)' },
  python: { names: ['EAS_PYTHON'], meaning: 'interpreter for Python processors that bring no ENV' },
  allspark: {
    names: ['EAS_ALLSPARK'],
    meaning: 'wheel of the official allspark that pysdk init installs (file or URL), or "compatible"',
  },
  httpProxy: { names: ['HTTP_PROXY', 'http_proxy'], meaning: 'proxy for http:// addresses' },
  httpsProxy: { names: ['HTTPS_PROXY', 'https_proxy'], meaning: 'proxy for https:// addresses' },
  noProxy: { names: ['NO_PROXY', 'no_proxy'], meaning: 'hosts reached without a proxy' },
  caFile: {
    names: ['EAS_CA_FILE', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'],
    meaning: 'PEM file with certificates to trust besides the built-in ones',
  },
} as const satisfies Record<string, { names: readonly string[]; meaning: string }>;

export type EnvironmentKey = keyof typeof ENVIRONMENT;

export interface EnvironmentValue {
  value: string;
  /** The variable that gave it. */
  name: string;
}

/** The first of the variables that is set and not empty. */
export function readVariable(
  env: Record<string, string | undefined>,
  key: EnvironmentKey,
): EnvironmentValue | undefined {
  for (const name of ENVIRONMENT[key].names) {
    const value = env[name]?.trim();
    if (value) return { value, name };
  }
  return undefined;
}
