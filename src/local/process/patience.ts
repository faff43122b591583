/** True when one of the promises came within `ms`; leaves no timer behind. */
export async function patience(promises: Promise<unknown>[], ms: number): Promise<boolean> {
  let timer: Timer | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([...promises.map((promise) => promise.then(() => true as const)), late]);
  } finally {
    clearTimeout(timer);
  }
}
