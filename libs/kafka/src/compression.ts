import { promisify } from 'node:util';
import { constants, gzip, zstdCompress, zstdDecompress } from 'node:zlib';
import type { BatchCompression } from './record-batch.ts';

/** How producers compress batches; whatever a producer chose, every consumer of this library reads it. */
export const COMPRESSIONS = ['none', 'gzip', 'zstd'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** The numbers of the codecs in the protocol. */
const ZSTD_ID = 4;
const GZIP_ID = 1;
/** What each level gives for what it costs: docs/decisions/0025. */
const GZIP_LEVEL = 1;
const ZSTD_LEVEL = 1;

const gzipAsync = promisify(gzip);
const zstdAsync = promisify(zstdCompress);

/** Compresses in Node's thread pool, away from the event loop. */
const CODECS: Readonly<Record<Compression, BatchCompression | undefined>> = {
  none: undefined,
  gzip: { id: GZIP_ID, compress: (records) => gzipAsync(records, { level: GZIP_LEVEL }) },
  zstd: {
    id: ZSTD_ID,
    compress: (records) =>
      zstdAsync(records, { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } }),
  },
};

/** The codec of a compression; undefined for none. */
export function batchCompression(compression: Compression): BatchCompression | undefined {
  return CODECS[compression];
}

/** The bytes that zstd was given, by whichever client. */
export const unzstd: (bytes: Buffer) => Promise<Buffer> = promisify(zstdDecompress);
