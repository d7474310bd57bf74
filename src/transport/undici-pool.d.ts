// undici's index costs 40 ms more than its pool alone, and the package declares types for the index only.
declare module 'undici/lib/dispatcher/pool.js' {
  import type { Pool as UndiciPool } from 'undici';

  const Pool: typeof UndiciPool;
  export default Pool;
}
