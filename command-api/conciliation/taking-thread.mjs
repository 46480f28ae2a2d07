import { register } from 'tsx/esm/api';

register();
await import('./taking-thread.ts');
