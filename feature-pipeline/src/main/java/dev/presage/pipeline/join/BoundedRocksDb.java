package dev.presage.pipeline.join;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the native memory of all state stores in the process together: blocks, indexes and write buffers share one
 * cache. Made by Kafka Streams, by name; public for that alone.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
    private static final long CACHE_BYTES = 48L << 20;
    private static final long WRITE_BUFFER_BYTES = 24L << 20;
    private static final long MEMTABLE_BYTES = 2L << 20;

    /** Lives as long as the process: stores come and go with rebalances. */
    private static final class Shared {
        static final Cache CACHE;
        static final WriteBufferManager WRITE_BUFFERS;

        static {
            RocksDB.loadLibrary();
            CACHE = new LRUCache(CACHE_BYTES);
            WRITE_BUFFERS = new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);
        }

        private Shared() {}
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(Shared.CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        options.setWriteBufferManager(Shared.WRITE_BUFFERS);
        options.setWriteBufferSize(MEMTABLE_BYTES);
        options.setTableFormatConfig(table);
    }

    @Override
    public void close(String storeName, Options options) {
        // What is shared stays.
    }
}
