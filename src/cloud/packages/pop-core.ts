/** pop-core, to be imported on demand through this file, for the reason told in ali-oss.ts. */
export { default } from '@alicloud/pop-core';
