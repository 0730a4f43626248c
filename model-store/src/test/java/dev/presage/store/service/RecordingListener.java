package dev.presage.store.service;

import dev.presage.pipeline.proto.AliasMoved;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was told. */
final class RecordingListener implements AliasListener {
    final List<AliasMoved> heard = new CopyOnWriteArrayList<>();

    @Override
    public void onAliases(String pool, List<AliasMoved> aliases) {
        heard.addAll(aliases);
    }
}
