export async function listRows(): Promise<void> {}
