// SPDX-License-Identifier: Apache-2.0
#include "stream/index_refresher.h"

#include "base/time.h"
#include "stream/index/watch_list.h"
#include "stream/lookup/lookup_task.h"

namespace socbridge::stream {
namespace {

constexpr std::int64_t kLongestPauseMs = 60000;

}  // namespace

// Writes new values to the lookup journal before the snapshot has them. No journal if the scope is
// below `least`.
ObservableRefresh::TakeFresh IndexRefresher::take_fresh(LookupScope least) {
  if (!core_.lookups || core_.setup.lookup < least) return {};
  return [this](const std::vector<ObservableRefresh::Fresh>& fresh) {
    std::string lines;
    for (const auto& one : fresh) {
      lines += LookupTask{one.data_type, one.data, one.observable}.json() + "\n";
    }
    return core_.lookups->append(lines);
  };
}

Status IndexRefresher::fill() {
  if (!core_.setup.watch_list.empty()) {
    return load_watch_list(core_.env, core_.setup.watch_list, core_.set);
  }
  const Status loaded = core_.set.load(core_.env, core_.path("values"));
  if (loaded.ok() && core_.set.size() > 0) return {};
  TheHiveLink link(core_.setup);
  // At the first start all values are new.
  ObservableRefresh refresh(link.client, core_.set, take_fresh(LookupScope::all));
  Backoff backoff(core_.setup.reader.shortest_pause_ms, kLongestPauseMs);
  for (int refusals = 0;;) {
    const Status read = refresh.full([this] { return core_.stopping(); });
    if (read.ok()) break;
    if (read.code() == ExitCode::usage) return read;
    if (read.code() == ExitCode::refused && ++refusals == kRefusals) return read;
    if (core_.wait_after(event::Outage::Of::thehive, read, backoff)) continue;
    if (core_.stopping()) return Status::error(ExitCode::interrupted, "stopped at the start");
    return read;
  }
  return core_.set.save(core_.env, core_.path("values"));
}

Status IndexRefresher::once(ObservableRefresh& refresh, bool whole) {
  const std::uint64_t before = core_.set.size();
  const auto stopped = [this] { return core_.stopping(); };
  const Status read = whole ? refresh.full(stopped) : refresh.recent(stopped);
  if (!read.ok()) return read;
  if (!whole && core_.set.size() == before) return {};
  return core_.set.save(core_.env, core_.path("values"));
}

void IndexRefresher::run() {
  TheHiveLink link(core_.setup);
  ObservableRefresh refresh(link.client, core_.set, take_fresh(LookupScope::fresh));
  // A snapshot may be old: only a full pass notices what was closed since then.
  std::int64_t next_whole = steady_now_ms() + core_.setup.rebuild_ms;
  Backoff backoff(core_.setup.reader.shortest_pause_ms, core_.setup.refresh_ms);
  while (!core_.stopping()) {
    const bool whole = steady_now_ms() >= next_whole;
    const Status done = once(refresh, whole);
    if (!done.ok() && !core_.wait_after(event::Outage::Of::refresh, done, backoff)) break;
    if (!done.ok()) continue;
    backoff.succeeded();
    core_.raise(core_.all_refreshed);
    if (whole) next_whole = steady_now_ms() + core_.setup.rebuild_ms;
    core_.pause(core_.setup.refresh_ms);
  }
  core_.raise(core_.all_refreshed);
}

}  // namespace socbridge::stream
