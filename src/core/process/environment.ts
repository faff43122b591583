/** Environment for processes that run user code: the user's own, without what belongs to the client of EAS. */
export function childEnvironment(env: Record<string, string | undefined>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || isSecretName(name)) continue;
    kept[name] = value;
  }
  return kept;
}

function isSecretName(name: string): boolean {
  return /^(ALIBABA_CLOUD|ALICLOUD|ALIYUN|EAS|OSS)_.*(KEY|SECRET|TOKEN)/i.test(name);
}
