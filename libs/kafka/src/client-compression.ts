import kafkajs from 'kafkajs';
import { unzstd } from './compression.ts';

/** Lets kafkajs read batches that are compressed with zstd; it has a codec for gzip and none for snappy and lz4. */
export function readZstdWithKafkajs(): void {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
    decompress: unzstd,
    compress: () => Promise.reject(new Error('batches are compressed before kafkajs gets them')),
  });
}
