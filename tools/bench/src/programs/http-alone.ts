/** The store's HTTP interface with nothing behind it: a batch is parsed, checked, encoded and answered, and then forgotten. */
import { createCodec, createFixedCatalog, stockMoved, type StockMoved } from '@eda/contracts';
import { encodeEvent, newEventId } from '@eda/kafka';
import { createHealth, createLogger, createMetrics } from '@eda/service';

interface RecordRequest {
  readonly movements: readonly StockMoved[];
  readonly answer: (eventIds: readonly string[]) => string;
}

interface StoreHttp {
  readonly createStoreHttp: (parts: object) => Promise<{ listen(options: object): Promise<string> }>;
}

// By address and not by name: tools do not build on apps, they run them.
const { createStoreHttp } = (await import(
  new URL('../../../../apps/store/src/http.ts', import.meta.url).href
)) as StoreHttp;
const codec = createCodec(createFixedCatalog([stockMoved]));

const http = await createStoreHttp({
  logger: createLogger({ name: 'store', level: 'silent' }),
  health: createHealth(),
  metrics: createMetrics({ service: 'store' }),
  recorder: {
    record: ({ movements, answer }: RecordRequest) => {
      const ids = movements.map((movement) => {
        const id = newEventId();
        const data = { ...movement, unitPrice: movement.unitPrice ?? null };
        encodeEvent({
          codec,
          source: '/eda/store',
          contract: stockMoved,
          data,
          options: { id, subject: movement.sku },
        });
        return id;
      });
      return Promise.resolve(answer(ids));
    },
  },
});
await http.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
