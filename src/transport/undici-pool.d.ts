// Importing undici's index takes 40 ms longer than importing its pool alone, but the package
// declares types for the index only.
declare module 'undici/lib/dispatcher/pool.js' {
  import type { Pool as UndiciPool } from 'undici';

  const Pool: typeof UndiciPool;
  export default Pool;
}
