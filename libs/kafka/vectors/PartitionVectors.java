import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;

/**
 * Prints partition-vectors.json: keys, their hash, and the partition that Kafka's own client gives them for each number of
 * partitions. The class path is Kafka's jars; README.md beside this file has the command.
 */
class PartitionVectors {
  private static final int[] PARTITIONS = {1, 2, 3, 6, 12, 48, 100, 1009};

  public static void main(String[] arguments) {
    String counts = IntStream.of(PARTITIONS).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    String vectors = keys().stream().map(PartitionVectors::vector).collect(Collectors.joining(",\n"));
    System.out.printf("{\"partitions\": [%s],%n\"vectors\": [%n%s%n]}%n", counts, vectors);
  }

  /** Texts as services use them, every length of tail, bytes with the sign bit set, keys of 1 KiB. */
  private static List<byte[]> keys() {
    List<byte[]> keys = new ArrayList<>();
    keys.add(new byte[0]);
    for (String text : List.of("Store_1", "Item_1", " ", "ä", "Zürich", "東京", "🛒", "a\u0000b", "e\u0301"))
      keys.add(text.getBytes(StandardCharsets.UTF_8));
    for (int number = 0; number < 300; number++)
      keys.add(("Store_" + number).getBytes(StandardCharsets.UTF_8));
    Random random = new Random(20_26);
    for (int length = 1; length <= 70; length++)
      for (int repeat = 0; repeat < 10; repeat++) keys.add(bytes(random, length));
    for (int length = 1017; length <= 1032; length++) keys.add(bytes(random, length));
    for (int repeat = 0; repeat < 10; repeat++) keys.add(bytes(random, 1024));
    return keys;
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String vector(byte[] key) {
    int hash = Utils.murmur2(key);
    String partitions =
        IntStream.of(PARTITIONS)
            .mapToObj(count -> Integer.toString(Utils.toPositive(hash) % count))
            .collect(Collectors.joining(", "));
    return "[\"%s\", %d, [%s]]".formatted(Base64.getEncoder().encodeToString(key), hash, partitions);
  }
}
