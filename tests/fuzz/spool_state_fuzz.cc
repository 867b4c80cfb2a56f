// SPDX-License-Identifier: Apache-2.0
// Bytes as the small state files of a spool. The first byte selects the file. Whatever the content:
// no crash, nothing unprintable, and no process is blocked from sending longer than by a valid
// state file.
#include <stdlib.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>

#include "base/text.h"
#include "delivery/backlog.h"
#include "delivery/circuit_breaker.h"
#include "delivery/server_version.h"
#include "grouping/bucket_counter.h"
#include "hash/digest.h"
#include "reconcile/cursor.h"
#include "spool/in_flight.h"
#include "spool/spool.h"

namespace {

using namespace socbridge;

constexpr const char* kUrl = "http://thehive.example";
constexpr const char* kId = "1741938001037-0123456789abcdef";
constexpr UnixMillis kNow = 1741938001037;
constexpr std::int64_t kLongestMs = 3 * 3600000;

void demand(bool holds) {
  if (!holds) std::abort();
}

std::string fresh_folder() {
  std::string name = "/tmp/socbridge-fuzz-XXXXXX";
  demand(mkdtemp(name.data()) != nullptr);
  return name;
}

struct Fixture {
  Fixture() : spool(spool::Spool::open(Env::real(), folder + "/spool").value()) {
    settings.endpoint = {kUrl, Secret("k3y-0123"), ""};
    settings.spool_dir = spool.dir();
    static_cast<void>(Env::real().mkdir(spool.state_dir() + "/buckets", 0700));
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;
  ~Fixture() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  std::string folder = fresh_folder();
  spool::Spool spool;
  integration::Settings settings;
};

void put(const std::string& path, std::string_view bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  demand(file != nullptr);
  std::fwrite(bytes.data(), 1, bytes.size(), file);
  std::fclose(file);
}

void as_destination(Fixture& fixture, std::string_view bytes) {
  const std::string path = fixture.spool.state_dir() + "/destination-" +
                           sha256_hex(std::string(kUrl) + "\n").substr(0, 12);
  put(path, bytes);
  delivery::CircuitBreaker breaker(Env::real(), fixture.spool.dir(), fixture.settings);
  const delivery::CircuitBreaker::View seen = breaker.view();
  demand(is_valid_utf8(seen.message) && printable(seen.message, 100000) == seen.message);
  const auto permit = breaker.try_acquire(kNow);
  demand(permit.result != delivery::CircuitBreaker::Permit::Result::refused ||
         permit.until_ms - kNow <= kLongestMs);
  delivery::Outcome outcome;
  outcome.kind =
      bytes.size() % 2 == 0 ? delivery::Outcome::Kind::failed : delivery::Outcome::Kind::created;
  static_cast<void>(breaker.report(outcome, kNow));
  if (bytes.size() % 2 != 0) demand(breaker.view().state == "closed");
}

void as_version(Fixture& fixture, std::string_view bytes) {
  const std::string dir = fixture.spool.state_dir();
  put(dir + "/thehive-" + sha256_hex(kUrl).substr(0, 12), bytes);
  static_cast<void>(delivery::ServerVersionCache(Env::real(), dir, kUrl).recall(kNow));
}

void as_due_list(Fixture& fixture, std::string_view bytes) {
  put(fixture.spool.state_dir() + "/due", bytes);
  delivery::Backlog backlog(Env::real(), fixture.spool, fixture.settings.retry);
  for (int i = 0; i < 8; ++i) demand(!backlog.next(kNow).has_value());  // the queue is empty
}

void as_bucket_counter(Fixture& fixture, std::string_view bytes) {
  const std::string dir = fixture.spool.state_dir();
  put(dir + "/buckets/w2t-group-1", bytes);
  std::uint64_t count = 0;
  {
    auto counter = grouping::BucketCounter::open(Env::real(), dir, "w2t-group-1");
    if (!counter.ok()) return;
    if (!counter->add({"w2t-0123", kNow, 7}).ok()) return;
    count = counter->view().count();
  }
  auto again = grouping::BucketCounter::open(Env::real(), dir, "w2t-group-1");
  demand(again.ok() && again->view().count() == count);
  const auto place = again->add({"w2t-0123", kNow, 7});
  demand(place.ok() && again->view().count() == count);  // counted once
}

void as_usage(Fixture& fixture, std::string_view bytes) {
  put(fixture.spool.state_dir() + "/usage", bytes);
  spool::Bounds bounds;
  bounds.max_entries = 100;
  bounds.max_bytes = 1 << 20;
  static_cast<void>(fixture.spool.admit(1000, bounds, kNow));
}

void as_reason(Fixture& fixture, std::string_view bytes) {
  const std::string path = fixture.spool.entry_path(spool::State::dead, kId);
  put(path.substr(0, path.rfind('.')) + ".reason", bytes);
  static_cast<void>(fixture.spool.reason(spool::State::dead, kId));
}

void as_cursor(Fixture& fixture, std::string_view bytes) {
  put(fixture.folder + "/cursor", bytes);
  auto cursor = reconcile::Cursor::open(Env::real(), fixture.folder + "/cursor", "alerts.json");
  if (!cursor.ok()) demand(is_valid_utf8(cursor.status().line()));
}

void as_table(Fixture& fixture, std::string_view bytes) {
  put(fixture.spool.dir() + "/in-flight", bytes);
  const auto guard = spool::InFlight::take(Env::real(), fixture.spool.dir(), "t;s;1");
  demand(guard.ok() && guard->has_value());
  demand((*guard)->unsettled_until(kNow, kLongestMs) <= kNow + kLongestMs);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Fixture fixture;
  static constexpr void (*kReaders[])(Fixture&, std::string_view) = {
      as_destination, as_version, as_due_list, as_bucket_counter,
      as_usage,       as_reason,  as_cursor,   as_table};
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  kReaders[data[0] % std::size(kReaders)](fixture, bytes);
  return 0;
}
