export { MODEL_BUCKET, type ObjectStore, objectStoreServeOptions, openObjectStore } from './store.ts';
